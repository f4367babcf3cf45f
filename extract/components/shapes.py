"""Organisations and places that their own words give away: Ministry of …, … University, … Party, Kingdom of …"""

import re
from collections.abc import Iterable, Iterator

from extract.components.found import Found, Grid, Names
from extract.components.word_index import first_words
from extract.components.words import BOUND, CALENDAR, CAP, FIELDS, OPENERS, any_of, given_names, places, titles
from extract.vocabulary import load_words

_LISTS = load_words("shapes")
_HEAD = any_of(_LISTS["organisations"])
_LEAD = any_of(_LISTS["leading"])
_ACTED = rf"{CAP}(?: {CAP})*"
_NO_DAY = rf"(?!(?:{any_of(CALENDAR)})\b)"
_OF = (
    rf"(?: (?:of|for|on|against)(?: the)? {_NO_DAY}{_ACTED}"
    rf"(?:(?:, {_ACTED})*,? (?:and|&) {_ACTED})?){{1,3}}"
)
_IN = rf"(?: in(?: the)? (?:{any_of(_LISTS['fields'])})\b(?: {CAP})*(?: and {CAP})?)?"
_ORGANISATION = re.compile(
    rf"{BOUND}(?:(?:(?:{CAP}(?: and)? )*(?:{_LEAD}){_OF}{_IN})|(?:{CAP}(?: and| &| No\. ?\d+|(?<=s)['’])? )+(?:{_HEAD})"
    rf"|(?:{CAP} )*{CAP}(?<=s)['’] (?:{any_of(_LISTS['bodies'])}){_OF})(?![\w-])"
)
_PARTISANS = re.compile(rf"{BOUND}(?:{CAP} )+(?:{any_of(_LISTS['partisans'])})(?![\w-])")
_PLACE = re.compile(
    rf"{BOUND}(?:(?:{CAP} )*(?:{any_of(_LISTS['places_leading'])}) of (?:the )?{CAP}(?: {CAP})*"
    rf"|(?:{CAP} )+(?:{any_of(_LISTS['places'])}))(?![\w-])"
)
_KNOWN_PLACE = re.compile(rf"{BOUND}(?:{any_of(places())})(?![\w-])")
_ACRONYM = re.compile(r" \((?:the |or |also |“|\")?([A-Za-z]*[A-Z][A-Za-z]*[A-Z][\w-]{0,8}|[A-Z]{2,})[”\"]?[,;)]")
_AUTHORITY = re.compile(rf"\b(?:{any_of(_LISTS['authorities'])})\b")
_BODY = re.compile(
    rf"^(?:{any_of(_LISTS['bodies'])}) (?:of|for)\b|(?<!Credit )\b(?:{any_of(_LISTS['bodies'])})(?:$| of\b)"
)  # Guild of …
_OUTLET = re.compile(rf" (?:{any_of(_LISTS['outlets'])})$")
_CIVIL = re.compile(r"\b(?:Assembly|Committee|Council) for\b")  # Council for Civil Liberties: no public body
_LEGAL = re.compile(
    rf"{BOUND}((?:{CAP}(?: and| &)? )+){CAP}?,? ?\b(?:{any_of(set(_LISTS['legal']) - {'Holdings'})})(?![\w-])"
)
_HEADED = re.compile(rf"(?:{CAP} )+(?:{_HEAD})\b|\b(?:{_LEAD}) (?:of|for) ")
_LISTING = re.compile(rf"\b(?:{any_of(_LISTS['listing'])})\b")
# What a line must have for a pattern to find anything in it.
_OF_ORGANISATION = first_words((*_LISTS["organisations"], *_LISTS["leading"], *_LISTS["bodies"]))
_OF_PARTISANS = first_words(_LISTS["partisans"])
_OF_PLACE = first_words((*_LISTS["places"], *_LISTS["places_leading"]))
_OF_KNOWN_PLACE = first_words(places())
_OF_LEGAL = first_words(_LISTS["legal"])
_DROPPED = OPENERS | CALENDAR | {"Former", "Then", "Late", "According", "Under"}


class ShapedNames:
    """Finds names by their head words."""

    def organisations(self, grid: Grid) -> Iterator[Found]:
        """Organisations, and with a public body's word authorities."""
        text = grid.text
        for pattern, needs in ((_ORGANISATION, _OF_ORGANISATION), (_PARTISANS, _OF_PARTISANS)):
            for start, end in _parts(grid.index.matches(pattern, needs)):
                start, end = self._trimmed(text, start, end)
                words = text[start:end]
                if " " not in words or (words.count(" ") == 1 and words.split()[0] in given_names()):
                    continue
                if found := grid.found(start, end, label_of(words), "rule:head"):
                    yield found
        for match in grid.index.matches(_LEGAL, _OF_LEGAL):
            start, end = self._trimmed(text, match.start(), match.end())
            if " " in text[start:end] and (found := grid.found(start, end, "COMPANY", "rule:legal-form")):
                yield found

    def places(self, grid: Grid) -> Iterator[Found]:
        text = grid.text
        for match in grid.index.matches(_PLACE, _OF_PLACE):
            start, end = self._trimmed(text, match.start(), match.end())
            words = text[start:end].split()
            if len(words) > 1 and words[0] not in given_names() and (f := grid.found(start, end, "GPE", "rule:head")):
                yield f
        for match in grid.index.matches(_KNOWN_PLACE, _OF_KNOWN_PLACE):
            if found := grid.found(match.start(), match.end(), "GPE", "lexicon"):
                yield found

    def _trimmed(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Without opening words that belong to the sentence, and without what another name adds by "and"."""
        words = text[start:end]
        head, mark, _ = words.rpartition(" and ")
        if mark and head.split()[-1] not in FIELDS and not _LISTING.search(head.partition(" of ")[0]):
            if re.search(r"\b(?:of|for|on|against)\b", head):
                end = start + len(head.rstrip(", "))
            else:
                start += len(head) + len(mark)
        while (space := text.find(" ", start, end)) > 0 and _is_opening(text[start:space]):
            start = space + 1
        return start, end


def label_of(words: str) -> str:
    """What an organisation's own words say it is; universities and unions are bodies, not firms.

    >>> [label_of(w) for w in ("Oakmere Courier", "Oakmere City Council", "University of Oakmere", "Oakmere Systems")]
    ['OUTLET', 'AUTHORITY', 'AUTHORITY', 'COMPANY']
    """
    if _OUTLET.search(words):
        return "OUTLET"
    is_public = _AUTHORITY.search(words) and not _CIVIL.search(words)
    return "AUTHORITY" if is_public or _BODY.search(words) else "COMPANY"


def _parts(matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """The matches, and both halves of "X Party and Y Party"."""
    for match in matches:
        left, mark, right = match.group().rpartition(" and ")
        if mark and _HEADED.search(left) and _HEADED.search(right):
            yield match.start(), match.start() + len(left)
            yield match.end() - len(right), match.end()
        else:
            yield match.span()


def _is_opening(word: str) -> bool:
    return word in _DROPPED or word in titles() or word in ("and", "And", "of", "the")


def acronyms(grid: Grid, names: Names) -> Iterator[Found]:
    """Short forms in brackets after a name, wherever they stand in the text."""
    text = grid.text
    for full in names.sorted({"COMPANY", "AUTHORITY", "OUTLET"}):
        start, end = grid.edges(full)
        match = _ACRONYM.match(text, end)
        if not match or not _abbreviates(match[1], text[start:end]):
            continue
        for start, end in grid.alone(match[1]):
            yield Found(
                start=start, end=end, label=full.label, name=full.name, slug=full.slug,
                method="rule:acronym", is_public=full.is_public,
            )  # fmt: skip


def _abbreviates(short: str, name: str) -> bool:
    """Whether the short form begins as the name does, or has its capitals.

    >>> _abbreviates("ICCL", "Irish Council for Civil Liberties"), _abbreviates("MP", "Labour Party")
    (True, False)
    """
    capitals = [c for c in name if c.isupper()]
    return short[0].upper() == name[0].upper() or sum(c in capitals for c in short if c.isupper()) >= 3
