"""What a judge may know of each block: a row of small numbers, the same for every page."""

import re
from collections import defaultdict
from collections.abc import Sequence

from crawler.pages.blocks import Block, Place

_STOPS = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\s|$)")
_LAST = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\bago\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d",
    re.I,
)
# How lines open that belong to the site; kinds are told apart, as some stand in articles as well.
OPENINGS = (
    r"(?:read|see|watch|listen|hear|view|find out|discover|check out)\s+(?:more|also|next|now|full|all|our|this)\b|also read|(?:more|top|latest|other) "
    r"(?:from|on|stor|news|in|about|articles?|reading|headlines)|relat(?:ed|ionado)|recommended|you (?:may|might)|don'?t miss|"
    r"up next|most (?:read|popular|viewed)|trending|what to read|keep reading|continue reading|further reading|"
    r"lesen sie|lire aussi|à lire|leia|leggi|lees ook|mehr zum|les også|läs (?:också|mer)|ver más|te puede|voir aussi|previous|next",
    r"(?:sign|log) (?:up|in)|subscribe|subscription|get (?:the|our|unlimited|email|your)|join|newsletter|become a|register|create (?:an|your)|already|"
    r"support|donate|download|follow|like us|share|tweet|email|copy link|click|tap|enter|submit|buy|shop|try|start|want|"
    r"to (?:receive|read|continue|support|subscribe)|never miss|stay|follow us|connect",
    r"(?:photo|image|picture|video|pic|credit|source|foto|bild|photograph|illustration|graphic|via|courtesy|getty|file|watch|play|above|below|"
    r"pictured|left|right|ap photo|reuters/|©|\(photo|\(ap|copyright|quelle)\b|©|\(c\)",
    r"(?:by|von|par|por|di|door|av|written by|reporting by|additional reporting|edited by|editing by|reporting|contact|about the author|the author|"
    r"our standards|posted|published|updated|last (?:updated|modified)|correction|this (?:article|story|post|piece)|first published|originally|note|"
    r"editor|disclosure|disclaimer|with (?:reporting|files)|contribut|cnn'?s|author|staff)\b",
    r"advert|sponsor|promot|tags?\b|topics?\b|filed|categor|comments?\b|leave a|reply|all rights|terms|privacy|cookie|we use|this (?:site|website)|"
    r"by (?:using|clicking|continuing|signing)|accept|please|sorry|loading|skip|menu|search|home|about|help|close|print|save|"
    r"a-|text size|gift|listen|\d+ comments?|show|hide|expand|back to",
)
_OPENING = [re.compile(rf"\W{{0,3}}(?:{pattern})", re.I) for pattern in OPENINGS]
_INSIDE = re.compile(
    r"newsletter|subscri|sign up|click here|follow (?:us|@|him|her|me)|@\w+|e-?mail|©|all rights reserved|getty|shutterstock|terms of|"
    r"privacy policy|this article (?:was|first|is)|originally (?:appeared|published)|contributed to this|is a (?:senior|staff|freelance|reporter|writer|"
    r"journalist|contributor|columnist|correspondent)|download the app|affiliate|(?:earn|receive|get) (?:an? |some )?(?:\w+ )?(?:commission|compensation)",
    re.I,
)
_DIALOG = re.compile(
    r"\bcookies?\b|\bcookie-|consent|personal data|opt[- ]out|tracking technolog|privacy (?:policy|notice)|datenschutz",
    re.I,
)
_SCRIPT = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Characters of scripts that put no space between words."""
_TAGS = {
    "p": 1, "h1": 2, "h2": 3, "h3": 4, "h4": 5, "h5": 5, "h6": 5, "li": 6, "blockquote": 7, "td": 8, "th": 8, "div": 9,
    "section": 9, "article": 9, "main": 9, "figcaption": 10, "dd": 11, "dt": 11, "pre": 12, "aside": 13, "header": 13,
    "footer": 13, "nav": 13, "button": 14, "form": 14, "label": 14, "center": 9, "body": 9,
}  # fmt: skip

NUMBERS = (
    "tokens", "linked", "links", "sentences", "ends", "starts", "tag", "bold", "upper", "digits", "commas", "word_size",
    "date", "opening", "inside", "marks", "tag_tokens", "ends_tokens", "is_title", "like_title", "like_summary", "in_body",
    "repeated", "depth", "to_body", "from_body", "body_share", "path_share", "look_share", "parent_share", "parent_linked",
    "parent_size", "siblings_long", "before_share", "after_share", "to_long", "from_long", "first", "position", "since_title",
    "prev_tokens", "prev_linked", "prev_tag", "next_tokens", "next_linked", "next_tag", "around_tokens", "around_linked",
    "same_prev", "same_next", "run_length", "prev_opening", "next_opening", "prev_ends", "section_linked", "page_mass",
    "look_count", "look_linked", "look_tokens", "tag_body", "long_between", "tag_share", "topic", "parent_topic", "body_topic",
)  # fmt: skip


def rows(blocks: Sequence[Block], *, title: str, summary: str, body: str) -> list[list[float]]:
    """A row of `NUMBERS` for each block; ``body`` is the text the markup gives, if it does."""
    page = _Page(blocks, title, summary, body)
    return [page.row(n) for n in range(len(blocks))]


class _Page:
    """What is the same for all rows of a page, computed once."""

    def __init__(self, blocks: Sequence[Block], title: str, summary: str, body: str) -> None:
        self.blocks = blocks
        self.title, self.title_words = _level(title), frozenset(_level(title).split())
        self.summary_words = frozenset(_level(summary).split())
        self.body = _level(body) if len(body) > 200 else ""
        self.looks = [_Look(block) for block in blocks]
        self.long = [look.mass for look in self.looks]
        self.total = sum(self.long) or 1.0
        self._sum_places()
        self._sum_runs()

    def _sum_places(self) -> None:
        by_path: dict[str, float] = defaultdict(float)
        by_look: dict[str, float] = defaultdict(float)
        by_tag: dict[str, float] = defaultdict(float)
        looks: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        parents: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0, 0.0])
        sections: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        masses: dict[int, float] = defaultdict(float)
        place: Place | None
        about = frozenset(word for word in self.title_words | self.summary_words if len(word) > 3)
        self.topics = [min(len(look.words & about), 6) for look in self.looks]
        for block, look, topic in zip(self.blocks, self.looks, self.topics, strict=True):
            here = block.place
            if look.mass:
                by_path[here.path] += look.mass
                by_look[here.look] += look.mass
                by_tag[here.tag] += look.mass
                place = here
                while place is not None:
                    masses[id(place)] += look.mass
                    place = place.above
            kind = looks[here.look]
            kind[0] += 1
            kind[1] += block.linked
            kind[2] += len(block.words)
            up = here.above or here
            family = parents[id(up)]
            family[0] += len(block.words)
            family[1] += block.linked
            family[2] += 1
            family[3] += look.mass
            family[4] += topic
            far = up.above or up
            section = sections[id(far)]
            section[0] += len(block.words)
            section[1] += block.linked
            section[2] += topic
            section[3] += 1
        self.by_path, self.by_look, self.by_tag = by_path, by_look, by_tag
        self.kinds, self.parents, self.sections, self.masses = looks, parents, sections, masses
        self._find_body()

    def _find_body(self) -> None:
        """The deepest place that holds most of the long text, and how far each place is from it."""
        best, depth = None, -1
        for block, mass in zip(self.blocks, self.long, strict=True):
            place: Place | None = block.place if mass else None
            while place is not None and place.depth > depth:
                if self.masses[id(place)] > 0.6 * self.total:
                    best, depth = place, place.depth
                    break
                place = place.above
        chain: dict[int, int] = {}
        place, n = best, 0
        while place is not None:
            chain[id(place)] = n
            place, n = place.above, n + 1
        self.chain = chain
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
        n = len(self.blocks)
        self.before, mass = [0.0] * n, 0.0
        self.from_long, self.to_long = [30] * n, [30] * n
        last = -99
        for i in range(n):
            self.before[i] = mass
            mass += self.long[i]
            self.from_long[i] = min(i - last, 30)
            if self.long[i]:
                last = i
        last = n + 99
        for i in range(n - 1, -1, -1):
            self.to_long[i] = min(last - i, 30)
            if self.long[i]:
                last = i
        self.title_at, seen = n, {}
        self.repeats = [0] * n
        for i, look in enumerate(self.looks):
            if look.level in seen:
                self.repeats[i] = 2
                first = seen[look.level]
                self.repeats[first] = self.repeats[first] or 1
            else:
                seen[look.level] = i
        self.title_at = max(
            (i for i, block in enumerate(self.blocks) if block.place.tag == "h1"), key=self._like_title, default=-1
        )
        if self.title_at < 0:
            self.title_at = seen.get(self.title, 0)
        self.runs = [1] * n
        for i in range(1, n):
            if self.blocks[i].place.look == self.blocks[i - 1].place.look:
                self.runs[i] = self.runs[i - 1] + 1
        for i in range(n - 2, -1, -1):
            if self.blocks[i].place.look == self.blocks[i + 1].place.look:
                self.runs[i] = self.runs[i + 1]

    def _like_title(self, n: int) -> float:
        words = self.looks[n].words
        return len(words & self.title_words) / max(1, len(words | self.title_words))

    def row(self, n: int) -> list[float]:
        block, look, place = self.blocks[n], self.looks[n], self.blocks[n].place
        before = self.looks[n - 1] if n else _NOTHING
        after = self.looks[n + 1] if n + 1 < len(self.looks) else _NOTHING
        near = self.looks[max(0, n - 2) : n] + self.looks[n + 1 : n + 3]
        up = place.above or place
        family, section = self.parents[id(up)], self.sections[id(up.above or up)]
        kind = self.kinds[place.look]
        steps, rise = self._distance(place)
        own = self.long[n]
        rest = max(self.total - own, 1.0)
        return [
            look.tokens,
            look.linked,
            min(block.links, 5),
            look.sentences,
            look.ends,
            look.starts,
            look.tag,
            look.bold,
            look.upper,
            look.digits,
            look.commas,
            look.word_size,
            look.date,
            look.opening,
            look.inside,
            look.marks,
            look.tag * 8 + look.size,
            look.ends * 8 + look.size,
            look.level == self.title,
            self._like_title(n),
            len(look.words & self.summary_words) / max(1, len(look.words)) if self.summary_words else -1,
            -1 if not self.body else (look.level in self.body) if look.level else 0,
            self.repeats[n],
            place.depth,
            steps,
            rise,
            steps * 10 + rise,
            (self.by_path[place.path] - own) / rest,
            (self.by_look[place.look] - own) / rest,
            (self.masses[id(up)] - own) / rest,
            family[1] / max(1, family[0]),
            min(family[2], 60),
            (family[3] - own) / rest,
            self.before[n] / self.total,
            (self.total - self.before[n] - own) / self.total,
            self.to_long[n],
            self.from_long[n],
            (self.before[n] == 0) * 2 + (self.before[n] + own >= self.total),
            n / len(self.looks),
            max(-20, min(n - self.title_at, 40)),
            before.tokens,
            before.linked,
            before.tag,
            after.tokens,
            after.linked,
            after.tag,
            sum(x.tokens for x in near) / 4,
            sum(x.linked for x in near) / max(1, len(near)),
            n > 0 and self.blocks[n - 1].place.look == place.look,
            n + 1 < len(self.blocks) and self.blocks[n + 1].place.look == place.look,
            min(self.runs[n], 30),
            before.opening,
            after.opening,
            before.ends,
            section[1] / max(1, section[0]),
            self.total,
            min(kind[0], 60),
            kind[1] / max(1, kind[2]),
            kind[2] / kind[0],
            look.tag * 10 + min(steps, 3) * 3 + min(rise, 2),
            self.from_long[n] + self.to_long[n],
            self.by_tag[place.tag] / self.total,
            self.topics[n],
            family[4] / max(1, family[2]),
            section[2] / max(1, section[3]),
        ]


class _Look:
    """One block seen by itself."""

    __slots__ = (
        "bold", "commas", "date", "digits", "ends", "inside", "level", "linked", "marks", "mass", "opening", "sentences", "size",
        "starts", "tag", "tokens", "upper", "word_size", "words",
    )  # fmt: skip

    def __init__(self, block: Block | None) -> None:
        words = block.words if block else ""
        parts = words.split()
        chars = len(words) or 1
        unspaced = len(_SCRIPT.findall(words)) if not words.isascii() else 0
        self.tokens = min(len(parts) + unspaced // 2, 120)
        self.size = _size(self.tokens)
        self.linked = min(1.0, block.linked / chars) if block else 0.0
        self.bold = min(1.0, block.bold / chars) if block else 0.0
        self.sentences = min(len(_STOPS.findall(words)), 8)
        self.ends = (
            2
            if _LAST.search(words)
            else 1
            if words.endswith(":")
            else 3
            if words.endswith((",", ";", "-", "–", "—"))
            else 0
        )
        self.starts = _start(words)
        self.tag = _TAGS.get(block.place.tag, 0) if block else 15
        caps = sum(1 for part in parts[:40] if part[0].isupper())
        self.upper = (1.5 if words.isupper() else caps / min(len(parts), 40)) if parts else 0.0
        self.digits = sum(map(str.isdigit, words[:300])) / min(chars, 300)
        self.commas = min(words.count(","), 6)
        self.word_size = len(words) / len(parts) if parts else 0.0
        self.date = bool(_DATE.search(words[:120]))
        self.opening = next((n for n, pattern in enumerate(_OPENING, 1) if pattern.match(words)), 0)
        self.inside = 2 if _DIALOG.search(words) else int(bool(_INSIDE.search(words)))
        self.marks = ("|" in words) + 2 * ("“" in words or '"' in words or "«" in words or "„" in words)
        self.level = _level(words)
        self.words = frozenset(self.level.split())
        is_long = (self.tokens >= 12 and self.ends == 2 and self.linked < 0.4) or (
            self.tokens >= 30 and self.linked < 0.3
        )
        self.mass = float(self.tokens) if is_long else 0.0


def _size(tokens: int) -> int:
    for n, edge in enumerate((2, 4, 7, 12, 20, 40, 80)):
        if tokens < edge:
            return n
    return 7


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
    return " ".join(re.findall(r"\w+", words.casefold()))


_NOTHING = _Look(None)
