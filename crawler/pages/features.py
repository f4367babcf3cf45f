"""What a judge may know of each block: a row of small numbers, the same for every page."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.pages.blocks import FAMILIES, TAGS_ABOVE, Block, Place
from crawler.pages.lines import SIGN_OFF

_STOPS = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\s|$)")
_STOP = ".!?…。！？"
_WORDS = re.compile(r"\w+")
_LINKED = 0.7
"""The share of linked characters from which a block is a link or a list of links."""
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\bago\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)[a-z]{0,6}\.?\s\d",
    re.I,
)
# How lines open that belong to the site; kinds are told apart, as some stand in articles as well.
OPENINGS = (
    r"(?:read|see|watch|listen|hear|view|find out|discover|check out)\s+(?:more|also|next|now|full|all|our|this)\b|"
    r"also read|(?:more|top|latest|other) "
    r"(?:from|on|stor|news|in|about|articles?|reading|headlines)|relat(?:ed|ionado)|recommended|you (?:may|might)|"
    r"don'?t miss|"
    r"up next|most (?:read|popular|viewed)|trending|what to read|keep reading|continue reading|further reading|"
    r"lesen sie|lire aussi|à lire|leia|leggi|lees ook|mehr zum|les også|läs (?:också|mer)|ver más|te puede|"
    r"voir aussi|previous|next",
    r"(?:sign|log) (?:up|in)|subscribe|subscription|get (?:the|our|unlimited|email|your)|join|newsletter|become a|"
    r"register|create (?:an|your)|already|"
    r"support|donate|download|follow|like us|share|tweet|email|copy link|click|tap|enter|submit|buy|shop|try|start|"
    r"want|"
    r"to (?:receive|read|continue|support|subscribe)|never miss|stay|follow us|connect",
    r"(?:photo|image|picture|video|pic|credit|source|foto|bild|photograph|illustration|graphic|via|courtesy|getty|"
    r"file|watch|play|above|below|"
    r"pictured|left|right|ap photo|reuters/|©|\(photo|\(ap|copyright|quelle)\b|©|\(c\)",
    r"(?:by|von|par|por|di|door|av|written by|reporting by|additional reporting|edited by|editing by|reporting|"
    r"contact|about the author|the author|"
    r"our standards|posted|published|updated|last (?:updated|modified)|correction|this (?:article|story|post|piece)|"
    r"first published|originally|note|"
    r"editor|disclosure|disclaimer|with (?:reporting|files)|contribut|cnn'?s|author|staff)\b",
    r"advert|sponsor|promot|tags?\b|topics?\b|filed|categor|comments?\b|leave a|reply|all rights|terms|privacy|"
    r"cookie|we use|this (?:site|website)|"
    r"by (?:using|clicking|continuing|signing)|accept|please|sorry|loading|skip|menu|search|home|about|help|close|"
    r"print|save|"
    r"a-|text size|gift|listen|\d+ comments?|show|hide|expand|back to",
)
_OPENING = [re.compile(rf"\W{{0,3}}(?:{pattern})", re.I) for pattern in OPENINGS]
_INSIDE = re.compile(
    r"newsletter|subscri|sign up|click here|follow (?:us|@|him|her|me)|@\w+|e-?mail|©|all rights reserved|getty|"
    r"shutterstock|terms of|"
    r"privacy policy|this article (?:was|first|is)|originally (?:appeared|published)|contributed to this|"
    r"is a (?:senior|staff|freelance|reporter|writer|"
    r"journalist|contributor|columnist|correspondent)|download the app|affiliate|(?:earn|receive|get) (?:an? |"
    r"some )?(?:\w+ )?(?:commission|compensation)",
    re.I,
)
_DIALOG = re.compile(
    r"\bcookies?\b|\bcookie-|consent|personal data|opt[- ]out|tracking technolog|privacy (?:policy|notice)|datenschutz",
    re.I,
)
# What stands in all that the patterns find: looking for these first takes a tenth of the time.
_INSIDE_HINTS = (
    "newsletter", "subscri", "sign up", "click here", "follow", "@", "mail", "©", "rights", "getty", "shutterstock",
    "terms of", "privacy", "this article", "originally", "contributed", " is a ", "download", "affiliate",
    "commission", "compensation",
)  # fmt: skip
_DIALOG_HINTS = ("cookie", "consent", "personal data", "opt", "tracking", "privacy", "datenschutz")
_MODAL = 1 << list(FAMILIES).index("modal")
_DIGIT = re.compile(r"\d")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Characters of scripts that put no space between words."""
_TAGS = {
    "p": 1, "h1": 2, "h2": 3, "h3": 4, "h4": 5, "h5": 5, "h6": 5, "li": 6, "blockquote": 7, "td": 8, "th": 8, "div": 9,
    "section": 9, "article": 9, "main": 9, "figcaption": 10, "dd": 11, "dt": 11, "pre": 12, "aside": 13, "header": 13,
    "footer": 13, "nav": 13, "button": 14, "form": 14, "label": 14, "center": 9, "body": 9,
}  # fmt: skip

NUMBERS = (
    "tokens", "linked", "links", "sentences", "ends", "starts", "tag", "bold", "upper", "digits", "commas", "word_size",
    "date", "opening", "inside", "marks", "is_title", "like_title", "like_summary", "in_body", "repeated", "depth",
    "to_body", "from_body", "path_share", "look_share", "look_before", "look_after", "parent_share", "parent_linked",
    "parent_size", "siblings_long", "before_share", "after_share", "to_long", "from_long", "long_between", "ends_page",
    "position", "since_title", "prev_tokens", "prev_linked", "prev_tag", "prev_opening", "prev_ends", "next_tokens",
    "next_linked", "next_tag", "next_opening", "around_tokens", "around_linked", "same_prev", "same_next", "run_length",
    "section_linked", "page_mass", "look_count", "look_linked", "look_tokens", "tag_share", "topic", "parent_topic",
    "section_topic", "tag_below", "titles_between", "repeated_run",
)  # fmt: skip
BITS = tuple(
    [(0, 1 << n) for n in range(len(TAGS_ABOVE) + 2)]
    + [(word, 1 << n) for word in (1, 2, 3) for n in range(len(FAMILIES))]
)
"""The yes-or-no features: which word of `Row.bits` (around, own, parent's, named) and which bit."""
_NEVER = sum(1 << TAGS_ABOVE.index(tag) for tag in ("nav", "footer", "button", "dialog"))
"""Ancestors in which no article was seen to stand; what is in them is not even judged."""


@dataclass(slots=True, eq=False)
class Row:
    """What a judge may know of one block."""

    index: int
    """The place of the block in its page."""
    numbers: list[float]
    """One for each of `NUMBERS`."""
    bits: tuple[int, int, int, int]


def rows(blocks: Sequence[Block], *, title: str, summary: str, body: str) -> list[Row]:
    """Rows for the blocks that may be text; the others are links and chrome beyond doubt.

    ``body`` is the text that the markup gives, if it does.
    """
    page = _Page(blocks, title, summary, body)
    return [page.row(n) for n in range(len(blocks)) if page.may_be_text(n)]


class _Page:
    """What is the same for all rows of a page, computed once."""

    def __init__(self, blocks: Sequence[Block], title: str, summary: str, body: str) -> None:
        self.blocks = blocks
        self.title = _level(title)
        self.title_words = frozenset(self.title.split())
        self.summary_words = frozenset(_level(summary).split())
        self.body = _level(body) if len(body) > 200 else ""
        self.about = frozenset(word for word in self.title_words | self.summary_words if len(word) > 3)
        self.looks = [_Look(block) for block in blocks]
        self.dialogs = {n for n, block in enumerate(blocks) if _is_dialog(block)}
        for n in self.dialogs:
            self.looks[n].mass = 0.0
        self.total = sum(look.mass for look in self.looks) or 1.0
        self._sum_places()
        self._find_body()
        self._sum_runs()

    def _sum_places(self) -> None:
        """Sums over blocks that share a path, a look, a parent, a section."""
        self.by_path: dict[str, float] = defaultdict(float)
        self.by_tag: dict[str, float] = defaultdict(float)
        self.kinds: dict[str, _Sum] = defaultdict(_Sum)
        self.parents: dict[int, _Sum] = defaultdict(_Sum)
        self.sections: dict[int, _Sum] = defaultdict(_Sum)
        self.masses: dict[int, float] = defaultdict(float)
        for block, look in zip(self.blocks, self.looks, strict=True):
            here = block.place
            topic = min(len(look.words & self.about), 6) if look.words else 0
            up = here.above or here
            kind = self.kinds[here.look]
            look.before = kind.mass
            for total in (kind, self.parents[id(up)], self.sections[id(up.above or up)]):
                total.count += 1
                total.chars += look.chars
                total.linked += block.linked
                total.mass += look.mass
                total.topic += topic
            look.topic = topic
            if look.mass:
                self.by_path[here.path] += look.mass
                self.by_tag[here.tag] += look.mass
                place: Place | None = here
                while place is not None:
                    self.masses[id(place)] += look.mass
                    place = place.above

    def _find_body(self) -> None:
        """The deepest place that holds most of the long text, and how far each place is from it."""
        best, depth = None, -1
        for block, look in zip(self.blocks, self.looks, strict=True):
            place: Place | None = block.place if look.mass else None
            while place is not None and place.depth > depth:
                if self.masses[id(place)] > 0.6 * self.total:
                    best, depth = place, place.depth
                    break
                place = place.above
        self.chain: dict[int, int] = {}
        while best is not None:
            self.chain[id(best)] = len(self.chain)
            best = best.above
        self.distances: dict[int, tuple[int, int]] = {}

    def _distance(self, place: Place) -> tuple[int, int]:
        """Steps from a place up to the chain above the body, and from the body up to there."""
        known = self.distances.get(id(place))
        if known is None:
            steps, at = 0, place
            while id(at) not in self.chain and at.above is not None:
                at, steps = at.above, steps + 1
            known = self.distances[id(place)] = (min(steps, 9), min(self.chain.get(id(at), 9), 9))
        return known

    def _sum_runs(self) -> None:
        """Distances along the page: to long text, to the headline, within a run of blocks that look alike."""
        n, mass, last, run = len(self.blocks), 0.0, -99, 0
        seen: dict[str, int] = {}
        self.repeats = [0] * n
        for i, look in enumerate(self.looks):
            look.mass_before = mass
            mass += look.mass
            look.from_long = min(i - last, 30)
            if look.mass:
                last = i
            run = run + 1 if i and self.blocks[i].place.look == self.blocks[i - 1].place.look else 1
            look.run = run
            if look.level in seen:
                self.repeats[i] = 2
                self.repeats[seen[look.level]] = self.repeats[seen[look.level]] or 1
            else:
                seen[look.level] = i
        last = n + 99
        for i in range(n - 1, -1, -1):
            look = self.looks[i]
            look.to_long = min(last - i, 30)
            if look.mass:
                last = i
            if i + 1 < n and self.blocks[i].place.look == self.blocks[i + 1].place.look:
                look.run = self.looks[i + 1].run
        headings = [i for i, block in enumerate(self.blocks) if block.place.tag == "h1"]
        self.title_at = max(headings, key=self._like_title, default=seen.get(self.title, 0))
        self._sum_titles(headings)

    def _sum_titles(self, headings: Sequence[int]) -> None:
        """How many other first headings stand between a block and the headline, and what runs are said twice."""
        marks = {n: 1 for n in headings if n != self.title_at and self.looks[n].tokens > 2}
        size = len(self.blocks)
        self.titles_between, between = [0] * size, 0
        for n in range(self.title_at + 1, size):
            between = min(between + marks.get(n, 0), 3)
            self.titles_between[n] = between
        between = 0
        for n in range(self.title_at - 1, -1, -1):
            between = min(between + marks.get(n, 0), 3)
            self.titles_between[n] = -between
        twice = [n for n in range(size) if self.repeats[n] and self.looks[n].tokens > 5]
        near = set(twice)
        self.repeated_runs = [0] * size
        for n in twice:
            self.repeated_runs[n] = 1 + (n - 1 in near) + (n + 1 in near)

    def _like_title(self, n: int) -> float:
        words = self.looks[n].words
        return len(words & self.title_words) / max(1, len(words | self.title_words))

    def may_be_text(self, n: int) -> bool:
        block = self.blocks[n]
        if block.place.around & _NEVER or n in self.dialogs:
            return False
        if self.looks[n].linked < _LINKED or SIGN_OFF.match(block.words):
            return True
        steps, rise = self._distance(block.place)
        return rise == 0 and steps <= 4

    def row(self, n: int) -> Row:
        block, look, place = self.blocks[n], self.looks[n], self.blocks[n].place
        look.count(block)
        before = self.looks[n - 1] if n else _NOTHING
        after = self.looks[n + 1] if n + 1 < len(self.looks) else _NOTHING
        near = self.looks[max(0, n - 2) : n] + self.looks[n + 1 : n + 3]
        up = place.above or place
        parent, section, kind = self.parents[id(up)], self.sections[id(up.above or up)], self.kinds[place.look]
        steps, rise = self._distance(place)
        own, words = look.mass, len(look.words)
        rest = max(self.total - own, 1.0)
        numbers = [
            look.tokens, look.linked, min(block.links, 5), look.sentences, look.ends, look.starts, look.tag, look.bold,
            look.upper, look.digits, look.commas, look.word_size, look.date, look.opening, look.inside, look.marks,
            look.level == self.title, self._like_title(n),
            len(look.words & self.summary_words) / max(1, words) if self.summary_words else -1,
            (look.level in self.body) if self.body else -1,
            self.repeats[n], place.depth, steps, rise, (self.by_path[place.path] - own) / rest,
            (kind.mass - own) / rest,
            look.before / self.total, (kind.mass - own - look.before) / self.total,
            (self.masses[id(up)] - own) / rest, parent.linked / max(1, parent.chars), min(parent.count, 60),
            (parent.mass - own) / rest, look.mass_before / self.total,
            (self.total - look.mass_before - own) / self.total, look.to_long, look.from_long,
            look.from_long + look.to_long,
            (look.mass_before == 0) * 2 + (look.mass_before + own >= self.total), n / len(self.looks),
            max(-20, min(n - self.title_at, 40)), before.tokens, before.linked, before.tag, before.opening, before.ends,
            after.tokens, after.linked, after.tag, after.opening, sum(x.tokens for x in near) / 4,
            sum(x.linked for x in near) / max(1, len(near)), n > 0 and self.blocks[n - 1].place.look == place.look,
            n + 1 < len(self.blocks) and self.blocks[n + 1].place.look == place.look, min(look.run, 30),
            section.linked / max(1, section.chars), self.total, min(kind.count, 60), kind.linked / max(1, kind.chars),
            kind.chars / kind.count, self.by_tag[place.tag] / self.total, look.topic, parent.topic / parent.count,
            section.topic / section.count, look.tag * 10 + min(steps, 3) * 3 + min(rise, 2),
            self.titles_between[n], self.repeated_runs[n],
        ]  # fmt: skip
        return Row(n, numbers, (place.around, place.own, up.own, place.named))


def _is_dialog(block: Block) -> bool:
    """Whether a block speaks of cookies and consent inside something that is called a dialog."""
    place = block.place
    named = place.own | place.named | (place.above.own if place.above else 0)
    return bool(named & _MODAL and _DIALOG.search(block.words))


class _Sum:
    """Totals over some blocks."""

    __slots__ = ("chars", "count", "linked", "mass", "topic")

    def __init__(self) -> None:
        self.count = self.chars = self.linked = self.topic = 0
        self.mass = 0.0


class _Look:
    """One block seen by itself, and what its page adds."""

    __slots__ = (
        "before", "bold", "chars", "commas", "date", "digits", "ends", "from_long", "inside", "level", "linked",
        "marks",
        "mass", "mass_before", "opening", "run", "sentences", "starts", "tag", "to_long", "tokens", "topic", "upper",
        "word_size", "words",
    )  # fmt: skip

    def __init__(self, block: Block | None) -> None:
        words = block.words if block else ""
        parts = words.split()
        chars = self.chars = len(words)
        unspaced = len(_UNSPACED.findall(words)) if not words.isascii() else 0
        self.tokens = min(len(parts) + unspaced // 2, 120)
        self.linked = min(1.0, block.linked / chars) if block else 0.0
        self.tag = _TAGS.get(block.place.tag, 0) if block else 15
        self.run = self.topic = self.to_long = self.from_long = 0
        self.mass = self.mass_before = self.before = 0.0
        self.opening = self.ends = self.inside = 0
        self.level = words
        self.words: frozenset[str] = frozenset()
        if block is None or (self.linked >= _LINKED and self.tokens < 30):
            return
        self.ends = (
            2
            if words[-6:].rstrip("\"'”’»)]")[-1:] in _STOP
            else 1
            if words[-1] == ":"
            else 3
            if words[-1] in ",;-–—"
            else 0
        )
        self.opening = next((n for n, pattern in enumerate(_OPENING, 1) if pattern.match(words)), 0)
        level = _WORDS.findall(words.casefold())
        self.level, self.words = " ".join(level), frozenset(level)
        if (self.tokens >= 12 and self.ends == 2 and self.linked < 0.4) or (self.tokens >= 30 and self.linked < 0.3):
            self.mass = float(self.tokens)

    def count(self, block: Block) -> None:
        """The costlier half, for the blocks that are judged."""
        words, chars = block.words, self.chars
        parts = words.split()
        self.bold = min(1.0, block.bold / chars)
        self.sentences = min(len(_STOPS.findall(words)), 8)
        self.starts = _start(words)
        caps = sum(1 for part in parts[:40] if part[0].isupper())
        self.upper = 1.5 if words.isupper() else caps / min(len(parts), 40)
        self.digits = len(_DIGIT.findall(words, 0, 300)) / min(chars, 300)
        self.commas = min(words.count(","), 6)
        self.word_size = chars / len(parts)
        level = words.lower()
        self.date = bool((self.digits or "ago" in level) and _DATE.search(words, 0, 120))
        if any(hint in level for hint in _DIALOG_HINTS) and _DIALOG.search(words):
            self.inside = 2
        elif any(hint in level for hint in _INSIDE_HINTS) and _INSIDE.search(words):
            self.inside = 1
        self.marks = ("|" in words) + 2 * ("“" in words or '"' in words or "«" in words or "„" in words)


def _start(words: str) -> int:
    first = words[:1]
    if first.isupper():
        return 1
    if first.islower():
        return 2
    if first.isdigit():
        return 3
    if first in "“\"'‘«„":
        return 4
    return 5 if first in "-–—•*·|>" else 0


def _level(words: str) -> str:
    return " ".join(_WORDS.findall(words.casefold()))


_NOTHING = _Look(None)
