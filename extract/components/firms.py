"""Which organisations are firms: those of which the article says what only firms have or do."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from spacy.tokens import Span

from extract.components.lemmas import lemma
from extract.components.words import FIELDS, NOT_NAMES, any_of
from extract.facts import Relation
from extract.vocabulary import load_words

_LISTS = load_words("shapes")
# What stands around a name says that it is a firm's. The same words with a body's noun have other methods.
_TELLING = frozenset({"rule:apposition", "rule:apposition-the", "rule:legal-form", "rule:list", "rule:noun-before"})
_FIRM_HEADS = frozenset(_LISTS["firm_heads"])
_WARES = frozenset(_LISTS["wares"])
_FIRM_ENDS = re.compile(rf"(?: AI|\w\.(?:ai|com|io)|\b(?:{any_of(_LISTS['legal'])}))$")
_BODY = re.compile(rf"\b(?:{any_of(set(_LISTS['organisations']) - _FIRM_HEADS)})\b")
_OWNED = any_of({*_LISTS["firms_have"], *_LISTS["project_nouns"]} - {*_LISTS["weak_nouns"]})
_AFTER = re.compile(
    rf"(?:['’]s?|s['’])? (?:[a-z-]+ )?(?i:(?:president|chair|chairman|chairwoman)(?: and|,) )?(?i:{_OWNED})\b"
    r"|,? \([A-Za-z]{2,8}: ?[A-Z0-9.]{1,6}\)"
    rf"|, which (?:{any_of(_LISTS['firms_trade'])})\b"
    rf"|, an? (?:[a-z-]+ )?(?:{any_of(_LISTS['company_nouns'])})\b"
)
_BEFORE = re.compile(rf"\b(?i:{any_of(_LISTS['before_firms'])}) (?:the )?$")
_REACH = 60  # characters around a name
_ROW = re.compile(r", (?:and |or )?|,? (?:and|or|&) ")
_LEADERS = frozenset(_LISTS["firms_led_by"])
_ACTS, _SUFFERED = frozenset(_LISTS["firms_act"]), frozenset(_LISTS["firms_suffer"])


def without_guesses(
    entities: list[Span], relations: Iterable[Relation], text: str, plain_words: Container[str]
) -> Iterator[Span]:
    """The entities; an unknown "company" of which the article says nothing that makes it one is an ORG."""
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in entities:
        if span.label_ == "COMPANY" and not span.kb_id_:
            groups[span._.name].append(span)
    told = _told(entities, relations) | _listed(entities, text) if groups else frozenset()
    for name, spans in groups.items():
        if not _is_firm(name, spans, told, text, plain_words):
            for span in spans:
                span.label_ = "ORG"
    yield from entities


def _told(entities: Iterable[Span], relations: Iterable[Relation]) -> frozenset[str]:
    """The names that a tie makes firms: they make something, or somebody leads them as one leads a firm."""
    makers = {r.subject for r in relations if r.kind == "maker_of"}
    people = [s._ for s in entities if s.label_ == "PERSON"]
    led = {person.affiliation for person in people if (role := person.role) and role.lower() in _LEADERS}
    return frozenset(makers | led)


def _listed(entities: Iterable[Span], text: str) -> frozenset[str]:
    """The unknown names that stand in a row with two known firms or more, and with no body."""
    rows: list[list[Span]] = []
    last = None
    for span in entities:
        if last is None or not _ROW.fullmatch(text, last.end_char, span.start_char):
            rows.append([])
        rows[-1].append(span)
        last = span
    firms = [
        row
        for row in rows
        if len(row) > 1 and {s.label_ for s in row} == {"COMPANY"} and sum(bool(s.kb_id_) for s in row) > 1
    ]
    return frozenset(s._.name for row in firms for s in row)


def _is_firm(name: str, spans: Iterable[Span], told: frozenset[str], text: str, plain_words: Container[str]) -> bool:
    if any(s._.method in _TELLING for s in spans) or _FIRM_ENDS.search(name) or _has_firms_head(name, plain_words):
        return True
    if _BODY.search(name) or name in NOT_NAMES or name in _FIRM_HEADS:
        return False
    return name in told or any(_is_told_beside(s, text) or _acts_as_firm(s) for s in spans)


def _has_firms_head(name: str, plain_words: Container[str]) -> bool:
    """ "Oakmere Systems", but neither "Digital Systems" nor "Retail Software", which may be no more than wares."""
    *words, head = name.split()
    telling = [w for w in words if w not in NOT_NAMES and w not in FIELDS and w != "and"]
    return head in _FIRM_HEADS and any(head not in _WARES or w.lower() not in plain_words for w in telling)


def _is_told_beside(span: Span, text: str) -> bool:
    start, end = span.start_char, span.end_char
    return bool(_AFTER.match(text, end, end + _REACH) or _BEFORE.search(text, max(0, start - _REACH), start))


def _acts_as_firm(span: Span) -> bool:
    """Whether it does, or suffers, what firms do; a short form in capitals may be anything that is said to."""
    root = span.root
    if span.text.isupper():
        return False
    if root.dep_ == "nsubj":
        return lemma(root.head) in _ACTS
    suffers = root.dep_ in ("nsubjpass", "dobj", "dative") or (root.dep_ == "pobj" and root.head.dep_ == "agent")
    verb = root.head.head if root.dep_ == "pobj" else root.head
    return suffers and lemma(verb) in (_ACTS if root.dep_ == "pobj" else _SUFFERED)
