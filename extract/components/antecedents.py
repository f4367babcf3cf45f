"""Which of the actors named before a pronoun or "the company" is meant, where a frame asks for a party."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from extract.components.actors import Actor
from extract.components.syntax import is_subject, word_of
from extract.components.tree import Token, Tree
from extract.components.unnamed import INSTITUTIONS
from extract.components.word_lists import word_set
from extract.components.words import given_names, pronoun_of

_HE = word_set("antecedents_he")
_SHE = frozenset({"her", "hers", "herself", "she"})
_IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
COMPANY_NOUNS = word_set("antecedents_company_nouns")
_PRODUCT_NOUNS = frozenset({"app", "platform", "site", "website", "service", "network", "marketplace", "forum"})
_PERSON_NOUNS = word_set("antecedents_person_nouns")
_STATE_NOUNS = word_set("antecedents_state_nouns")
_GROUPS_OF_PERSONS = word_set("antecedents_groups_of_persons")
_GROUPS = _GROUPS_OF_PERSONS | frozenset(
    {
        "firms",
        "companies",
        "startups",
        "start-ups",
        "platforms",
        "defendants",
        "labs",
        "retailers",
        "both",
        "publishers",
        "banks",
        "makers",
        "two",
    }
)
_PRESS_NOUNS = word_set("antecedents_press_nouns")
WHERE = frozenset({"in", "near", "outside"})  # before a place that the model takes for a company
_FROM_WHERE = WHERE | {"at", "from"}
_TELLS = (
    word_set("status_says") | {"ask", "asked", "asks", "criticised", "hailed", "praised", "welcomed", "welcomes"}
) - {"tell", "told"}  # "told the court": the accused, too
_REACH = 3  # sentences back
_TELLS_WHICH = frozenset({"behind", "central", "first", "new", "other", "same", "second"})
_RULES = word_set("status_finds") - word_set("status_admits")
# What speaks for a mention: to be a subject or possessor, to be the subject of the last sentence.
_SUBJECT = 1.5
_LEADS = 1.0
_SAME_NOUN = 3.0  # "the bank" and "Haldane Bank"
_BESIDE = 2.5  # "its rival Orvane"
_BY_THE_WAY = 0.6  # "X, who had filmed Y"
_OTHERS = word_set("antecedents_others")
_HELD_IN = word_set("antecedents_held_in")
_EVENTS = frozenset({"business", "establishment", "group", "house"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A named actor and where it stands."""

    start: int
    end: int
    identity: str
    kind: str
    sentence: int
    is_subject: bool


FIRMS = frozenset({"company", "project", "name"})
EITHER = frozenset({"agency", "bureau"})
"""Words for authorities and for firms."""


class Mentions:
    """The named actors of a Doc in the order of the text."""

    def __init__(self, actors: Iterable[Actor], doc: Tree) -> None:
        self._doc = doc
        self._each = tuple(_mention(actor, doc) for actor in actors)
        self.counts = Counter(m.identity for m in self._each)
        """How often each is named."""
        self.people = {m.identity for m in self._each if m.kind == "person" and m.end - m.start > 1}
        self.pronouns: dict[str, set[str]] = {}
        """"he" and "she" by family name, as far as the first names tell."""
        self._of_sentence: dict[int, list[Mention]] = {}
        for mention in self._each:
            self._of_sentence.setdefault(mention.sentence, []).append(mention)
            pronoun = pronoun_of(doc[mention.start].text) if mention.end - mention.start > 1 else None
            if pronoun is not None:
                self.pronouns.setdefault(doc[mention.end - 1].text, set()).add(pronoun)

    @cached_property
    def only_telling(self) -> set[str]:
        """People of whom a text says nothing but what they said: who comments is seldom whom it is about."""
        doing = set()
        for m in self._each:
            root = self._doc[m.start : m.end].root
            if root.dep_ != "nsubj" or not (root.head.lower_ in _TELLS or _is_calling_it(root.head)):
                doing.add(m.identity)
        return {m.identity for m in self._each} - doing

    def __iter__(self) -> Iterator[Mention]:
        return iter(self._each)

    def near(self, sentence: int) -> Iterator[Mention]:
        """Those of the sentence and of the few before it."""
        for number in range(sentence - _REACH, sentence + 1):
            yield from self._of_sentence.get(number, ())


def _is_calling_it(verb: Token) -> bool:
    """ "called the fine overdue", "called for a ban"; not "called her at home"."""
    says = any(c.dep_ in ("ccomp", "oprd") or (c.dep_ == "prep" and c.lower_ == "for") for c in verb.children)
    return verb.lower_ in ("call", "called", "calls") and says


def _mention(actor: Actor, doc: Tree) -> Mention:
    words = doc[actor.start : actor.end]
    return Mention(
        start=actor.start,
        end=actor.end,
        identity=actor.identity,
        kind=actor.kind,
        sentence=doc.sentence_of(actor.start),
        is_subject=is_subject(words.root),
    )


def wanted(token: Token) -> frozenset[str]:
    """The kinds of actor that the token can stand for; empty if it stands for none named before."""
    word = "firm" if _is_house(token) else word_of(token)
    if word in _HE:
        return frozenset({"person", "name"})
    if word in _IT:
        return frozenset({"company", "project", "name", "authority"})
    if word in THEY:
        return frozenset({"company", "name", "person"})
    if not _is_definite(token):
        return frozenset()
    if word in _EVENTS and any(c.lower_ == "of" and c.i == token.i + 1 for c in token.children):
        return frozenset()  # "the establishment of settlements"
    if word in COMPANY_NOUNS:
        return frozenset({"company", "project", "name"} | ({"authority"} if word in EITHER else set()))
    if word in _PERSON_NOUNS:
        return frozenset({"person", "name"})
    if word in _STATE_NOUNS:
        return frozenset({"authority"})
    return frozenset({"person", "name"}) if _is_of_an_age(token) else frozenset()


def _is_of_an_age(token: Token) -> bool:
    """ "the 22-year-old Swede": a person; not "the old camera"."""
    old = next((c for c in token.children if c.lower_ == "old" and c.dep_ == "amod"), None)
    return old is not None and any(c.lower_ in ("year", "years") for c in old.children)


def _is_house(token: Token) -> bool:
    """ "the fund house", "the publishing house": a firm."""
    return token.lower_ == "house" and any(c.dep_ in ("compound", "amod") and c.pos_ == "NOUN" for c in token.children)


def antecedent(
    token: Token,
    mentions: Mentions,
    sentence: int,
    excluded: frozenset[str],
    kinds: frozenset[str] | None = None,
) -> Mention | None:
    """The mention meant: near, a subject, often named, of the kinds the word stands for; ``None`` if nobody fits."""
    kinds = wanted(token) if kinds is None else kinds
    if not kinds:
        return None
    best: tuple[float, int] | None = None
    found = None
    crowd = _last_crowd(token) if token.lower_ in THEY else 0
    is_noun, is_institution = token.pos_ != "PRON", word_of(token) in INSTITUTIONS
    for m in mentions.near(sentence):
        if not crowd <= m.end <= token.i or m.identity in excluded:
            continue
        if token.lower_ in _HE and (_is_no_person(token.doc, m) or _is_other(token, m, mentions)):
            continue
        if is_where(token.doc, m.start) or _is_stop(token.doc, m, mentions):
            continue
        if "person" not in kinds and m.identity in mentions.people:
            continue
        if m.kind == "person" and "person" not in kinds and token.doc[m.start].text in given_names():
            continue  # "a man called Dennis" for "the firm"
        if m.kind == "outlet" and token.lower_ not in _PRESS_NOUNS:
            continue
        if (
            m.kind not in kinds
            and m.kind != "outlet"
            and not (m.kind == "person" and "company" in kinds and m.end - m.start == 1)
        ):
            continue
        score = (
            _SUBJECT * m.is_subject
            + (_LEADS if token.dep_ in ("nsubj", "nsubjpass") and _leads(token, m) else 0.0)
            + 0.4 * min(mentions.counts[m.identity], 5)
            - 1.0 * (sentence - m.sentence)
            - (1.0 if m.kind == "authority" and "company" in kinds else 0.0)
            - (0.8 if m.kind == "person" and "company" in kinds else 0.0)
            - (1.0 if m.kind == "project" and word_of(token) in COMPANY_NOUNS - _PRODUCT_NOUNS else 0.0)
            + (_SAME_NOUN if is_noun and _is_called(token, m) else 0.0)
            - (_BESIDE if is_beside_another(token.doc, m.start) else 0.0)
            - (_BY_THE_WAY if _is_by_the_way(token.doc, m) else 0.0)
        )
        if is_institution and not _is_called(token, m):
            continue
        if best is None or (score, m.start) > best:
            best, found = (score, m.start), m
    if found is None and "company" in kinds and token.pos_ != "PRON" and word_of(token) not in INSTITUTIONS:
        return _protagonist(token, mentions, excluded)
    return found


def is_where(doc: Tree, start: int) -> bool:
    """ "in raids on flats in Oldwick Lane": a place, whatever the model takes it for; not "shares in Orvane"."""
    return start > 0 and doc[start - 1].lower_ in WHERE and (start < 2 or doc[start - 2].lower_ not in _HELD_IN)


def _is_stop(doc: Tree, mention: Mention, mentions: Mentions) -> bool:
    """ "stood idle at Larch", "Robin Vale of Larch": a single word that the text has nowhere else."""
    is_once = mention.end - mention.start == 1 and mentions.counts[mention.identity] == 1
    return is_once and mention.start > 0 and doc[mention.start - 1].lower_ in ("at", "of")


def is_beside_another(doc: Tree, start: int) -> bool:
    """ "its rival Orvane", "his client, Orvane": somebody else."""
    before = start - 2 if start > 1 and doc[start - 1].text == "," else start - 1
    return before >= 0 and doc[before].lower_ in _OTHERS


def _is_by_the_way(doc: Tree, mention: Mention) -> bool:
    """ "X, who had filmed Y": Y."""
    root = doc[mention.start : mention.end].root
    return any(t.dep_ == "relcl" for t in root.ancestors)


def _is_no_person(doc: Tree, mention: Mention) -> bool:
    """A name of one word, or with "the" before it, as "the Oldwick Canal"."""
    is_the = mention.start > 0 and doc[mention.start - 1].lower_ == "the"
    return mention.kind == "name" and (mention.end - mention.start == 1 or is_the)


def _is_other(token: Token, mention: Mention, mentions: Mentions) -> bool:
    """Is it a woman for "he", a man for "she", as far as the first name tells, wherever the text gives it?"""
    words = token.doc[mention.start : mention.end]
    of_name = mentions.pronouns.get(words[0].text, set())
    known = of_name if len(words) == 1 else {p for p in (pronoun_of(words[0].text),) if p is not None}
    return bool(known) and ("she" if token.lower_ in _SHE else "he") not in known


def _is_called(token: Token, mention: Mention) -> bool:
    """ "the bank" and "Haldane Bank", "the school" and "Grove School"."""
    return any(t.lower_ == token.lower_ for t in token.doc[mention.start : mention.end])


def _last_crowd(token: Token) -> int:
    """Where the plural subject that "they" stands for ends, in its sentence or the one before; 0 without one."""
    doc = token.doc
    first = doc[token.sent.start - 1].sent.start if token.sent.start else 0
    crowds = (t.i + 1 for t in reversed(doc[first : token.i]) if t.tag_ == "NNS" and t.dep_ in ("nsubj", "nsubjpass"))
    return next(crowds, 0)


def _leads(token: Token, mention: Mention) -> bool:
    """Is the mention the subject of the main verb of the sentence before the token's?"""
    root = token.doc[mention.start : mention.end].root
    return (
        root.dep_ in ("nsubj", "nsubjpass")
        and root.idx >= token.doc.body_start
        and root.head.dep_ == "ROOT"
        and root.sent.end == token.sent.start
    )


def _protagonist(token: Token, mentions: Mentions, excluded: frozenset[str]) -> Mention | None:
    """The company that the text so far names most often, for "the company" long after its name."""
    before = [
        m
        for m in mentions
        if m.end <= token.i
        and m.kind in ("company", "name", "project")
        and m.identity not in excluded
        and not is_where(token.doc, m.start)
    ]
    return max(before, key=lambda m: (mentions.counts[m.identity], -m.start), default=None)


def group(token: Token, mentions: Mentions, sentence: int, excluded: frozenset[str]) -> list[Mention]:
    """Those meant by "the firms", "the pair", "both": all of the last sentence that names two or more."""
    if word_of(token) not in _GROUPS or (not _is_definite(token) and token.lower_ != "both"):
        return []
    kinds = {"person", "name"} if token.lower_ in _GROUPS_OF_PERSONS else {"company", "name", "project", "person"}
    for back in range(1, _REACH + 1):
        found = {
            m.identity: m
            for m in mentions.near(sentence)
            if m.sentence == sentence - back
            and m.kind in kinds
            and m.identity not in excluded
            and (m.kind != "person" or "company" not in kinds or m.end - m.start == 1)
            and not (m.start and token.doc[m.start - 1].lower_ in _FROM_WHERE)
        }
        if len(found) > 1:
            return list(found.values())
    return _both(token, mentions, sentence, excluded)


def _both(token: Token, mentions: Mentions, sentence: int, excluded: frozenset[str]) -> list[Mention]:
    """Those meant by "the two companies", where the sentences before name two and no third."""
    if not any(c.lower_ == "two" for c in token.children) or word_of(token) in _GROUPS_OF_PERSONS:
        return []
    found = {
        m.identity: m
        for m in mentions.near(sentence)
        if m.sentence < sentence
        and m.identity not in excluded
        and (m.kind in ("company", "name") or (m.kind == "person" and m.end - m.start == 1))
    }
    return list(found.values()) if len(found) == 2 else []


def _is_definite(token: Token) -> bool:
    if not any(c.lower_ in ("the", "this", "that", "both") and c.dep_ == "det" for c in token.children):
        return False
    return not any(
        c.lower_ in _TELLS_WHICH or (c.dep_ in ("relcl", "acl") and not _is_aside(c)) for c in token.children
    )


def _is_aside(clause: Token) -> bool:
    """ "the chain, which runs 212 shops,": said by the way, not to tell which."""
    start = clause.left_edge.i
    return start > 0 and clause.doc[start - 1].text == ","


def _is_behind_colon(clause: Token) -> bool:
    """ "X must pay: its score broke the law": nobody says so."""
    start = clause.left_edge.i
    return start > clause.head.i and clause.doc[start - 1].text in (":", ";")


def governing_subjects(token: Token) -> Iterator[Token]:
    """Subjects of the verbs above the clause that the token stands in: who says it, never the one it means."""
    t = token
    for _ in range(10):
        if t.dep_ == "ROOT":
            return
        is_clause = t.dep_ in ("ccomp",) and t.head.pos_ in ("VERB", "AUX") and not _is_behind_colon(t)
        is_ruling = is_clause and t.head.lower_ in _RULES  # "it ruled that the firm": a court
        if is_clause:
            yield from (
                c
                for c in t.head.children
                if c.dep_ in ("nsubj", "nsubjpass") and c.i != token.i and not (is_ruling and c.pos_ == "PRON")
            )
        t = t.head
