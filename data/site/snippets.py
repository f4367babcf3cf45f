"""The words around a match, the match marked.

FTS5 has a function for it, but asks the whole index again for each row: seconds for the beginning of a common word.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from data.site.layout import shown

_BEFORE, _AFTER = 70, 150


def snippet(columns: Sequence[str | None], phrases: Sequence[str]) -> Markup:
    """The beginning of the first column with a match, or the part of it around the match; empty if there is none.

    >>> snippet(["The Café was fined.", None], ["cafe", "fin"])
    Markup('The <mark>Café</mark> was <mark>fined</mark>.')
    """
    pattern = _pattern(tuple(phrases))
    for text in columns:
        if text and (found := pattern.search(_folded(text))):
            return _marked(text, found.start(), pattern)
    return Markup()


@lru_cache(maxsize=100)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the phrases as the search reads them: whole words, the last of the last as the beginning of one."""
    words = [[re.escape(word) for word in re.findall(r"\w+", _folded(phrase))] for phrase in phrases]
    parts = [r"[\W_]+".join(phrase) for phrase in words if phrase]
    ends = [r"\b"] * (len(parts) - 1) + [r"\w*"]
    return re.compile("|".join(rf"\b{part}{end}" for part, end in zip(parts, ends, strict=True)))


def _marked(text: str, at: int, pattern: re.Pattern[str]) -> Markup:
    start = 0 if at <= _BEFORE else text.find(" ", at - _BEFORE, at) + 1 or at
    end = len(text) if len(text) <= at + _AFTER else text.rfind(" ", at, at + _AFTER)
    part = text[start : end if end > at else at + _AFTER]
    pieces, last = ["" if start == 0 else "…"], 0
    for found in pattern.finditer(_folded(part)):
        before, match = shown(part[last : found.start()]), shown(part[found.start() : found.end()])
        pieces.append(f"{before}<mark>{match}</mark>")
        last = found.end()
    return Markup("".join([*pieces, shown(part[last:]), "" if start + len(part) >= len(text) else "…"]))


def _folded(text: str) -> str:
    """Lower case without accents, letter by letter, so that places stay the same."""
    return text.lower() if text.isascii() else "".join(_letter(c) for c in text)


def _letter(letter: str) -> str:
    folded = unicodedata.normalize("NFD", letter)[0].lower()
    return folded if len(folded) == 1 else letter
