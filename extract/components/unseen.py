"""Firms and projects that no list has, by the words around them: "code-named X", "the X chatbot", "X, a start-up"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.components.found import Found, Grid
from extract.components.word_index import first_words
from extract.components.words import BOUND, CAP, NOT_NAMES, any_of, given_names
from extract.vocabulary import Lexicon, load_words

_LISTS = load_words("shapes")
_NAME = rf"{CAP}(?: (?:{CAP}|\d+(?:\.\d+)?)(?![\w-])){{0,3}}"
_PROJECT_NOUN = any_of(_LISTS["project_nouns"])
_COMPANY_NOUN = any_of((*_LISTS["company_nouns"], *_LISTS["body_nouns"]))
_NOUN = f"(?P<project>{_PROJECT_NOUN})|(?P<company>{_COMPANY_NOUN})|(?P<outlet>{any_of(_LISTS['outlet_nouns'])})"
_FILL = rf"(?:(?:{any_of(_LISTS['fillers'])})[ -])"
_QUOTE = r"[\"“‘']?"
_NOT_PREPOSITION = r"(?!(?:of|for|at|in|from|with|by|to|and|who|that|which|whose|on|as)\b)"
# What may follow "a start-up": anything but another noun (a start-up founder).
_NOUN_ENDS = (
    r"(?=$|[.,;:)\n—–]| (?:at|backed|based|built|by|called|created|designed|developed|for|founded|from|has|in|is|it|"
    r"launched|made|on|owned|released|run|said|that|to|used|was|which|whose|with)\b)"
)
_SUFFIX = (
    "Opus|Sonnet|Haiku|Pro|Ultra|Mini|mini|Turbo|turbo|Flash|Nano|nano|Large|Medium|Small|Instruct|Coder|Max|Vision|Voice|Omni|"
    r"preview|Lite|Thinking|Deep Think|Scout|Maverick|Fast|Heavy|\d+[bB]"
)
_VERSIONED = rf"(?:{any_of(_LISTS['families'])})[-‑ ]?[vV]?\d+(?:\.\d+)*(?:[a-z]|[bB])?\+?(?:[-‑ ](?:{_SUFFIX}))*(?!\w)"
_PLURAL = f"(?P<project>{any_of(_LISTS['project_plurals'])})|(?P<company>{any_of(_LISTS['company_plurals'])})"
_THE_NOUN = rf"(?:, |,? \(|,? [–—] )(?:the|its) (?:[a-z][\w’'-]+ ){{0,2}}?(?:{_NOUN})(?=[,;)—–]| (?:that|which|behind))"
_SUCH_AS = r"(?:such as|like|including|e\.g\.,?|for example|namely) "
_LIST = re.compile(
    rf"\b(?i:{_PLURAL}),? \(?{_SUCH_AS}"
    rf"(?P<list>{_NAME}(?:(?:, | and |, and | or |, or ){_NAME})*)"
)
_LEAD = re.compile(_SUCH_AS)
_KIND = re.compile(rf"\b(?i:{_PLURAL}),? \(?\Z")
_LONGEST_KIND = 4 + max(map(len, (*_LISTS["project_plurals"], *_LISTS["company_plurals"])))
_IN = r"(?: (?:in|of|the|and|for|on))*"
# By method: the pattern, and whether the name must be checked for words that only begin a sentence.
_RULES: dict[str, tuple[re.Pattern[str], bool]] = {
    "rule:version": (re.compile(rf"{BOUND}(?P<name>{_VERSIONED})"), False),  # GPT-4o, Claude 3.7 Sonnet
    "rule:project": (re.compile(rf"{BOUND}(?P<name>Project (?:{CAP}|\d+)(?: {CAP})?)(?![\w-])"), False),
    "rule:numbered": (  # Kestrel-2
        re.compile(rf"{BOUND}(?P<name>(?!(?:{any_of(_LISTS['not_numbered'])})[-‑])[A-Z][a-z]+(?:[A-Z][a-z]+)*[-‑]\d(?:\.\d+)?[a-zA-Z]?)(?![\w-])"),
        False,
    ),
    "rule:code-name": (
        re.compile(
            r"(?i:code[- ]?named?|codenamed|under the (?:code[- ]?|working )name|internally (?:called|known as|dubbed))"
            rf"(?: of| as)?,? {_QUOTE}(?P<name>{_NAME})"
        ),
        True,
    ),
    "rule:noun-before": (
        re.compile(rf"\b(?:{_NOUN})(?:,? (?:called|named|dubbed|known as|nicknamed))?,? {_QUOTE}(?P<name>{_NAME})"),
        True,
    ),
    "rule:apposition": (
        re.compile(
            rf"{BOUND}(?P<name>{_NAME})(?:, |,? \(|,? [–—] | is | was )(?:an?|one of the) "
            rf"(?:{_NOT_PREPOSITION}[\w’'.-]+,? ){{0,6}}?(?:{_NOUN}){_NOUN_ENDS}"
        ),
        True,
    ),
    "rule:version-of": (
        re.compile(
            rf"\b(?:{any_of(_LISTS['versions'])}) (?:of|to|for) (?P<name>{CAP}(?: \d+(?:\.\d+)?)?)(?![\w-]| [A-Z])"
        ),
        True,
    ),
    "rule:apposition-the": (re.compile(rf"{BOUND}(?P<name>{_NAME}){_THE_NOUN}"), True),
    "rule:dataset": (
        re.compile(rf"{BOUND}(?P<name>{CAP}(?:{_IN} {CAP})*)(?: \([\w-]+\))? {_FILL}*(?:dataset|data set|corpus)s?\b"),
        True,
    ),
    "rule:quoted": (  # its “Night Owl” mode
        re.compile(
            rf"[“\"‘](?P<name>{CAP}(?: (?:{CAP}|\d+)){{0,3}})[”\"’] {_FILL}*(?:{_PROJECT_NOUN}|mode|setting)s?\b"
        ),
        False,
    ),
    "rule:noun-after": (
        re.compile(rf"{BOUND}(?P<name>{_NAME}) (?P<fill>{_FILL}*)(?P<noun>{_PROJECT_NOUN})\b"),
        True,
    ),
}  # fmt: skip
_PROJECTS = first_words(_LISTS["project_nouns"])
_NOUNS = _PROJECTS | first_words((*_LISTS["company_nouns"], *_LISTS["body_nouns"], *_LISTS["outlet_nouns"]))
# What a line must have for a rule to find anything in it, if not numbers; and what is looked for first.
_NEEDS = {
    "rule:project": frozenset({"Project"}),
    "rule:noun-before": _NOUNS,
    "rule:apposition": _NOUNS,
    "rule:version-of": first_words(_LISTS["versions"]),
    "rule:apposition-the": _NOUNS,
    "rule:dataset": frozenset({"data", "dataset", "datasets", "corpus"}),
    "rule:quoted": frozenset(f"{noun}{s}" for noun in (*_PROJECTS, "mode", "setting") for s in ("", "s")),
    "rule:noun-after": _PROJECTS,
}
_NEAR = {
    "rule:apposition": re.compile(r"(?:, |\(|[–—] | is | was )(?:an?|one of the) "),
    "rule:apposition-the": re.compile(r"(?:, |\(|[–—] )(?:the|its) "),
    "rule:quoted": re.compile('[”"’] '),
}
_SEAT = re.compile(r"[\w.]+(?: [\w.]+)?[-‑]based ")  # "the maker, Larkmoor-based Orvane"
_CODE_NAME = re.compile(r"code[- ]?name|under the (?:code[- ]?|working )name|internally (?:called|known as|dubbed)")
_BODY_NOUNS = frozenset((*_LISTS["body_nouns"], *_LISTS["other_plurals"]))
# These stand after many names that are no projects' (the Medicaid system): something more must say so.
_WEAK = frozenset(_LISTS["weak_nouns"])


class UnseenNames:
    """Finds names by the words that stand around them."""

    def __init__(self, lexicon: Lexicon) -> None:
        named = ((name, record.slug) for record in lexicon.of_kind("project") for name in record.names)
        self._families = {name: slug for name, slug in named if name in _LISTS["families"]}

    def __call__(self, grid: Grid) -> Iterator[Found]:
        """Projects, organisations and outlets; a version of a known family has the family's slug."""
        for method, (pattern, is_checked) in _RULES.items():
            for match in _matches(grid, method, pattern):
                if method == "rule:noun-after" and match["noun"] in _WEAK and not _is_telling(grid, match):
                    continue
                found = _named(grid, match, method, is_checked)
                if found:
                    slug = self._family(found.name) if method == "rule:version" else found.slug
                    yield replace(found, slug=slug, method=_told_by(match, method))

        yield from _listed(grid)

    def _family(self, name: str) -> str:
        family = max((f for f in self._families if name.startswith(f)), key=len, default="")
        return self._families.get(family, "")


def _matches(grid: Grid, method: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What a rule's pattern finds, which is not tried where something that it needs is missing."""
    if method != "rule:code-name":
        return grid.index.matches(pattern, _NEEDS.get(method, grid.index.numbered), _NEAR.get(method))
    return pattern.finditer(grid.text) if _CODE_NAME.search(grid.tree.small) else iter(())


def _listed(grid: Grid) -> Iterator[Found]:
    """The members of a list whose kind is said before it: "chatbots such as X and Y"."""
    for match in _lists(grid.text):
        for name in re.finditer(_NAME, match["list"]):
            start, end = _trimmed(grid.text, match.start("list") + name.start(), match.start("list") + name.end())
            found = grid.found(start, end, _label(match), _told_by(match, "rule:list")) if start < end else None
            if found and found.name.split()[0] not in given_names():
                yield found


def _lists(text: str) -> Iterator[re.Match[str]]:
    """Every "chatbots such as X and Y": first "such as", which is rare, then what stands before it."""
    end = 0
    for lead in _LEAD.finditer(text):
        kind = _KIND.search(text, max(end, lead.start() - _LONGEST_KIND), lead.start()) if lead.start() >= end else None
        if kind and (match := _LIST.match(text, kind.start())):
            end = match.end()
            yield match


def _is_telling(grid: Grid, match: re.Match[str]) -> bool:
    """Whether "X … system" is the system's name: something must say what it does, and the model not call X a firm."""
    tokens = grid.tokens(*match.span("name"))
    return bool(match["fill"]) and tokens is not None and grid.tree[tokens[0]].ent_type_ != "ORG"


def _named(grid: Grid, match: re.Match[str], method: str, is_checked: bool) -> Found | None:
    first, end = match.span("name")
    first = seat.end() if (seat := _SEAT.match(grid.text, first, end)) is not None else first
    start = first
    if is_checked:
        start, end = _trimmed(grid.text, first, end)
    found = grid.found(start, end, _label(match), method) if start < end else None
    if found is None or (is_checked and not method.startswith("rule:apposition") and not _is_name(grid, found)):
        return None
    if method in ("rule:noun-before", "rule:apposition", "rule:apposition-the"):
        is_person = " " in found.name and found.name.split()[0] in given_names()
        if is_person or (method == "rule:noun-before" and start != first):
            return None
    return found


def _label(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next((label for label in ("COMPANY", "OUTLET") if groups.get(label.lower())), "PROJECT")


def _told_by(match: re.Match[str], method: str) -> str:
    """The method, or another one where the noun is a body's and not a firm's: "the charity X"."""
    noun = (match.groupdict().get("company") or "").lower()
    return f"{method}-body" if noun in _BODY_NOUNS else method


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without words at the edges that are no part of a name: The, German, Monday, Chief."""
    while (space := text.find(" ", start, end)) > 0 and text[start:space] in NOT_NAMES:
        start = space + 1
    while (space := text.rfind(" ", start, end)) > 0 and text[space + 1 : end] in NOT_NAMES - {"AI"}:
        end = space
    return (start, start) if text[start:end] in NOT_NAMES else (start, end)


def _is_name(grid: Grid, found: Found) -> bool:
    """Whether a capital is not merely that of a sentence's first word."""
    first = grid.tree[found.start]
    if not first.is_sent_start or found.end - found.start > 1 or first.tag_ in ("NNP", "NNPS"):
        return True
    return any(c.isupper() for c in first.text[1:]) and not first.text.isupper()
