"""The cases of the quotes: invented articles, what a reader finds in each, and how what was found differs from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from extract.facts import Quote

TEXTS = Path(__file__).parent / "texts"
PIECE = re.compile(r"\{(\d+)([csv]?) ([^{}]*)\}")
ASKED = {"role": "role", "of": "affiliation", "via": "via", "as": "speaker_kind", "rule": "is_rule_text"}
Facets = dict[str, Any]
"""Content, kind, name of the speaker, and what else is asked for or was found."""


@dataclass(frozen=True)
class Case:
    """One article with the quotes that a reader finds in it."""

    name: str
    text: str
    expected: dict[int, Facets]
    """By number: fragments, kind, speaker and what else is asked for."""
    open: str | None

    def __str__(self) -> str:
        return self.name


def cases() -> list[Case]:
    """All of them, in the order of their files."""
    return [
        _case(f"{path.stem.removeprefix('quotes_')}:{name}", entry)
        for path in sorted(TEXTS.glob("quotes_*.yml"))
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    ]


def _case(name: str, entry: dict[str, Any]) -> Case:
    assert set(entry) <= {"text", "quotes", "open"}, name
    expected: dict[int, Facets] = {
        number: {"content": []} | _facets(facets) for number, facets in entry["quotes"].items()
    }
    for number, part, words in PIECE.findall(entry["text"]):
        assert int(number) in expected, f"{name}: no quote {number}"
        if part:
            expected[int(number)][{"c": "cue", "s": "mention", "v": "through"}[part]] = words
        else:
            expected[int(number)]["content"].append(words)
    return Case(name, PIECE.sub(lambda m: m[3], entry["text"]).strip(), expected, entry.get("open"))


def _facets(facets: Facets) -> Facets:
    kind = next(k for k in ("direct", "mixed", "indirect") if k in facets)
    rest = {k: v for k, v in facets.items() if k != kind}
    assert set(rest) <= set(ASKED), rest
    return {"kind": kind, "name": facets[kind], **rest}


def told(quote: Quote) -> Facets:
    """The quote in the form of the cases."""
    spans = {span.role: span.words for span in reversed(quote.spans)}
    return {
        "content": [_bare(span.words) for span in quote.spans if span.role == "content"],
        "kind": quote.kind,
        "name": quote.speaker,
        "mention": spans.get("speaker"),
        "cue": spans.get("cue"),
        **{key: getattr(quote, field) for key, field in ASKED.items()},
    }


def _bare(words: str) -> str:
    """Without the comma or stop at the end, which is nobody's."""
    return words.rstrip(" .,;:")


def paired(case: Case, quotes: list[Quote]) -> Iterator[tuple[Facets | None, Facets | None]]:
    """Each expected quote with the found one that shares most of its words, if any."""
    left = [told(quote) for quote in quotes]
    for expected in case.expected.values():
        words = set(" ".join(expected["content"]).split())
        best = max(left, key=lambda t: len(words & set(" ".join(t["content"]).split())), default=None)
        if best is not None and len(words & set(" ".join(best["content"]).split())) * 2 >= len(words):
            left.remove(best)
            yield expected, best
        else:
            yield expected, None
    yield from ((None, extra) for extra in left)


def wrong(expected: Facets | None, got: Facets | None) -> list[str]:
    """The facets in which a found quote differs from the expected one."""
    if expected is None:
        return [f"nobody said {got['content']}"] if got else []
    if got is None:
        return [f"not found: {expected['content']}"]
    asked = {key: value for key, value in expected.items() if key not in ("content", "through")}
    bad = [
        f"{key}: {got[key]!r}, expected {value!r}" for key, value in asked.items() if not _agrees(key, got[key], value)
    ]
    if got["content"] != (content := [_bare(words) for words in expected["content"]]):
        bad.insert(0, f"content: {got['content']}, expected {content}")
    return bad


def _agrees(key: str, got: object, value: object) -> bool:
    if key in ("name", "via", "of") and isinstance(got, str) and isinstance(value, str):
        return got.removeprefix("The ").removeprefix("the ") == value.removeprefix("The ").removeprefix("the ")
    if key in ("mention", "cue") and isinstance(got, str):
        return str(value) in got or got in str(value)
    return got == value
