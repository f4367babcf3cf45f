"""Who speaks: the person, organisation or document that the words before "said" stand for."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from extract.components.annotations import ORGANISATIONS
from extract.components.quote_cues import cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.reference import resolve
from extract.facts import SpeakerKind


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


def speaker(layout: Layout, mention: Run, head: Token) -> Speaker:
    """What is known of the speaker whom these words name."""
    doc = layout.doc
    named = list(_entities(doc, mention))
    if head.lower_ in ("who", "which", "that") and head.head.dep_ == "relcl":
        antecedent = head.head.head
        return speaker(layout, Run(antecedent.left_edge.i, antecedent.i + 1), antecedent)
    if (person := next((e for e in named if e.label_ == "PERSON" and head.i < e.end), None)) is not None:
        return _of(person)
    if head.lower_ in cue_table().documents:
        return _document(layout, mention, head, named)
    if (own := next((e for e in named if e.start <= head.i < e.end), None)) is not None:
        return _of(own)
    organisation = next((e for e in named if e.label_ in ORGANISATIONS), None)
    if head.lower_ in cue_table().persons:
        earlier = _earlier_person(doc, head) if organisation is None and _is_definite(layout, mention) else None
        if earlier is not None:
            return _of(earlier)
        role = _role(layout, mention, head)
        return Speaker(
            name=layout.words(mention),
            kind="person",
            role=role,
            affiliation=organisation._.name if organisation else None,
        )
    if (meant := resolve(doc, head)) is not None:
        return _of(meant)
    return Speaker(name=layout.words(mention))


def _entities(doc: Doc, run: Run) -> Iterator[DocSpan]:
    return (e for e in doc.spans["entities"] if run.start <= e.start and e.end <= run.end)


def _of(entity: DocSpan) -> Speaker:
    if entity.label_ == "PERSON":
        return Speaker(
            name=entity._.name,
            kind="person",
            entity=entity.kb_id_ or None,
            role=entity._.role,
            affiliation=entity._.affiliation,
        )
    kind: SpeakerKind = "document" if entity.label_ == "RULE" else "organisation"
    return Speaker(name=entity._.name, kind=kind, entity=entity.kb_id_ or None, is_rule=entity.label_ == "RULE")


def _document(layout: Layout, mention: Run, head: Token, named: list[DocSpan]) -> Speaker:
    """A document: the outlet whose report it is, or the words that tell it best, here or earlier in the article."""
    source = _source(layout, mention, head, named)
    if source is not None:
        return Speaker(
            name=source._.name, kind="document", entity=source.kb_id_ or None, affiliation=source._.affiliation
        )
    owner = next((e for e in named if e.label_ in ORGANISATIONS), None)
    is_rule = head.lower_ in cue_table().rules
    if owner is None and _is_definite(layout, mention):
        for earlier in _same_noun_before(layout, head):
            found = list(_entities(layout.doc, earlier))
            noun = layout.tokens[head.i]
            if (source := _source(layout, earlier, noun, found)) is not None:
                return Speaker(name=source._.name, kind="document", entity=source.kb_id_ or None)
            owner = next((e for e in found if e.label_ in ORGANISATIONS), None)
            if owner is not None:
                return Speaker(name=layout.words(earlier), kind="document", affiliation=owner._.name, is_rule=is_rule)
    return Speaker(
        name=layout.words(mention), kind="document", affiliation=owner._.name if owner else None, is_rule=is_rule
    )


def _source(layout: Layout, run: Run, head: Token, named: list[DocSpan]) -> DocSpan | None:
    """The outlet that made the document: "a report by The Verge", "The Verge's report"."""
    for entity in named:
        before = layout.tokens[entity.start - 1].lower_ if entity.start > run.start else ""
        before = layout.tokens[entity.start - 2].lower_ if before in ("the", "a") else before
        if entity.label_ == "OUTLET" or (before == "by" and entity.label_ in ORGANISATIONS):
            return entity
    return None


def _is_definite(layout: Layout, mention: Run) -> bool:
    return layout.tokens[mention.start].lower_ in ("the", "this", "that", "its", "their", "these", "those")


def _same_noun_before(layout: Layout, head: Token) -> Iterator[Run]:
    """Earlier noun phrases with the same head noun, the nearest first, their complements included."""
    for i in range(head.i - 1, layout.body.start - 1, -1):
        token = layout.tokens[i]
        if token.lower_ == head.lower_ and layout.inside[i] < 0:
            yield Run(token.left_edge.i, token.right_edge.i + 1)


def _earlier_person(doc: Doc, head: Token) -> DocSpan | None:
    """The last person before whose role has the noun in it."""
    people = [
        e
        for e in doc.spans["entities"]
        if e.label_ == "PERSON" and e.end <= head.i and head.lower_ in (e._.role or "").lower()
    ]
    return people[-1] if people else None


def _role(layout: Layout, mention: Run, head: Token) -> str:
    start = head.i
    while (
        start > mention.start
        and layout.tokens[start - 1].dep_ in ("amod", "compound")
        and not layout.tokens[start - 1].ent_type_
    ):
        start -= 1
    return layout.words(Run(start, head.i + 1))
