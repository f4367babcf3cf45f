"""What is compared of a story when stories are grouped: its words, names, amounts and acts, cleaned of furniture."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extract.facts import Story

LEAD = 250
"""Words of the text that count as its beginning."""
BODY = 800
"""Words of the text that are read at all."""
RUN = 10
"""Words in a row that make a piece of furniture."""
UNDER_TITLES = 3
"""A run that one publisher prints under this many unrelated titles is its furniture."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One story as the grouping sees it; words are stems."""

    article_id: int
    day: int | None
    """Of publication, counted as `date.toordinal` does; ``None`` if unknown."""
    publisher: str
    title: tuple[str, ...]
    """In order."""
    lead: Mapping[str, int]
    """How often each word stands in the beginning, the title's words counted twice more."""
    names: Mapping[str, int]
    """Words written with a capital that the text never writes without one."""
    amounts: frozenset[str]
    acts: frozenset[str]
    """Kinds of act that the title speaks of."""
    length: int
    """Words of the text, furniture left out."""
    written: Mapping[str, str]
    """How the words of the title and the names are written, without a possessive."""


def profiles(stories: Sequence[Story]) -> list[Profile]:
    """The profiles of stories, in their order."""
    tokens = [_TOKEN.findall(story.text[: BODY * 10])[:BODY] for story in stories]
    by_publisher: dict[str, list[int]] = defaultdict(list)
    for number, story in enumerate(stories):
        by_publisher[(story.publisher or "").casefold()].append(number)
    for publisher, numbers in by_publisher.items():
        if publisher and len(numbers) >= UNDER_TITLES:
            furniture = _furniture([(stories[n].title, tokens[n]) for n in numbers])
            for n in numbers:
                tokens[n] = _without(tokens[n], furniture)
    return [_profile(story, words) for story, words in zip(stories, tokens, strict=True)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A word without case, possessive and most endings, alike in many languages.

    >>> [stem(word) for word in ("Regulators’", "fines", "fined", "investigating")]
    ['regulat', 'fine', 'fine', 'investi']
    """
    word = word.casefold().split("’")[0].split("'")[0]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ed"):
        word = word[:-1]
    return word[:7]


def title_words(title: str) -> tuple[str, ...]:
    """The stems of a title's words, in order."""
    return tuple(stem(token) for token in _TOKEN.findall(title))


def _profile(story: Story, tokens: list[str]) -> Profile:
    titled = _TOKEN.findall(story.title)
    small = {token for token in tokens if token[0].islower()}
    names = [t for t in (*titled, *tokens) if t[0].isupper() and len(t) > 1 and t.casefold() not in small]
    title = title_words(story.title)
    return Profile(
        article_id=story.article_id,
        day=date.fromisoformat(story.published).toordinal() if story.published else None,
        publisher=(story.publisher or "").casefold(),
        title=title,
        lead=Counter(s for s in (*title, *title, *map(stem, tokens[:LEAD])) if len(s) > 1),
        names=Counter(map(stem, names)),
        amounts=frozenset(_amounts(f"{story.title}\n{' '.join(tokens[:LEAD])}")),
        acts=frozenset(_ACTS[s] for s in (t.casefold()[:5] for t in titled) if s in _ACTS),
        length=len(tokens),
        written={stem(token): _POSSESSIVE.sub("", token) for token in (*reversed(names), *reversed(titled))},
    )


def _amounts(text: str) -> Iterator[str]:
    """The figures of sums of money and of counts in millions, without their zeros."""
    for found in _AMOUNT.finditer(text):
        if figures := (found[1] or found[2]).rstrip(".,").replace(",", ".").rstrip("0").rstrip("."):
            yield figures


def _furniture(printed: Sequence[tuple[str, list[str]]]) -> frozenset[int]:
    """The runs of words that stand under several titles which have little in common."""
    runs = [frozenset(_runs(tokens)) for _, tokens in printed]
    often = Counter(run for its in runs for run in its)
    titles: dict[int, list[frozenset[str]]] = {run: [] for run, n in often.items() if n >= UNDER_TITLES}
    for (line, _), its in zip(printed, runs, strict=True):
        title = frozenset(stem(t) for t in _TOKEN.findall(line) if len(t) > 3)
        for known in (titles[run] for run in its & titles.keys()):
            if len(known) < UNDER_TITLES and all(len(title & other) * 2 < len(title | other) for other in known):
                known.append(title)
    return frozenset(run for run, known in titles.items() if len(known) >= UNDER_TITLES)


def _runs(tokens: list[str]) -> Iterator[int]:
    words = [token.casefold() for token in tokens]
    return map(hash, zip(*(words[n:] for n in range(RUN)), strict=False))


def _without(tokens: list[str], furniture: frozenset[int]) -> list[str]:
    if not furniture:
        return tokens
    cut = {n for start, run in enumerate(_runs(tokens)) if run in furniture for n in range(start, start + RUN)}
    return [token for n, token in enumerate(tokens) if n not in cut]


_TOKEN = re.compile(r"\w+(?:[.,]\d+)*(?:[’']\w+)?")
_POSSESSIVE = re.compile(r"[’']s?$")
_AMOUNT = re.compile(
    r"(?:[$€£¥]\s?|\b(?:EUR|USD|GBP|Rs)\s?)(\d[\d.,]*)"
    r"|\b(\d[\d.,]*)[\s-]?(?:m|mn|bn|million(?:en|es|i|s)?|milliard(?:en|s)?|billion|trillion|euros?|dollars?|pounds?)\b",
    re.IGNORECASE,
)
# The first five letters of a title's word → the kind of act it speaks of.
_ACTS = {
    word[:5]: kind
    for kind, words in {
        "fine": "fine fined fines penalty penalised penalized",
        "probe": "probe probes investigates investigation inquiry scrutiny examines",
        "sue": "sues sued lawsuit suit court complaint",
        "settle": "settle settles settlement pledges commitments",
        "ban": "ban bans banned block blocks suspends suspended",
        "appeal": "appeal appeals overturns",
        "charge": "charges charged accuses accused arrested indicted",
        "find": "breach breached violates violated violating finds found illegal unlawful",
        "order": "order orders ordered recall recalls cease injunction",
        "result": "earnings results revenue shares stock profit quarter",
        "buy": "acquires acquisition takeover merger deal",
        "launch": "launches launch unveils introduces releases",
        "law": "law bill directive regulation proposes proposal adopts",
        "plan": "plans strategy roadmap",
        "warn": "warns warning urges urge calls demand",
    }.items()
    for word in words.split()
}
