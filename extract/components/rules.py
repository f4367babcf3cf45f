"""Rules that a text speaks of: laws by name, terms by whose they are, and words that only tell the field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from extract.components.actors import Actor
from extract.components.roles import Cast
from extract.components.rule_types import HEADS, type_of
from extract.components.tree import Stretch, Token, Tree
from extract.components.word_lists import word_set
from extract.components.words import country_code
from extract.components.wrongs import wrongs
from extract.vocabulary import Lexicon, load_words, load_yaml

WEIGHTS = {"named": 3.0, "phrase": 2.2, "bare": 1.0, "topic": 0.9, "wrong": 0.1}
_NEEDS_MODIFIER = word_set("rules_needs_modifier")
_BREAKABLE_BARE = word_set("rules_breakable_bare")
_NAMING = word_set("rules_naming")
_OF_A_RULE = word_set("rules_of_a_rule")
_CONTRACT = re.compile(
    r"\bapi\b|licen[cs]|user|collective|confidential|disclosure|service|employment|partnership|labou?r|customer|supply"
    r"|publishing|terms",
    re.IGNORECASE,
)
# Heads that are rules only of some kinds: "amicable terms", "voting rights", "high standards" are none.
_OF_KIND = {
    "terms": re.compile(
        r"licen|user|developer|\bapi\b|web|site|service|usage|contract|platform|store|account|customer|employ|legal|disparag|\bits\b|their",
        re.IGNORECASE,
    ),
    "rights": re.compile(
        r"human|civil|fundamental|privacy|publicity|personality|image|moral|consumer|labou?r|worker|employ|property|author|copy|constitution"
        r"|neighbour|voting rights act|disab|patient|tenant|children|his|her|their",
        re.IGNORECASE,
    ),
    "standards": re.compile(
        r"safety|labou?r|accounting|advertis|editor|profession|ethic|privacy|security|emission|code|journalis|food",
        re.IGNORECASE,
    ),
}
# What a state or a firm plans to do, that binds nobody: "foreign policy", "a product policy".
_PLANS = re.compile(
    r"\b(?:foreign|monetary|fiscal|economic|trade|public|industrial|immigration|eastern|tax|energy|climate|progressive"
    r"|product|housing|drug|defen[cs]e|government|administration|social|political|health(?:care)?|discipline|transport"
    r"|agricultural|domestic) polic(?:y|ies)$",
    re.IGNORECASE,
)
_BODIES = frozenset(load_words("shapes")["leading"])
_LAW_NAME = word_set("rules_law_name")
_OF_CONDUCT = frozenset({"Charter", "Code", "Principles", "Rules", "Standards"})
_OWN_RULES = frozenset({"policy", "policies", "guidelines", "principles"})
_OF_SERVICE = frozenset({"of service", "of use", "of conduct", "of practice", "of ethics", "of trade"})
_EMPTY = word_set("rules_empty")
_MODIFIERS = frozenset({"ADJ", "NOUN", "PROPN", "NUM"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMention:
    """Words of a text that name a rule, or its field."""

    start: int
    end: int
    """Token offsets."""
    words: str
    type: str
    strength: str
    """named, phrase, bare ("the law"), topic (a field only) or wrong (a misdeed by its own name)."""
    slug: str | None = None
    owners: tuple[Actor, ...] = ()
    """Whose rule it is, as the text says."""
    is_own: bool = False
    """The violator's own: "its privacy policy"."""

    @property
    def weight(self) -> float:
        return WEIGHTS[self.strength]

    @property
    def is_rule(self) -> bool:
        """A rule, not just its field."""
        return self.strength not in ("topic", "wrong")

    @property
    def is_name(self) -> bool:
        """Words that can be shown as the rule."""
        low = self.words.lower()
        return self.strength in ("named", "phrase", "wrong") or (
            self.strength == "topic" and any(stem in low for stem in _topics()["names"])
        )


@lru_cache(1)
def _topics() -> dict[str, tuple[str, ...]]:
    """Words of a field by rule type, and under ``names`` the stems of those that can stand for a rule."""
    data = load_yaml("lexicon", "topics.yml")
    return {"names": tuple(data["names"])} | {type_: tuple(words) for type_, words in data["words"].items()}


class RuleFinder:
    """Finds every rule a Doc speaks of."""

    def __init__(self, nlp: Language, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._strings = nlp.vocab.strings
        for type_, words in _topics().items():
            if type_ == "names":
                continue
            self._matcher.add(f"topic|{type_}", [nlp.make_doc(w) for w in words])
        for record in lexicon.of_kind("rule"):
            if record.strength in ("phrase", "topic"):
                self._matcher.add(f"slug|{record.slug}", [nlp.make_doc(n) for n in record.names])

    def __call__(self, doc: Doc, cast: Cast) -> list[RuleMention]:
        """In the order of the text; none inside another's words."""
        named, words = list(self._named(cast)), list(self._words(doc, cast))
        laws = self._of_countries(_law_names(cast.doc), (*named, *words), cast.doc)
        found = [*named, *laws, *self._phrases(cast), *words]
        found.sort(key=lambda m: (-m.weight, m.start - m.end, m.start))
        taken: set[int] = set()
        kept: list[RuleMention] = []
        for mention in found:
            tokens = range(mention.start, mention.end)
            if taken.isdisjoint(tokens):
                taken.update(tokens)
                kept.append(mention)
        kept += _wrongs(cast.doc, {i for m in kept if m.strength != "topic" for i in range(m.start, m.end)})
        return sorted((m for m in kept if not _allows(cast.doc[m.start : m.end].root)), key=lambda m: m.start)

    def _of_countries(
        self, laws: Iterable[RuleMention], known: Sequence[RuleMention], doc: Tree
    ) -> Iterator[RuleMention]:
        """The laws, "the British Online Safety Act" as the one that is known by the name without its country."""
        ends = {m.end: m for m in known if m.slug is not None}
        for law in laws:
            name = ends.get(law.end)
            if name is not None and name.start > law.start:
                record, code = self.lexicon.get(name.slug), country_code(doc.between(law.start, name.start))
                if record is not None and code == record.country:
                    law = replace(law, slug=name.slug, type=name.type)
            yield law

    def _named(self, cast: Cast) -> Iterator[RuleMention]:
        for span in cast.doc.entities:
            if span.label_ != "RULE":
                continue
            record = self.lexicon.get(span.kb_id_ or None)
            type_ = record.rule_type if record and record.rule_type else type_of(span.text)
            owners: tuple[Actor, ...] = ()
            start, own = span.start, False
            if record is not None and record.owner == "possessor":
                owners, start, own = _possessor(span.root, span.start, cast)
            strength = (record.strength if record else None) or "named"
            yield RuleMention(
                start=start,
                end=span.end,
                words=cast.doc.between(start, span.end),
                type=type_,
                strength=strength,
                slug=span.kb_id_ or None,
                owners=owners,
                is_own=own,
            )

    def _phrases(self, cast: Cast) -> Iterator[RuleMention]:
        """ "state privacy law", "a court order", "Tovira's developer policy", "the law"."""
        for token, word in zip(cast.doc.tokens, cast.doc.lower, strict=True):
            if word in HEADS and token.pos_ in ("NOUN", "PROPN") and not _is_part_of_noun(token):
                mention = self._phrase(token, cast)
                if mention is not None:
                    yield mention

    def _phrase(self, head: Token, cast: Cast) -> RuleMention | None:
        """The rule whose noun the token is, or ``None`` if it says too little."""
        doc, word = head.doc, head.lower_
        start = _first_modifier(head)
        owners, left, own = _possessor(head, start, cast)
        has_modifier = start < head.i
        if word in _NEEDS_MODIFIER - _BREAKABLE_BARE and not (has_modifier or owners or own):
            return None
        of_service = doc[head.i + 1 : head.i + 3].text.lower() in _OF_SERVICE
        end = head.i + 3 if of_service else head.i + 1
        if HEADS[word] in ("copyright", "trademark"):
            left = start = head.i
        words = doc[left:end].text
        if word in _OF_KIND and not of_service and not owners and not _OF_KIND[word].search(words):
            return None
        if _PLANS.search(words):
            return None
        if HEADS[word] == "court_order" and any(o.kind in ("company", "name", "project", "person") for o in owners):
            return None  # what a firm orders
        if word.startswith(("agreement", "contract")) and not _CONTRACT.search(words):
            has_modifier = False
        strength = "phrase" if has_modifier or owners or of_service or word in _NAMING else "bare"
        type_ = self._type(doc[start:end].text.lower(), word, owners, own)
        return RuleMention(start=left, end=end, words=words, type=type_, strength=strength, owners=owners, is_own=own)

    def _type(self, words: str, head: str, owners: tuple[Actor, ...], is_own: bool) -> str:
        """By the words, the noun, and what its owner watches over."""
        found = type_of(words, head)
        if HEADS[head] in ("voluntary_commitment", "court_order") or (head in ("terms", "nda") and found != "licence"):
            return HEADS[head]
        if is_own and head in _OWN_RULES and found in ("terms_of_service", "unspecified"):
            return "internal_policy"
        if found == "unspecified" and owners:
            record = self.lexicon.get(owners[0].entity)
            return record.rule_types[0] if record is not None and len(record.rule_types) == 1 else found
        return found

    def _words(self, doc: Doc, cast: Cast) -> Iterator[RuleMention]:
        named = {i for s in cast.doc.entities if s.label_ != "RULE" for i in s.numbers}
        matches = [(key, start, end) for key, start, end in self._matcher(doc) if named.isdisjoint(range(start, end))]
        keys = {(start, end): self._strings[key] for key, start, end in reversed(matches)}
        for start, end in _longest(keys):
            span = cast.doc[start:end]
            kind, _, value = keys[start, end].partition("|")
            if kind == "topic":
                span = _with_noun(span)
                yield RuleMention(start=span.start, end=span.end, words=span.text, type=value, strength="topic")
                continue
            record = self.lexicon.records[value]
            root = span.root
            if (
                record.strength == "phrase"
                and root.dep_ == "compound"
                and root.head.i >= span.end
                and root.head.lower_ not in _OF_A_RULE
            ):
                continue
            owners: tuple[Actor, ...] = ()
            start, own = span.start, False
            if record.owner == "possessor":
                owners, start, own = _possessor(span.root, span.start, cast)
            yield RuleMention(
                start=start,
                end=span.end,
                words=cast.doc.between(start, span.end),
                type=record.rule_type or "unspecified",
                strength="bare" if record.name.startswith("the ") else record.strength or "topic",
                slug=value,
                owners=owners,
                is_own=own,
            )


def _longest(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that overlap no longer one, of two as long the first; in the order of the text."""
    taken: set[int] = set()
    kept = []
    for start, end in sorted(stretches, key=lambda s: (s[0] - s[1], s[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((start, end))
    return sorted(kept)


def _law_names(doc: Tree) -> Iterator[RuleMention]:
    """Laws the lexicon does not know: capitals before "Act", "Code", "Directive"."""
    for i, name in enumerate(doc.words):
        if name not in _LAW_NAME or i < doc.first_of_body:
            continue
        token, start = doc.tokens[i], i
        while (
            start > 0
            and (
                doc[start - 1].text[:1].isupper()
                or doc[start - 1].lower_ in ("of", "and", "-", "on", "in", "'s", "’s", "'", "’")
            )
            and not doc[start].is_sent_start
        ):
            start -= 1
        while start < token.i and (
            doc[start].lower_ in ("of", "and", "-", "on", "in", "the", "a", "an", "this", "'s", "’s", "'", "’")
            or doc[start].pos_ in ("PRON", "VERB")
        ):
            start += 1
        end = _end_of_law(token)
        is_of_conduct = name in _OF_CONDUCT and end > token.i + 1  # "the Rules of Professional Conduct"
        if (start < token.i or is_of_conduct) and not _is_of_a_body(token, start):
            words = doc[start:end].text
            head = "act" if token.text == "Order" else token.lower_  # a law made by a minister, not a judge's
            yield RuleMention(start=start, end=end, words=words, type=type_of(words, head), strength="named")


def _allows(rule: Token) -> bool:
    """ "though the terms of use allow it": a rule that nobody breaks."""
    return rule.dep_ == "nsubj" and rule.head.lower_ in ("allow", "allowed", "allows", "permit", "permits", "permitted")


def _end_of_law(head: Token) -> int:
    """Behind what a law is about: "Convention on Human Rights"."""
    doc, end = head.doc, head.i + 1
    links = ("against", "for", "of", "on") if head.text in _OF_CONDUCT else ("against", "for", "on")
    if doc[end : end + 1].text.lower() not in links or not doc[end + 1 : end + 2].text[:1].isupper():
        return end
    last = end + 1
    while doc[last + 1 : last + 2].text[:1].isupper() and not doc[last + 1].is_sent_start:
        last += 1
    return last + 1


def _is_of_a_body(token: Token, start: int) -> bool:
    """ "the Centre for Digital Policy", "the Bank Policy Institute": part of somebody's name."""
    doc = token.doc
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if after is not None and after.pos_ == "PROPN" and after.text[:1].isupper() and not after.is_sent_start:
        return after.text not in ("Act", "No", "Article", "Section")
    if token.text == "Convention" and doc[token.i - 1].text == "National":
        return True  # where a party meets
    return start > 1 and doc[start - 1].lower_ in ("for", "of", "on") and doc[start - 2].text in _BODIES


def _wrongs(doc: Tree, taken: set[int]) -> Iterator[RuleMention]:
    """Misdeeds by their own names, outside the words of rules."""
    for start, end, type_ in wrongs(doc):
        if taken.isdisjoint(range(start, end)):
            yield RuleMention(start=start, end=end, words=doc.between(start, end), type=type_, strength="wrong")


def _with_noun(span: Stretch) -> Stretch:
    """ "misleading" with what is misleading: "misleading commercial claims"."""
    root = span.root
    if (
        root.pos_ in ("ADJ", "VERB")
        and root.dep_ == "amod"
        and 0 < root.head.i - span.end < 3
        and root.head.pos_ == "NOUN"
    ):
        return span.doc[span.start : root.head.i + 1]
    return span


def _is_part_of_noun(token: Token) -> bool:
    """ "the policy group", "licence agreement": the noun after it is the head."""
    if token.dep_ != "compound":
        return False
    after = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if after is not None and after.lower_ in HEADS and after.head != token:
        return True
    return token.head.i > token.i and token.head.lower_ not in _OF_A_RULE


def _first_modifier(head: Token) -> int:
    """Where the words that tell which rule it is begin, at most five before the noun."""
    doc, start, first = head.doc, head.i, max(head.sent.start, head.i - 5)
    while (
        start > first
        and (doc[start - 1].pos_ in _MODIFIERS or doc[start - 1].text == "-")
        and doc[start - 1].ent_type_ not in ("MONEY", "DATE", "CARDINAL")
    ):
        start -= 1
    while start < head.i and doc[start].lower_ in _EMPTY:
        start += 1
    return start


def _possessor(head: Token, start: int, cast: Cast) -> tuple[tuple[Actor, ...], int, bool]:
    """Whose rule it is, where the words then begin, and whether it is the violator's own."""
    doc = head.doc
    if start >= 2 and doc[start - 1].text in ("'s", "’s", "'", "’") and (found := cast.named(start - 2, start - 1)):
        return (found[-1],), max(found[-1].start, start - 8), False
    if start >= 2 and doc[start - 1].text in ("'s", "’s", "'", "’") and (found := cast.actors(doc[start - 2])):
        return tuple(found), start, False
    if start >= 1 and doc[start - 1].lower_ in ("its", "their", "own", "his", "her"):
        return (), start, True
    inside = cast.named(start, head.i)
    if inside:
        return (inside[-1],), start, False
    for whose in _of_whom(head):
        if found := cast.actors(whose):
            return tuple(found), start, False
    return (), start, False


def _of_whom(head: Token) -> Iterator[Token]:
    """What stands behind "of": "the terms of Tovira", "the terms of service of Tovira"."""
    for c in head.children:
        if c.lower_ == "of" and c.dep_ == "prep" and c.i > head.i:
            for x in c.children:
                if x.dep_ == "pobj":
                    yield x
                    yield from _of_whom(x) if x.lower_ in ("service", "services", "use") else ()
