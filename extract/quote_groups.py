"""The same quote in several articles: the same words, perhaps cut, by the same speaker."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from extract.facts import FiledQuote, Quote, QuoteGroup, Wording

_SHINGLE = 3  # words; one altered word costs three of them
_SHARE = 0.5  # of the shorter wording's shingles that the longer one must have
_FEWEST = 4  # words; shorter quotes are anybody's
_COMMON = 50  # groups; words that so many share tell nothing
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_INSERTED = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_UNNAMED = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|official|company|executive|lawyer|statement|representative)s?\b", re.I
)


@dataclass(slots=True)
class _Group:
    """A group that grows; its first member has the longest wording."""

    shingles: frozenset[tuple[str, ...]]
    members: list[FiledQuote] = field(default_factory=list)


def group_quotes(quotes: Iterable[FiledQuote]) -> tuple[QuoteGroup, ...]:
    """The groups with two members or more, by their first id; the effort grows with the number of words, not of pairs.

    Paraphrase is the outlet's own wording and is not grouped.
    """
    groups: list[_Group] = []
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for filed in _longest_first(quotes):
        shingles = _shingles(words(filed.quote))
        number = _home(filed, shingles, groups, places)
        if number is None:
            number = len(groups)
            groups.append(_Group(shingles))
            for shingle in sorted(shingles):
                places[shingle].append(number)
        groups[number].members.append(filed)
    found = [_as_group(group.members) for group in groups if len(group.members) > 1]
    return tuple(sorted(found, key=lambda group: group.quote_ids))


def words(quote: Quote) -> tuple[str, ...]:
    """The words of a quote as they are compared: those inside the marks, in lower case, without insertions.

    Empty for paraphrase and for what is too short to be told from others.
    """
    if quote.kind == "indirect":
        return ()
    marked = [span.words for span in quote.spans if span.role == "verbatim"]
    found = _WORD.findall(_INSERTED.sub(" ", " ".join(marked or [quote.content])).casefold().replace("’", "'"))
    return tuple(found) if len(found) >= _FEWEST else ()


def quote_keys(quote: Quote) -> tuple[int, ...]:
    """Hashes of the runs of words by which the same quote is found elsewhere."""
    return tuple(sorted({zlib.crc32(" ".join(run).encode()) for run in _shingles(words(quote))}))


def is_same_speaker(one: Quote, two: Quote) -> bool:
    """Whether two quotes can be by one speaker: the same entity or name, or an unnamed one of the same organisation."""
    if one.speaker is None or two.speaker is None:
        return True
    if one.speaker_entity and two.speaker_entity:
        return one.speaker_entity == two.speaker_entity
    first, second = one.speaker.casefold().split(), two.speaker.casefold().split()
    if first[-1:] == second[-1:] and one.speaker_kind == two.speaker_kind == "person":
        return True
    if one.speaker.casefold() == two.speaker.casefold():
        return True
    return (_is_unnamed(one) or _is_unnamed(two)) and bool(_organisations(one) & _organisations(two))


def _is_unnamed(quote: Quote) -> bool:
    return quote.speaker_kind == "organisation" or bool(_UNNAMED.search(quote.speaker or ""))


def _organisations(quote: Quote) -> set[str]:
    names = {quote.affiliation} if quote.affiliation else set()
    if quote.speaker_kind == "organisation" and quote.speaker:
        names.add(quote.speaker)
    return {name.casefold() for name in names}


def _longest_first(quotes: Iterable[FiledQuote]) -> list[FiledQuote]:
    kept = [(len(found), filed) for filed in quotes if (found := words(filed.quote))]
    return [filed for _, filed in sorted(kept, key=lambda pair: (-pair[0], pair[1].id))]


def _shingles(found: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(found[i : i + _SHINGLE] for i in range(len(found) - _SHINGLE + 1))


def _home(
    filed: FiledQuote,
    shingles: frozenset[tuple[str, ...]],
    groups: list[_Group],
    places: dict[tuple[str, ...], list[int]],
) -> int | None:
    """The group that shares most of the quote's shingles and can have its speaker; the oldest of several."""
    shared: dict[int, int] = defaultdict(int)
    for shingle in shingles:
        known = places.get(shingle, [])
        if len(known) <= _COMMON:
            for number in known:
                shared[number] += 1
    enough = [(-count, number) for number, count in shared.items() if count >= _SHARE * len(shingles)]
    for _, number in sorted(enough):
        if is_same_speaker(filed.quote, groups[number].members[0].quote):
            return number
    return None


def _as_group(members: list[FiledQuote]) -> QuoteGroup:
    by_words: dict[tuple[str, ...], list[FiledQuote]] = defaultdict(list)
    for filed in members:
        by_words[words(filed.quote)].append(filed)
    longest = " ".join(next(iter(by_words)))
    wordings = []
    for number, (found, filed_quotes) in enumerate(by_words.items()):
        is_cut = f" {' '.join(found)} " in f" {longest} " or _is_cut(found, longest.split())
        first = min(filed_quotes, key=lambda filed: filed.id)
        wordings.append(
            Wording(
                words=first.quote.content,
                quote_ids=tuple(sorted(filed.id for filed in filed_quotes)),
                relation="whole" if number == 0 else "cut" if is_cut else "altered",
            )
        )
    return QuoteGroup(
        quote_ids=tuple(sorted(filed.id for filed in members)),
        article_ids=tuple(sorted({filed.article_id for filed in members})),
        wordings=tuple(wordings),
    )


def _is_cut(part: tuple[str, ...], whole: list[str]) -> bool:
    """Whether the words stand in the whole in their order, in few pieces."""
    pieces, at = 0, 0
    last = -2
    for word in part:
        if at < len(whole) and whole[at] == word:
            found = at
        else:
            rest = [i for i in range(at, len(whole)) if whole[i] == word]
            if not rest:
                return False
            found = rest[0]
        pieces += found != last + 1
        last, at = found, found + 1
    return pieces <= 3
