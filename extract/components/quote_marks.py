"""Words between quotation marks: paired paragraph by paragraph, so that a lost mark costs one paragraph only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_PARAGRAPH = re.compile(r"[^\n]+")
_DOUBLE = re.compile(r"''|``|‘‘|’’|[\"“”„«»]")
_SINGLE = re.compile(r"(?<!['‘’`])['‘’](?!['‘’])")
_ONLY_OPENS = frozenset({"“", "„", "«", "``", "‘‘"})
_FAMILIES = {
    **dict.fromkeys(["“", "”", "„"], "curly"),
    **dict.fromkeys(["«", "»"], "angle"),
    **dict.fromkeys(["''", "``", "‘‘", "’’"], "doubled"),
    '"': "straight",
}
_BEFORE_OPENING = frozenset(" \t\u00a0\u202f([{—–-/:‘'“\"«„…")
_AFTER_CLOSING = frozenset(" \t\u00a0\u202f)]}—–-/:;,.?!…’'”\"»")
# In what a paragraph leaves open: the closing mark before it was lost.
_ATTRIBUTION = re.compile(r",\s+(?:[A-Z][\w.-]+ |he |she |they |the \w+ ){1,3}(?:said|says|added|wrote)[.,:][^\"“”»]*$")
_SHORTEST_SINGLE = 8  # characters between single marks; less is a nickname or two apostrophes


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words between marks, in one paragraph."""

    start: int
    """Of the opening mark."""
    end: int
    """After the closing mark, or the end of the paragraph if that is left open."""
    inner_start: int
    inner_end: int
    runs_on: bool = False
    """The paragraph leaves it open because the next one opens again."""
    is_title: bool = False
    """Every longer word is capitalised and nothing ends a sentence: “The Polite Machine,”."""
    follows_on: bool = False
    """It goes on with what the paragraph before left open."""


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    family: str
    """Of marks that go together."""
    opens: bool
    closes: bool


def passages(text: str, start: int = 0) -> list[Passage]:
    """What stands between double marks from ``start`` on (between single ones where a paragraph has no double ones).

    >>> [text[p.inner_start:p.inner_end] for text in ["He “lost ‘it’” and said: \\"No.\\""] for p in passages(text)]
    ['lost ‘it’', 'No.']
    """
    paragraphs = [(m.start(), m.end()) for m in _PARAGRAPH.finditer(text, start) if not m.group().isspace()]
    found: list[Passage] = []
    running = False
    for number, (begin, end) in enumerate(paragraphs):
        marks = list(_double_marks(text, begin, end))
        following = text[slice(*paragraphs[number + 1])] if number + 1 < len(paragraphs) else ""
        runs_on = bool(_DOUBLE.match(following.lstrip())) and not _ATTRIBUTION.search(text, begin, end)
        runs_on = runs_on or _closes_first(text, paragraphs[number + 1 : number + 2])
        here = []
        if running and _closes_first(text, [(begin, end)]):
            first, *marks = marks
            here = [Passage(start=begin, end=first.end, inner_start=begin, inner_end=first.start)]
        here += _paired(marks, end, runs_on=runs_on)
        if not marks and not here:
            here = list(_paired(list(_single_marks(text, begin, end)), end, runs_on=False, shortest=_SHORTEST_SINGLE))
        if running and here and here[0].start == begin:
            here[0] = replace(here[0], follows_on=True)
        running = bool(here) and here[-1].runs_on
        found += [replace(p, is_title=True) if _is_title(text[p.inner_start : p.inner_end]) else p for p in here]
    return found


def _closes_first(text: str, paragraphs: list[tuple[int, int]]) -> bool:
    """Whether the paragraph closes a mark before it opens one: the one before is open, though this one opens none."""
    first = next((mark for begin, end in paragraphs for mark in _double_marks(text, begin, end)), None)
    return first is not None and first.closes and not first.opens


def _is_title(words: str) -> bool:
    return words.strip()[-1:] not in ".?!…" and is_capitalised(words)


def is_capitalised(words: str) -> bool:
    """Whether there are several words, and each of the longer ones is capitalised."""
    longer = [word for word in words.split() if len(word) > 3]
    return len(words.split()) > 1 and bool(longer) and all(word[0].isupper() for word in longer)


def _double_marks(text: str, begin: int, end: int) -> Iterator[_Mark]:
    for match in _DOUBLE.finditer(text, begin, end):
        opens, closes = _turns(text, match, begin, end)
        if match.group() == '"' and match.start() > begin and text[match.start() - 1].isdigit() and not closes:
            continue  # inches
        if match.group() in _ONLY_OPENS and opens:
            closes = False
        yield _Mark(match.start(), match.end(), _FAMILIES[match.group()], opens, closes)


def _single_marks(text: str, begin: int, end: int) -> Iterator[_Mark]:
    """Single marks that can be no apostrophes: straight ones close next to other punctuation only."""
    for match in _SINGLE.finditer(text, begin, end):
        opens, closes = _turns(text, match, begin, end)
        mark = match.group()
        before = text[match.start() - 1] if match.start() > begin else " "
        after = text[match.end()] if match.end() < end else "."
        if opens and mark != "’" and not after.isdigit():
            yield _Mark(match.start(), match.end(), "single", True, False)
        elif (
            closes and mark != "‘" and (before in ",.?!…" or (before.isalnum() and (mark == "’" or after in ",.;:?!)")))
        ):
            yield _Mark(match.start(), match.end(), "single", False, True)


def _turns(text: str, mark: re.Match[str], begin: int, end: int) -> tuple[bool, bool]:
    """Whether what stands around the mark lets it open, and lets it close."""
    before = text[mark.start() - 1] if mark.start() > begin else " "
    after = text[mark.end()] if mark.end() < end else " "
    return before in _BEFORE_OPENING and not after.isspace(), after in _AFTER_CLOSING and not before.isspace()


def _paired(marks: list[_Mark], end: int, *, runs_on: bool, shortest: int = 1) -> Iterator[Passage]:
    """Passages of one paragraph that ends at ``end``; marks of another family inside a passage are nested."""
    opened: _Mark | None = None
    nested = ""
    for mark in marks:
        only_opens = mark.opens and not mark.closes
        if opened is None:
            opened, nested = (mark if mark.opens or not mark.closes else None), ""
        elif nested and mark.family == nested:
            nested = "" if mark.closes else nested
        elif only_opens and mark.family != opened.family and mark.family != nested:
            nested = mark.family
        elif only_opens:
            opened = mark  # the one before lost its partner
        else:
            if mark.start - opened.end >= shortest:
                yield Passage(start=opened.start, end=mark.end, inner_start=opened.end, inner_end=mark.start)
            opened = None
    if opened is not None and runs_on:
        yield Passage(start=opened.start, end=end, inner_start=opened.end, inner_end=end, runs_on=True)
