"""A text with its facts marked, and what can be shown of a text that may not be shown whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from markupsafe import Markup, escape

MarkKind = Literal["evidence", "quote", "mention"]
_ORDER = {"evidence": 0, "quote": 1, "mention": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of text that carries a fact."""

    kind: MarkKind
    start: int
    end: int
    anchor: str
    """The ``id`` of its element, unique on the page; empty for none."""
    label: str
    """What it is, for a screen reader and as a tooltip."""
    style: str = ""
    """Kind of the entity or of the quote."""
    entity_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text that is known, and where it stands."""

    start: int
    words: str = field(repr=False)

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading, or a gap."""

    kind: Literal["paragraph", "heading", "gap"]
    piece: Piece | None = None
    marks: tuple[Mark, ...] = ()
    gap: int | None = None
    """How many characters are left out; ``None`` if nobody can tell."""


def pieces_of(text: str, spans: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """What is known of a text of which only the beginning and the words of some spans may be shown.

    One letter between two pieces is taken for the space that it nearly always is.
    """
    known = [Piece(start=0, words=text)] if text else []
    for span in sorted(spans, key=lambda s: (s["start_char"], -s["end_char"])):
        piece = Piece(start=span["start_char"], words=span["words"])
        if piece.start < 0 or not piece.words:
            continue
        if known and piece.start <= known[-1].end + 1:
            last = known[-1]
            between = " " * (piece.start - last.end)
            known[-1] = Piece(
                start=last.start, words=last.words + between + piece.words[max(0, last.end - piece.start) :]
            )
        else:
            known.append(piece)
    return known


def blocks(pieces: list[Piece], marks: Iterable[Mark], *, whole: bool) -> Iterator[Block]:
    """The pieces as paragraphs with their marks; gaps between them, and one at the end unless they are the whole.

    A mark that does not lie within one piece is left out, never moved.
    """
    fit = [m for m in marks if m.start < m.end and any(p.start <= m.start and m.end <= p.end for p in pieces)]
    end = 0
    for piece in pieces:
        if piece.start > end:
            yield Block(kind="gap", gap=piece.start - end)
        yield from _paragraphs(piece, fit)
        end = piece.end
    if not whole:
        yield Block(kind="gap")


def markup(block: Block, address: Callable[[int], str]) -> Markup:
    """A block's words with its marks as elements; ``address`` gives that of an entity's page."""
    if block.piece is None:
        return Markup()
    return Markup().join(_elements(block.piece, list(block.marks), address))


def _paragraphs(piece: Piece, marks: list[Mark]) -> Iterator[Block]:
    start = piece.start
    for paragraph in piece.words.split("\n"):
        part = Piece(start=start, words=paragraph)
        if paragraph.strip():
            inside = tuple(_clipped(mark, part) for mark in marks if mark.start < part.end and mark.end > part.start)
            yield Block(kind="heading" if _is_heading(paragraph, piece) else "paragraph", piece=part, marks=inside)
        start = part.end + 1


def _clipped(mark: Mark, piece: Piece) -> Mark:
    """The part of a mark that lies in a paragraph; its anchor stays with its first words."""
    anchor = mark.anchor if mark.start >= piece.start else ""
    return replace(mark, start=max(mark.start, piece.start), end=min(mark.end, piece.end), anchor=anchor)


def _is_heading(paragraph: str, piece: Piece) -> bool:
    """A short line of its own without the end of a sentence."""
    return len(paragraph) < 80 and len(piece.words) > 200 and not paragraph.rstrip().endswith(tuple(".!?:;,”\"’'…)|*"))


def _elements(piece: Piece, marks: list[Mark], address: Callable[[int], str], outer: str = "") -> Iterator[Markup]:
    """The words of a piece, each mark an element around its own; one that overlaps another is cut in two."""
    marks = sorted(marks, key=lambda m: (m.start, -m.end, _ORDER[m.kind]))
    at = piece.start
    while marks:
        mark, *marks = marks
        yield escape(piece.words[at - piece.start : mark.start - piece.start])
        inside = [_clipped(m, _part(piece, mark)) for m in marks if m.start < mark.end]
        behind = [replace(m, start=mark.end, anchor="") for m in marks if m.start < mark.end < m.end]
        yield _element(mark, Markup().join(_elements(_part(piece, mark), inside, address, mark.kind)), address, outer)
        marks = sorted(
            [*behind, *(m for m in marks if m.start >= mark.end)], key=lambda m: (m.start, -m.end, _ORDER[m.kind])
        )
        at = mark.end
    yield escape(piece.words[at - piece.start :])


def _part(piece: Piece, mark: Mark) -> Piece:
    return Piece(start=mark.start, words=piece.words[mark.start - piece.start : mark.end - piece.start])


def _element(mark: Mark, inner: Markup, address: Callable[[int], str], outer: str) -> Markup:
    anchor = Markup(' id="{}"').format(mark.anchor) if mark.anchor else Markup()
    if mark.kind == "mention":
        if mark.entity_id is None or outer == "mention":
            return Markup('<span class="mention {}" title="{}"{}>{}</span>').format(
                mark.style, mark.label, anchor, inner
            )
        return Markup('<a class="mention {}" href="{}" title="{}"{}>{}</a>').format(
            mark.style, address(mark.entity_id), mark.label, anchor, inner
        )
    begin = Markup('<span class="vh">[{}:] </span>').format(mark.label) if mark.anchor else Markup()
    end = Markup('<span class="vh"> [end] </span>') if mark.anchor else Markup()
    tag, names = ("mark", "evidence") if mark.kind == "evidence" else ("span", f"q {mark.style}")
    return Markup('<{} class="{}" title="{}"{}>{}{}{}</{}>').format(
        tag, names, mark.label, anchor, begin, inner, end, tag
    )
