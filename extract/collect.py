"""The facts of an annotated Doc, with offsets into the article's text."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from extract.components.annotations import KINDS
from extract.facts import Fact, Mention, MentionKind, Span, Text


def collect(doc: Doc, text: Text) -> tuple[Fact, ...]:
    """Mentions in the order of the text, then relations, quotes and violations in theirs.

    A fact without a span in the body is left out: what a headline alone says has no words to open on.
    """
    found: Iterable[Fact] = (*_mentions(doc), *doc._.relations, *doc._.quotes, *doc._.violations)
    return tuple(moved for fact in found if (moved := _into_body(fact, doc._.body_start, text.text)))


def _mentions(doc: Doc) -> Iterator[Mention]:
    body_start = doc._.body_start
    in_title = {_identity(span) for span in doc.spans["entities"] if span.end_char <= body_start}
    for span in sorted((*doc.spans["entities"], *doc.spans["makers"]), key=lambda s: (s.start_char, -s.end_char)):
        own = span._  # made anew each time it is asked for
        yield Mention(
            spans=(Span(start_char=span.start_char, end_char=span.end_char, words=span.text, role="mention"),),
            kind=cast(MentionKind, KINDS[span.label_]),
            name=own.name,
            entity=span.kb_id_ or None,
            method=own.method,
            role=own.role,
            affiliation=own.affiliation,
            in_title=bool(in_title) and _identity(span) in in_title,
        )


def _identity(span: DocSpan) -> str:
    return span.kb_id_ or f"{span.label_} {span._.name}"


def _into_body(fact: Fact, start: int, body: str) -> Any:
    """The fact with offsets into the body and the words as they stand there, or ``None``."""
    moved = tuple(
        replace(
            span,
            start_char=span.start_char - start,
            end_char=span.end_char - start,
            words=body[span.start_char - start : span.end_char - start],
        )
        for span in fact.spans
        if span.start_char >= start
    )
    return replace(fact, spans=moved) if moved and fact.evidence.start_char >= start else None
