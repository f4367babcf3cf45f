"""Who speaks: the person, organisation or document that the words before "said" stand for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Span as DocSpan

from extract.components.annotations import ORGANISATIONS
from extract.components.quote_cues import cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention as mention_of
from extract.components.reference import resolve
from extract.components.tree import Token
from extract.facts import SpeakerKind

_PERSON_PRONOUNS = frozenset({"he", "she"})
_THING_PRONOUNS = frozenset({"it", "they"})
_COMPANIES = frozenset(
    {"company", "firm", "startup", "start-up", "lab", "developer", "maker", "giant", "group", "vendor"}
)
_AUTHORITIES = frozenset({"regulator", "agency", "watchdog", "commission", "authority", "ministry", "court", "bureau"})
_ENFORCING = frozenset(
    {"fined", "ordered", "banned", "investigated", "sued", "charged", "suspended", "blocked", "warned"}
)
_PERSON = frozenset({"PERSON"})
_THINGS = _COMPANIES | _AUTHORITIES | frozenset({"council", "guild", "union", "party", "committee", "board", "office"})
_DEFINITE = frozenset({"the", "this", "that", "its", "their", "these", "those"})
_REACH = 150  # words back to the speaker that a pronoun may stand for


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Whom a quote is put in the mouth of."""

    name: str
    kind: SpeakerKind | None = None
    entity: str | None = None
    role: str | None = None
    affiliation: str | None = None
    is_rule: bool = False
    """A law, a licence, terms: its words are a rule."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """Somebody who has spoken."""

    i: int
    word: str
    """The head of the words that named them."""
    tag: str
    speaker: Speaker


class Speakers:
    """Resolves the speakers of one article, in the order of the text: whoever spoke last is who "she" is."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.entities: list[DocSpan] = list(layout.doc.spans["entities"])
        self.heard: list[_Heard] = []
        self._authorities: set[str] = set()
        self._pronouns: dict[str, str] = {}

    def speaker(self, mention: Run, head: Token) -> Speaker:
        """What is known of the speaker whom these words name."""
        found = self._known_before(self._of_words(mention, head))
        self.heard.append(_Heard(head.i, head.lower_, head.tag_, found))
        if head.lower_ in _PERSON_PRONOUNS:
            self._pronouns.setdefault(found.name, head.lower_)
        if head.lower_ in _AUTHORITIES and found.kind == "organisation":
            self._authorities.add(found.name)
        return found

    def _known_before(self, found: Speaker) -> Speaker:
        """The speaker with the role and the affiliation that were told when the same person spoke before."""
        if found.kind != "person" or (found.role and found.affiliation):
            return found
        before = next((h.speaker for h in reversed(self.heard) if _is_same(h.speaker, found)), None)
        if before is None or (found.affiliation and before.affiliation != found.affiliation):
            return found
        return replace(found, role=found.role or before.role, affiliation=found.affiliation or before.affiliation)

    def _of_words(self, mention: Run, head: Token) -> Speaker:
        word = head.lower_
        if word in ("who", "which", "that") and head.head.dep_ == "relcl":
            antecedent = head.head.head
            return self._of_words(mention_of(self.layout, antecedent), antecedent)
        named = list(self._entities(mention))
        if (person := next((e for e in named if e.label_ == "PERSON" and self._is_named(head, e)), None)) is not None:
            return self._placed(_of(person), mention, self._apposition(person) or self._title(mention, person))
        if word in cue_table().documents:
            return self._document(mention, head, named)
        if (own := next((e for e in named if e.start <= head.i < e.end), None)) is not None:
            return _of(own)
        if word in cue_table().persons:
            return self._person(mention, head, named)
        return self._referred(mention, head) or Speaker(name=self.layout.words(mention))

    def _is_named(self, head: Token, person: DocSpan) -> bool:
        """Whether the name is the head's own, not that of "a spokesperson for" somebody."""
        between = self.layout.tokens[head.i : person.start]
        return head.i < person.end and not any(t.pos_ == "ADP" for t in between)

    def _entities(self, run: Run) -> Iterator[DocSpan]:
        return (e for e in self.entities if run.start <= e.start and e.end <= run.end)

    # -- pronouns and "the company" ------------------------------------------------------------------------------

    def _referred(self, mention: Run, head: Token) -> Speaker | None:
        """Whom a pronoun or a common noun points back to: the nearer of the last name and the last speaker."""
        word = head.lower_
        named = resolve(self.layout.doc, self.layout.doc[head.i], self.entities)
        if word in _PERSON_PRONOUNS:
            return self._nearer(head, named or self._only_person(head), ("person", None))
        if word in _THING_PRONOUNS:
            return self._nearer(head, named, ("organisation", "document", None))
        if not self._is_definite(mention):
            return None
        if word in _COMPANIES:
            named = self._name_behind(mention, ORGANISATIONS) or named
            if named is None or named._.name in self._authorities:
                return self._last_heard(head, ("organisation",), without=self._authorities)
            return _of(named)
        if named is None:
            named = self._introduced_as(head) or self._called(head)
        if named is None and word in _AUTHORITIES:
            named = self._who_acted(head)
        return _of(named) if named is not None else None

    def _nearer(self, head: Token, named: DocSpan | None, kinds: tuple[SpeakerKind | None, ...]) -> Speaker | None:
        heard = self._last(head, kinds)
        if heard is None or (named is not None and named.start > heard.i):
            return _of(named) if named is not None else None
        return heard.speaker

    def _only_person(self, head: Token) -> DocSpan | None:
        """The person whom the paragraph names before, if it is one only."""
        start = next((p.start for p in self.layout.paragraphs if head.i in p), 0)
        people = [e for e in self.entities if e.label_ == "PERSON" and start <= e.start and e.end <= head.i]
        return people[-1] if len({e._.name for e in people}) == 1 else None

    def _last(self, head: Token, kinds: tuple[SpeakerKind | None, ...]) -> _Heard | None:
        for heard in reversed(self.heard):
            if heard.i >= head.i or heard.speaker.kind not in kinds or head.i - heard.i > _REACH:
                continue
            if self._pronouns.get(heard.speaker.name, head.lower_) != head.lower_ or heard.word in ("they", "it"):
                continue
            if heard.speaker.kind is None and (heard is not self.heard[-1] or not _can_be(head, heard)):
                continue
            return heard
        return None

    def _last_heard(self, head: Token, kinds: tuple[SpeakerKind, ...], without: set[str]) -> Speaker | None:
        for heard in reversed(self.heard):
            if heard.i < head.i and heard.speaker.kind in kinds and heard.speaker.name not in without:
                return heard.speaker
        return None

    def _introduced_as(self, head: Token) -> DocSpan | None:
        """The organisation that the article calls by the noun: "Ofdata, the data regulator"; "the regulator Ofdata"."""
        for entity in self.entities:
            if entity.end > head.i or entity.label_ not in ORGANISATIONS:
                continue
            behind = [t.lower_ for t in self.layout.tokens[entity.end : entity.end + 7]]
            before = self.layout.tokens[entity.start - 1].lower_ if entity.start else ""
            if before == head.lower_ or (behind[:1] == [","] and head.lower_ in behind):
                return entity
        return None

    def _called(self, head: Token) -> DocSpan | None:
        """The last organisation before whose name ends with the noun: "the board" for the Safety Board."""
        before = [e for e in self.entities if e.end <= head.i and e.label_ in ORGANISATIONS and len(e) > 1]
        return next((e for e in reversed(before) if e[-1].lower_ == head.lower_), None)

    def _who_acted(self, head: Token) -> DocSpan | None:
        """The organisation that fined, ordered, investigated somebody in the text before."""
        for entity in reversed(self.entities):
            if entity.label_ in ORGANISATIONS and entity.end <= head.i and head.i - entity.start <= _REACH:
                root = entity.root
                if root.dep_ == "nsubj" and root.head.lower_ in _ENFORCING:
                    return entity
        return None

    def _is_definite(self, mention: Run) -> bool:
        return self.layout.tokens[mention.start].lower_ in _DEFINITE

    # -- people without a name, documents --------------------------------------------------------------------------

    def _person(self, mention: Run, head: Token, named: list[DocSpan]) -> Speaker:
        """ "A spokesperson for the company"; "the company's lawyer, Ada Brook"; "the spokesperson" of before."""
        organisation = next((e for e in named if e.label_ in ORGANISATIONS or e.start > head.i + 1), None)
        role = self._role(mention, head)
        if (person := self._name_behind(mention, _PERSON)) is not None:
            known = _of(person)
            known = replace(known, role=known.role or role, affiliation=known.affiliation or _name(organisation))
            return self._placed(known, mention, None)
        if organisation is None and self._is_definite(mention) and (earlier := self._with_role(head)) is not None:
            return earlier
        return Speaker(name=self.layout.words(mention), kind="person", role=role, affiliation=_name(organisation))

    def _name_behind(self, mention: Run, labels: frozenset[str]) -> DocSpan | None:
        """The one named behind a comma: "the firm's lawyer, Ada Brook"."""
        tokens = self.layout.tokens
        if mention.end + 1 >= len(tokens) or tokens[mention.end].text != ",":
            return None
        return next((e for e in self.entities if e.start == mention.end + 1 and e.label_ in labels), None)

    def _with_role(self, head: Token) -> Speaker | None:
        """The last one before who has the role that the noun names."""
        for heard in reversed(self.heard):
            if heard.i < head.i and head.lower_ in (heard.speaker.role or "").lower().split():
                return heard.speaker
        for entity in reversed(self.entities):
            if (
                entity.label_ == "PERSON"
                and entity.end <= head.i
                and head.lower_ in (entity._.role or "").lower().split()
            ):
                return _of(entity)
        return None

    def _placed(self, known: Speaker, mention: Run, role: Token | None) -> Speaker:
        """The person with the role behind the name, and with the organisation that "its" or "the firm's" stands for."""
        around = [*self.layout.tokens[mention.start : mention.end], *([role] if role is not None else [])]
        owner = next((c for t in around for c in t.children if c.dep_ == "poss"), None)
        employer = self._organisation(owner) if owner is not None else None
        return replace(
            known,
            role=known.role or (role.lower_ if role is not None else None),
            affiliation=known.affiliation or (employer if employer != known.name else None),
        )

    def _organisation(self, owner: Token) -> str | None:
        """The name of the organisation that a possessive is or stands for; ``None`` if that is open."""
        named = resolve(self.layout.doc, self.layout.doc[owner.i], self.entities)
        if named is None and owner.pos_ == "NOUN":
            named = self._introduced_as(owner) or self._called(owner)
        return _name(named) if named is not None and named.label_ in ORGANISATIONS else None

    def _apposition(self, person: DocSpan) -> Token | None:
        """The role behind a name: "Ada Brook, the guild's chair"."""
        tokens = self.layout.tokens
        if person.end >= len(tokens) or tokens[person.end].text != ",":
            return None
        for token in tokens[person.end + 1 : person.end + 8]:
            if token.pos_ in ("VERB", "AUX", "ADP", "PUNCT", "SCONJ") or token.tag_ == "WP":
                return None
            if token.lower_ in cue_table().persons and (
                token.i + 1 == len(tokens) or tokens[token.i + 1].pos_ != "NOUN"
            ):
                return token
        return None

    def _title(self, mention: Run, person: DocSpan) -> Token | None:
        """The role before a name: "her deputy, Ada Brook"."""
        tokens = self.layout.tokens
        if person.start - 2 < mention.start or tokens[person.start - 1].text != ",":
            return None
        title = tokens[person.start - 2]
        return title if title.lower_ in cue_table().persons else None

    def _role(self, mention: Run, head: Token) -> str:
        tokens = self.layout.tokens
        start = head.i
        while (
            start > mention.start and tokens[start - 1].dep_ in ("amod", "compound") and not tokens[start - 1].ent_type_
        ):
            start -= 1
        return self.layout.words(Run(start, head.i + 1)).lower()

    def _document(self, mention: Run, head: Token, named: list[DocSpan]) -> Speaker:
        """The outlet whose report it is, or the words that tell the document best, here or earlier in the article."""
        if (source := self._source(mention, named)) is not None:
            return Speaker(name=source._.name, kind="document", entity=source.kb_id_ or None)
        is_rule = head.lower_ in cue_table().rules
        owner = next((e for e in named if e.label_ in ORGANISATIONS), None)
        if owner is None and self._is_definite(mention):
            for words in self._same_noun_before(head):
                earlier = list(self._entities(words))
                if (source := self._source(words, earlier)) is not None:
                    return Speaker(name=source._.name, kind="document", entity=source.kb_id_ or None)
                owner = next((e for e in earlier if e.label_ in ORGANISATIONS), None)
                if owner is not None:
                    mention = words
                    break
        name = self.layout.words(mention)
        return Speaker(name=name, kind="document", affiliation=_name(owner), is_rule=is_rule)

    def _source(self, words: Run, named: list[DocSpan]) -> DocSpan | None:
        """The outlet that made the document: "a report by The Example", "The Example's report"."""
        for entity in named:
            before = [t.lower_ for t in self.layout.tokens[max(words.start, entity.start - 2) : entity.start]]
            if is_outlet(entity) or ("by" in before and entity.label_ in ORGANISATIONS):
                return entity
        return None

    def _same_noun_before(self, head: Token) -> Iterator[Run]:
        """Earlier noun phrases with the same head noun, the nearest first, with what follows "of"."""
        for i in range(head.i - 1, self.layout.body.start - 1, -1):
            token = self.layout.tokens[i]
            if token.lower_ == head.lower_ and self.layout.inside[i] < 0:
                words = mention_of(self.layout, token)
                verb = next(
                    (n for n in range(i, words.end) if self.layout.tokens[n].pos_ in ("VERB", "AUX")), words.end
                )
                yield Run(words.start, verb)


def _is_same(one: Speaker, two: Speaker) -> bool:
    return one.kind == two.kind and (one.name, one.entity) == (two.name, two.entity)


def _can_be(pronoun: Token, heard: _Heard) -> bool:
    """Whether a pronoun can stand for a speaker of whom only the noun is known."""
    if heard.word in _PERSON_PRONOUNS or pronoun.lower_ in _PERSON_PRONOUNS:
        return heard.word in _PERSON_PRONOUNS or (heard.tag == "NN" and heard.word not in _THINGS)
    return heard.tag == ("NNS" if pronoun.lower_ == "they" else "NN") and heard.word not in cue_table().persons


def is_outlet(entity: DocSpan) -> bool:
    """Whether it is a publication, by its record or by its last word."""
    if entity.label_ == "OUTLET":
        return True
    return entity.label_ in ORGANISATIONS and entity[-1].lower_ in cue_table().outlets


def _of(entity: DocSpan) -> Speaker:
    known = entity._
    if entity.label_ == "PERSON":
        return Speaker(
            name=known.name, kind="person", entity=entity.kb_id_ or None, role=known.role, affiliation=known.affiliation
        )
    is_rule = entity.label_ == "RULE"
    kind: SpeakerKind = "document" if is_rule else "organisation"
    return Speaker(name=known.name, kind=kind, entity=entity.kb_id_ or None, is_rule=is_rule)


def _name(entity: DocSpan | None) -> str | None:
    return None if entity is None else str(entity._.name)
