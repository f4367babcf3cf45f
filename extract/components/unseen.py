"""Firms and projects that no list has, by what the text calls them: "code-named X", "the X chatbot", "X, a start-up"."""

import re
from collections.abc import Iterator

from extract.components.found import Found, Grid, Names
from extract.components.words import BOUND, CALENDAR, CAP, OPENERS, any_of, demonyms, generic, places, titles
from extract.vocabulary import Lexicon, load_words

_LISTS = load_words("shapes")
_NAME = rf"{CAP}(?: (?:{CAP}|\d+(?:\.\d+)?)(?![\w-])){{0,3}}"
_PROJECT_NOUN = any_of(_LISTS["project_nouns"])
_COMPANY_NOUN = any_of(_LISTS["company_nouns"])
_BODY_NOUN = any_of(_LISTS["body_nouns"])
_OUTLET_NOUN = any_of(_LISTS["outlet_nouns"])
_NOUNS = {"PROJECT": _PROJECT_NOUN, "COMPANY": rf"{_COMPANY_NOUN}|{_BODY_NOUN}", "OUTLET": _OUTLET_NOUN}
_ANY_NOUN = "|".join(f"(?P<{label.lower()}>{nouns})" for label, nouns in _NOUNS.items())
_QUOTE = r"[\"“‘']?"
_NOT_PREPOSITION = r"(?!(?:of|for|at|in|from|with|by|to|and|who|that|which|whose|on)\b)"
_VERSION = (
    rf"{BOUND}(?:{any_of(_LISTS['families'])})[-‑ ]?[vV]?\d+(?:\.\d+)*(?:[a-z]|[bB])?\+?"
    r"(?:[-‑ ](?:Opus|Sonnet|Haiku|Pro|Ultra|Mini|mini|Turbo|turbo|Flash|Nano|nano|Large|Medium|Small|Instruct|Coder|Max|Vision|Voice"
    r"|Omni|preview|Lite|Thinking|Deep Think|Scout|Maverick|Fast|Heavy|\d+[bB]))*(?!\w)"
)
_RULES = {
    # family and version: GPT-4o, Claude 3.7 Sonnet
    "rule:version": re.compile(rf"(?P<name>{_VERSION})"),
    "rule:project": re.compile(rf"{BOUND}(?P<name>Project (?:{CAP}|\d+)(?: {CAP})?)(?![\w-])"),
    "rule:code-name": re.compile(
        rf"(?i:code[- ]?named?|codenamed|under the (?:code[- ]?|working )name|internally (?:called|known as|dubbed))"
        rf"(?: of| as)?,? {_QUOTE}(?P<name>{_NAME})"
    ),
    # a word with a number: Kestrel-2
    "rule:numbered": re.compile(rf"{BOUND}(?P<name>[A-Z][a-z]+(?:[A-Z][a-z]+)*[-‑]\d(?:\.\d+)?[a-zA-Z]?)(?![\w-])"),
}
_AFTER_NOUN = re.compile(
    rf"\b(?:{_ANY_NOUN})(?:,? (?:called|named|dubbed|known as|nicknamed))?,? {_QUOTE}(?P<name>{_NAME})"
)
_APPOSED = re.compile(
    rf"{BOUND}(?P<name>{_NAME}),? (?:\(|– |— )?(?:an?|the|its|one of the|which is an?|is an?) "
    rf"(?:{_NOT_PREPOSITION}[\w’'.-]+,? ){{0,6}}?(?:{_ANY_NOUN})\b(?! of\b)"
)
_BEFORE_NOUN = re.compile(
    rf"{BOUND}(?P<name>{_NAME})(?: (?P<fill>(?:(?:{any_of(_LISTS['fillers'])})(?: |-))*)|-(?P<fill2>))(?P<noun>{_PROJECT_NOUN})s?\b"
)
# These stand after many names that are no projects' (the Medicaid system): something more must say so.
_WEAK = frozenset(
    ("database", "device", "feature", "program", "programme", "project", "speaker", "system", "tool", "toy")
    + ("operating system", "car model", "search engine", "model")
)
_NOT_NUMBERED = frozenset(
    {
        "Covid",
        "Article",
        "Section",
        "Title",
        "Type",
        "Level",
        "Phase",
        "Chapter",
        "Boeing",
        "Airbus",
        "Figure",
        "Tier",
        "Class",
    }
)
_OPENING = re.compile(r"(?:^|[.!?:;\n“\"(] ?)$")


class UnseenNames:
    """Finds names by the words that stand around them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._families = {
            name: r.slug for r in lexicon.of_kind("project") for name in r.names if name in _LISTS["families"]
        }

    def __call__(self, grid: Grid, names: Names) -> Iterator[Found]:
        """Projects and organisations; ``names`` are those that are known already."""
        text = grid.doc.text
        for method, pattern in _RULES.items():
            for match in pattern.finditer(text):
                if method == "rule:numbered" and re.split("[-‑]", match["name"])[0] in _NOT_NUMBERED:
                    continue
                yield from self._named(grid, names, match, "PROJECT", method)
        for pattern, method in ((_AFTER_NOUN, "rule:noun-before"), (_APPOSED, "rule:apposition")):
            for match in pattern.finditer(text):
                label = next(label for label in _NOUNS if match[label.lower()])
                yield from self._named(grid, names, match, label, method)
        for match in _BEFORE_NOUN.finditer(text):
            if match["noun"] not in _WEAK or match["fill"]:
                yield from self._named(grid, names, match, "PROJECT", "rule:noun-after")

    def _named(self, grid: Grid, names: Names, match: re.Match[str], label: str, method: str) -> Iterator[Found]:
        start, end = _trimmed(grid.doc.text, *match.span("name"), keep=method in ("rule:project", "rule:version"))
        found = grid.found(start, end, label, method) if start < end else None
        if found is None or (method in _CHECKED and not _is_name(grid, found)):
            return
        if method == "rule:version":
            family = next((f for f in sorted(self._families, key=len, reverse=True) if found.name.startswith(f)), None)
            slug = self._families.get(family or "", "")
            found = Found(start=found.start, end=found.end, label=label, name=found.name, method=method, slug=slug)
        yield found


_CHECKED = frozenset({"rule:noun-before", "rule:apposition", "rule:noun-after", "rule:code-name"})


def _trimmed(text: str, start: int, end: int, *, keep: bool) -> tuple[int, int]:
    """Without words at the edges that are no part of a name: The, German, Monday, Chief."""
    if keep:
        return start, end
    skipped = _NOT_NAMES
    while (space := text.find(" ", start, end)) > 0 and text[start:space] in skipped:
        start = space + 1
    while (space := text.rfind(" ", start, end)) > 0 and text[space + 1 : end] in skipped:
        end = space
    return (start, start) if text[start:end] in skipped else (start, end)


_NOT_NAMES = (
    demonyms() | places() | CALENDAR | OPENERS | titles() | generic() | frozenset((*_LISTS["fields"], "New", "Chief"))
)


def _is_name(grid: Grid, found: Found) -> bool:
    """Whether a capital is not merely that of a sentence's first word."""
    first = grid.doc[found.start]
    if not first.is_sent_start and not (found.start and grid.doc[found.start - 1].is_space):
        return True
    return first.tag_ in ("NNP", "NNPS") or found.end - found.start > 1
