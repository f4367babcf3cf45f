"""The article's own words out of the blocks of a page, and what was left out."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import trafilatura
from lxml.html import HtmlElement

from crawler.items import Cut
from crawler.pages.blocks import TAGS_ABOVE, Block
from crawler.pages.dates import stamp
from crawler.pages.features import rows
from crawler.pages.judge import chances, threshold
from crawler.pages.lines import ENDS, GOES_ON, SIGN_OFF, glued
from crawler.pages.markup import Markup, texts

SURE = 0.93
"""Certainty below which a second reader is asked: one annotated page in eight, mostly those read badly."""
_OTHER = 0.4
"""What the second reader's verdict counts beside our own, where it is asked."""
_CORE = (0.3, 0.9)
"""Between these lies the second reader's share of our text where it may be the article, and the rest of ours not."""
_BARS = (0.25, 0.6)
"""Between these lies the chance from which a block is text; where, each page says for itself."""
MAX_CUTS = 100
"""Blocks that are kept for inspection beside the text, of those that were left out."""
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_STEPS = 3
"""Lines said again from which a list is one of steps; a pull quote is said again once."""
_CLOCK = re.compile(r"\W*\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?\W*", re.I)
"""A block that is a time of day, as stands above each entry of a live blog."""
_ENTRIES = 8
"""Times of one look from which a page may be a live blog."""
_TOLD = 0.25
"""The share of the likely text that must stand between them; of times beside headlines next to none does."""
_LEAST = 0.3
"""The chance down to which blocks after the last time belong to its entry."""
_ASIDE = {tag: 1 << TAGS_ABOVE.index(tag) for tag in ("aside", "figure", "figcaption", "form", "header", "table")}
_BESIDE = sum(_ASIDE.values()) - _ASIDE["header"]
"""Ancestors of what is no part of a live blog's entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was read of a page."""

    text: str
    confidence: float | None
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A block with the chance that it is text."""

    block: Block
    chance: float
    is_kept: bool
    is_repeated: bool = False


def body(tree: HtmlElement, found: Sequence[Block], markup: Markup, *, title: str) -> Body:
    """The text of the article, paragraphs apart by an empty line, the title not among them."""
    summary = markup.first_meta("og:description", "description") or ""
    asked = rows(found, title=title, summary=summary, body=given_body(markup))
    return decided(tree, [found[row.index] for row in asked], chances(found, asked), title=title)


def decided(tree: HtmlElement, blocks: Sequence[Block], likely: Sequence[float], *, title: str) -> Body:
    """The text that the chances of the blocks amount to; where they are unsure, a second reader is heard."""
    confidence = _certainty(blocks, likely)
    if confidence < SURE:
        other = _second_opinion(tree, blocks)
        confidence = min(confidence, _agreement(blocks, likely, other))
        likely = _weighed(blocks, likely, other)
    bar = _best_bar(blocks, likely)
    if max(likely, default=0) < bar and _is_bare(blocks):
        likely = [bar] * len(blocks)
    likely = _with_headings(blocks, _with_entries(blocks, likely, bar), bar)
    judged = _without_foot(_judged(blocks, likely, title, bar))
    text = assembled([each.block for each in judged if each.is_kept])
    return Body(text=text, confidence=round(confidence, 3) if text else None, cuts=_cuts(judged, title))


def _weighed(blocks: Sequence[Block], likely: Sequence[float], other: Sequence[float]) -> list[float]:
    """The chances with the second reader's verdicts counted in."""
    pairs = list(zip(likely, other, strict=True))
    if _is_core(blocks, likely, other):
        return [one if two else min(one, _BARS[0] / 2) for one, two in pairs]
    return [(1 - _OTHER) * one + _OTHER * two for one, two in pairs]


def _is_core(blocks: Sequence[Block], likely: Sequence[float], other: Sequence[float]) -> bool:
    """Whether the second reader took but a part of our text, the part that we are surer of.

    The rest is comments, teasers or another box then: of the annotated pages three came right and one lost a line.
    """
    bar, sums = threshold(), {(mine, too): [0.0, 0.0] for mine in (True, False) for too in (True, False)}
    for block, chance, opinion in zip(blocks, likely, other, strict=True):
        total = sums[chance >= bar, bool(opinion)]
        total[0] += len(block.words)
        total[1] += len(block.words) * chance
    (shared, sure), (rest, unsure), added = sums[True, True], sums[True, False], sums[False, True][0]
    is_part = _CORE[0] * (shared + rest) <= shared + added <= _CORE[1] * (shared + rest)
    is_inside = shared >= 0.95 * (shared + added)
    return bool(shared and rest and is_part and is_inside and sure / shared - unsure / rest >= 0.05)


def _best_bar(blocks: Sequence[Block], likely: Sequence[float]) -> float:
    """The chance from which blocks are to be kept so that, if the chances are right, the text is as good as it can be.

    A page that is doubtful all over would lose most of its text to a fixed bar.
    """
    sizes = [len(block.words) for block in blocks]
    expected = sum(size * chance for size, chance in zip(sizes, likely, strict=True))
    best, bar, kept, right = 0.0, threshold(), 0, 0.0
    for chance, size in sorted(zip(likely, sizes, strict=True), reverse=True):
        kept, right = kept + size, right + size * chance
        if right / (kept + expected) > best:
            best, bar = right / (kept + expected), chance
    return min(max(bar, _BARS[0]), _BARS[1])


def _is_bare(blocks: Sequence[Block]) -> bool:
    """Whether a page is one run of text with nothing around it and nothing to click, so that all of it is the text."""
    return len({id(block.place.above) for block in blocks}) == 1 and not any(block.links for block in blocks)


def given_body(markup: Markup) -> str:
    """The text of the article as the markup gives it, "" if it does not."""
    return " ".join(texts(markup.article.get("articleBody")))


def live_entries(markup: Markup) -> str:
    """The entries of a live blog as the markup gives them, each under its time and headline; "" if it does not."""
    updates = markup.article.get("liveBlogUpdate")
    entries = []
    for update in updates[:500] if isinstance(updates, list) else []:
        if isinstance(update, dict) and (words := " ".join(texts(update.get("articleBody")))):
            found = stamp(next(iter(texts(update.get("datePublished"))), ""))
            head = [f"{found.at:%H:%M} UTC"] if found and found.at else []
            entries.append("\n\n".join([" ".join(head + texts(update.get("headline"))[:1]), words]).strip())
    return "\n\n".join(entries)


def assembled(kept: Sequence[Block]) -> str:
    """Blocks as text: paragraphs apart by an empty line, items of a list by a line end, broken sentences joined."""
    pieces: list[str] = []
    before: Block | None = None
    for block in kept:
        words = block.words
        if before is None or not pieces:
            pieces.append(words)
        elif GOES_ON.match(words) and not ENDS.search(pieces[-1]) and before.place.above is block.place.above:
            pieces[-1] = glued(pieces[-1], words)
        elif _same_list(before, block):
            pieces[-1] += "\n" + words
        else:
            pieces.append(words)
        before = block
    return "\n\n".join(pieces)


def _same_list(one: Block, other: Block) -> bool:
    return one.place.tag == other.place.tag in ("li", "td", "th", "dd", "dt") and one.place.above is other.place.above


def _certainty(blocks: Sequence[Block], likely: Sequence[float]) -> float:
    """How sure the verdicts are on the whole, weighed by the words they may add; 0 where there is nothing to judge."""
    weights = [len(block.words) * max(chance, 0.05) for block, chance in zip(blocks, likely, strict=True)]
    sure = sum(weight * max(chance, 1 - chance) for weight, chance in zip(weights, likely, strict=True))
    return sure / (sum(weights) or 1)


def _second_opinion(tree: HtmlElement, blocks: Sequence[Block]) -> list[float]:
    """1 for each block that trafilatura takes for text too, else 0."""
    words = trafilatura.extract(tree, favor_precision=True, include_comments=False, fast=True) or ""
    known = {size: set(_shingles(words, size)) for size in (1, 2, 3, 4)}
    opinions = []
    for block in blocks:
        size = max(1, min(4, len(_words(block.words))))
        own = _shingles(block.words, size)
        opinions.append(float(bool(own) and sum(shingle in known[size] for shingle in own) > 0.6 * len(own)))
    return opinions


def _shingles(words: str, size: int) -> list[tuple[str, ...]]:
    found = _words(words)
    return [tuple(found[n : n + size]) for n in range(len(found) - size + 1)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _agreement(blocks: Sequence[Block], likely: Sequence[float], other: Sequence[float]) -> float:
    """How much two readers share of what they read, by length."""
    bar, sizes = threshold(), [len(block.words) for block in blocks]
    one = sum(size for size, chance in zip(sizes, likely, strict=True) if chance >= bar)
    two = sum(size for size, opinion in zip(sizes, other, strict=True) if opinion)
    both = sum(size for size, chance, opinion in zip(sizes, likely, other, strict=True) if opinion and chance >= bar)
    return 2 * both / ((one + two) or 1)


def _judged(blocks: Sequence[Block], likely: Sequence[float], title: str, bar: float) -> list[_Judged]:
    """The blocks with their verdicts; the title is not kept, nor what is said twice, unless in the steps of a list."""
    level, judged = _level(title), []
    is_text = [chance >= bar and _level(block.words) != level for block, chance in zip(blocks, likely, strict=True)]
    long = [block for block, is_kept in zip(blocks, is_text, strict=True) if is_kept and len(block.words) > 50]
    first = {block.words: block for block in reversed(long)}
    again = {id(block) for block in long if first[block.words] is not block} - _steps(long)
    for block, chance, is_kept in zip(blocks, likely, is_text, strict=True):
        is_repeated = id(block) in again
        judged.append(_Judged(block, chance, is_kept and not is_repeated, is_repeated))
    return judged


def _steps(long: Sequence[Block]) -> set[int]:
    """The ids of blocks beside others that look alike, where they say the same time and again, as plans do."""
    beside: dict[tuple[int, str], list[Block]] = defaultdict(list)
    for block in long:
        beside[id(block.place.above), block.place.look].append(block)
    lists = [each for each in beside.values() if len(each) - len({block.words for block in each}) >= _STEPS]
    return {id(block) for each in lists for block in each}


def _with_entries(blocks: Sequence[Block], likely: Sequence[float], bar: float) -> Sequence[float]:
    """The chances, where all that stands in the entries of a live blog is kept: headings, remarks, words of others."""
    times: dict[str, list[int]] = defaultdict(list)
    for n, block in enumerate(blocks):
        if _CLOCK.fullmatch(block.words):
            times[block.place.look].append(n)
    stamps = max(times.values(), key=len, default=[])
    masses = [len(block.words) * chance for block, chance in zip(blocks, likely, strict=True)]
    if len(stamps) < _ENTRIES or sum(masses[stamps[0] : stamps[-1]]) < _TOLD * sum(masses):
        return likely
    end = next((n for n in range(stamps[-1] + 1, len(blocks)) if likely[n] < _LEAST), len(blocks))
    inside = set(range(stamps[0], end)) - set(stamps)
    return [
        max(chance, bar) if n in inside and not block.place.around & _BESIDE else chance
        for n, (block, chance) in enumerate(zip(blocks, likely, strict=True))
    ]


def _with_headings(blocks: Sequence[Block], likely: Sequence[float], bar: float) -> list[float]:
    """The chances, where a heading directly above text that is kept beside it is kept too."""
    raised = list(likely)
    for n in range(1, len(blocks) - 1):
        if blocks[n].place.tag in _HEADINGS and 0.05 <= likely[n] < bar and likely[n + 1] >= 0.7:
            beside = blocks[n].place.above is blocks[n + 1].place.above
            if beside and max(likely[max(0, n - 3) : n]) >= bar:
                raised[n] = bar
    return raised


def _without_foot(judged: list[_Judged]) -> list[_Judged]:
    """The verdicts, where nothing is kept after a line with which the site takes over: "Article From: …"."""
    sizes = [len(each.block.words) * each.is_kept for each in judged]
    for n, each in enumerate(judged):
        if SIGN_OFF.match(each.block.words) and sum(sizes[n:]) < sum(sizes[:n]):
            return judged[:n] + [replace(later, is_kept=False) for later in judged[n:]]
    return judged


def _level(words: str) -> str:
    return " ".join(_words(words.casefold())) if len(words) < 400 else words


def _cuts(judged: Sequence[_Judged], title: str) -> tuple[Cut, ...]:
    """What was judged and left out, in the order of the page; of very many the likeliest."""
    kept = [n for n, each in enumerate(judged) if each.is_kept]
    first, last = (kept[0], kept[-1]) if kept else (len(judged), -1)
    level = _level(title)
    left = [(n, each) for n, each in enumerate(judged) if not each.is_kept and _level(each.block.words) != level]
    if len(left) > MAX_CUTS:
        left = sorted(sorted(left, key=lambda pair: -pair[1].chance)[:MAX_CUTS], key=lambda pair: pair[0])
    return tuple(
        Cut(words=each.block.words[:1000], score=round(each.chance, 3), reason=_reason(each, n, first, last))
        for n, each in left
    )


def _reason(judged: _Judged, n: int, first: int, last: int) -> str:
    if judged.is_repeated:
        return "repeated"
    for name, bit in _ASIDE.items():
        if judged.block.place.around & bit:
            return name
    return "before the text" if n < first else "after the text" if n > last else "between the text"
