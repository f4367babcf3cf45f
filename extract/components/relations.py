"""Who makes, owns or speaks for whom, where the article says so in so many words."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from spacy.tokens import Span

from extract.components.annotations import ORGANISATIONS
from extract.components.found import Grid
from extract.components.reference import resolve
from extract.components.words import any_of
from extract.facts import Relation
from extract.facts import Span as FactSpan
from extract.vocabulary import load_words

_MAKES = "maker|developer|creator|operator|publisher|manufacturer|provider"
_OWNS = "owner"
_PARENT = "parent company|parent firm|parent"
_NOUN = any_of((*load_words("shapes")["project_nouns"], "car", "platform", "site", "website", "service", "product"))
_AGENT = rf"(?P<maker_of>{_MAKES})|(?P<owner_of>{_OWNS})|(?P<parent_of>{_PARENT})"
_DONE = (
    r"(?P<maker_of>made|developed|created|built|designed|operated|run|launched|released|published|trained)"
    r"|(?P<owner_of>owned|acquired|bought)"
)
_MODIFIERS = r"(?:[a-z0-9][\w-]* ){0,4}?"
_ADJECTIVES = r"(?:(?!(?:at|for|from|in|of|on|to|with) )[a-z0-9][\w-]* ){0,4}?"  # no "X's name on the website Y"
# What stands between thing and maker …
_THING_FIRST = (
    re.compile(rf"(?:['’]s?)?[ -](?:{_AGENT}),? "),  # TikTok maker ByteDance, TikTok's owner, ByteDance
    re.compile(rf",? (?:\(|which (?:is|was) |an? {_MODIFIERS}(?:{_NOUN}) )?(?:{_DONE}) by (?:the )?{_MODIFIERS}"),
    re.compile(rf"(?:,| is| was) an? {_MODIFIERS}(?P<maker_of>{_NOUN}) (?:by|from) (?:the )?{_MODIFIERS}"),
)
# … and between maker and thing.
_MAKER_FIRST = (
    re.compile(
        rf",? (?:\(|which (?:is|was) )?(?:the |an? )?{_MODIFIERS}(?:{_AGENT})(?: company| firm)? of (?:the )?"
        rf"{_MODIFIERS}"
    ),
    re.compile(
        rf"['’]s? {_ADJECTIVES}(?P<maker_of>{_NOUN})s?,? (?:called |named |dubbed |code-?named |known as )?[\"“‘]?"
    ),
    re.compile(
        r" (?:has |had |have )?(?P<maker_of>developed|built|created|makes|made|launched|released|unveiled|introduced) "
        rf"(?:the |its |an? )?{_MODIFIERS}"
    ),
)
_ITS_THING = re.compile(
    rf"\b(?P<its>its|their) {_MODIFIERS}(?P<noun>{_NOUN}|LLM|AI model|AI),? "
    r"(?:called |named |dubbed |code-?named |known as )?[\"“‘]?$"
)
_REACH = 90  # characters between two names that one phrase can tie
_SPOKES = ("spokesperson", "spokeswoman", "spokesman", "press secretary", "press officer")


def relations(grid: Grid, entities: list[Span]) -> list[Relation]:
    """The ties between the entities, in the order of the text; those of a person follow from role and affiliation."""
    text = grid.text
    found = [r for a, b in pairwise(entities) for r in _between(text, a, b)]
    people = {span.start: span for span in entities if span.label_ == "PERSON" and span._.affiliation}
    employers: dict[str, list[Span]] = {}
    for span in entities if people else ():
        if span.label_ in ORGANISATIONS:
            employers.setdefault(span._.name, []).append(span)
    for span in entities:
        if span.label_ == "PROJECT":
            found += _of_its(text, span, entities)
        elif span.start in people:
            found += _of_person(text, span, employers)
    return sorted({r.key: r for r in reversed(found)}.values(), key=lambda r: r.evidence.start_char)


def _between(text: str, first: Span, second: Span) -> Iterator[Relation]:
    """What the words between two neighbours say."""
    if second.start_char - first.end_char > _REACH or "\n" in text[first.end_char : second.start_char]:
        return
    for patterns, thing, maker in ((_THING_FIRST, first, second), (_MAKER_FIRST, second, first)):
        if maker.label_ not in ORGANISATIONS or thing.label_ not in ("PROJECT", "COMPANY", "OUTLET"):
            continue
        for pattern in patterns:
            match = pattern.fullmatch(text, first.end_char, second.start_char)
            if match and (kind := next((k for k, v in match.groupdict().items() if v), None)):
                if kind == "maker_of" and thing.label_ != "PROJECT":
                    continue
                yield _relation(text, kind, maker, thing)
                return


def _of_its(text: str, thing: Span, spans: list[Span]) -> Iterator[Relation]:
    """ "its chatbot X": X is made by whom "its" stands for; a court or a regulator makes none."""
    before = max(0, thing.start_char - _REACH)
    match = _ITS_THING.search(text, before, thing.start_char)
    token = thing.doc.char_span(*match.span("its")) if match else None
    maker = resolve(thing.doc, token[0], spans) if token is not None else None
    if maker is not None and maker.label_ in ORGANISATIONS - {"AUTHORITY"}:
        yield _relation(text, "maker_of", maker, thing, start=match.start("its") if match else 0)


def _of_person(text: str, person: Span, employers: Mapping[str, list[Span]]) -> Iterator[Relation]:
    """What somebody with an affiliation is there."""
    known = person._  # made anew each time it is asked for
    if not known.role or known.method == "surname":
        return
    kind = "spokesperson_of" if known.role in _SPOKES else "employee_of"
    if near := employers.get(known.affiliation):
        yield _relation(text, kind, person, min(near, key=lambda s: abs(s.start - person.start)))


def _relation(text: str, kind: str, subject: Span, obj: Span, *, start: int | None = None) -> Relation:
    """The relation with the words from the first name to the last as evidence."""
    first = min(subject.start_char, obj.start_char) if start is None else min(start, obj.start_char)
    last = obj.end_char if start is not None else max(subject.end_char, obj.end_char)
    spans = [FactSpan(start_char=first, end_char=last, words=text[first:last])]
    for role, span in (("subject", subject), ("object", obj)):
        spans.append(FactSpan(start_char=span.start_char, end_char=span.end_char, words=span.text, role=role))
    return Relation(
        spans=tuple(spans),
        kind=kind,  # type: ignore[arg-type]  # the patterns' groups are named after the kinds
        subject=subject._.name,
        subject_entity=subject.kb_id_ or None,
        object=obj._.name,
        object_entity=obj.kb_id_ or None,
    )
