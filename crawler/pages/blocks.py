"""The blocks of a page: the runs of text between block-level elements, each with where it stands and how it looks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml.etree import Comment, Entity, ProcessingInstruction, iterwalk
from lxml.html import HtmlElement

from crawler.pages.decode import one_line

MAX_BLOCKS = 4000
"""Blocks that are looked at; an article with more has its end elsewhere."""

_SKIPPED = frozenset({
    "script", "style", "head", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas",
    "audio", "video", "map", "select", "option", "textarea", "input", "datalist", "progress", "meter", "applet",
    "noframes", "title", "meta", "link", "base",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "meter", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "source",
})  # fmt: skip
_NOTHING, _BREAK, _RUN, _BLOCK = range(4)
_KINDS: dict[object, int] = {
    **dict.fromkeys(_INLINE, _RUN),
    "br": _BREAK,
    **dict.fromkeys((*_SKIPPED, Comment, Entity, ProcessingInstruction), _NOTHING),
}
"""What an element is to the text; all others are blocks."""
_MARKS = frozenset({"a", "b", "strong"})

# Ancestors that say something of all they hold; the bit of each in `Place.above`.
TAGS_ABOVE = (
    "article", "main", "aside", "nav", "footer", "header", "figure", "figcaption", "form", "table", "ul", "ol",
    "blockquote",
    "section", "button", "dialog", "details", "address",
)  # fmt: skip
_TAG_BITS = {tag: 1 << n for n, tag in enumerate(TAGS_ABOVE)}
_ROLES = {
    "navigation": "nav", "complementary": "aside", "contentinfo": "footer", "banner": "header", "dialog": "dialog",
    "main": "main", "article": "article", "alertdialog": "dialog", "form": "form", "search": "form",
}  # fmt: skip
"""Not "button": whole product cards that can be clicked are called so."""
HIDDEN = 1 << len(TAGS_ABOVE)
ARTICLE_BODY = HIDDEN << 1

# Families of words in class and id; the bit of each in `Place.named`.
FAMILIES: dict[str, str] = {
    "comment": r"comment|disqus|repl(?:y|ies)|discussion|coral|livefyre|kommentar",
    "related": r"relat|recommend|read-?(?:more|next|also)|trending|popular|most-|teaser|also|suggest|outbrain|"
    r"taboola|recirc|"
    r"more-(?:from|on|stor|news)|next-|upnext|onward|similar|latest",
    "nav": r"nav|menu|crumb|masthead|toolbar|pagin|pager|skip|topbar",
    "foot": r"foot|copyright|legal|colophon|bottom",
    "head": r"header|(?<!sub)head(?:er|ing)?\b",
    "share": r"shar(?:e|ing)|social|follow|facebook|twitter|tweet|instagram|whatsapp",
    "ad": r"\bads?\b|adv(?:ert|-)|sponsor|banner|\bdfp|\bgpt|commercial|affiliat|promo|partner|shop|product|deal|buy",
    "letter": r"newsletter|subscri|sign-?up|paywall|regist|log-?in|member|donat|e?mail|piano|offer|cta\b",
    "media": r"caption|credit|image|img|photo|figure|galler|video|media|slide|carousel|player|embed|picture|legend",
    "author": r"author|byline|\bbio\b|contribut|writer|profile|autor|person",
    "meta": r"meta|timestamp|date|time|publish|updated|info\b|details|source",
    "tag": r"\btags?\b|topic|keyword|categor|label|kicker|eyebrow|overline|rubric|flag",
    "body": r"article|story|post|entry|body|content|text|paragraph|prose|artikel|articulo|main|page-?content",
    "side": r"sidebar|aside|rail|widget|module|right|secondary|column|side-|sticky|inset",
    "modal": r"cookie|consent|gdpr|ccpa|privacy|opt-?out|modal|popup|overlay|dialog|hidden|sr-only|visually|"
    r"screen-?reader|tooltip|a11y|print|noprint",
    "title": r"title|headline|\bhed\b|hdl",
    "lead": r"\bdek\b|deck|standfirst|summary|subtitle|sub-?head|intro|lead|lede|excerpt|abstract|descri|"
    r"teaser-?text|chapo",
    "box": r"quote|box|callout|highlight|key-?point|takeaway|fact|insert|interstitial|inline-",
    "list": r"list|item|grid|card|row|cell|tile|stack",
    "live": r"live|ticker|score|timeline|update|blog",
}
# What belongs to the word before it, where the source breaks the line after a link.
_LOOSE = re.compile(r"(?<=\w) ([,.](?=\s|$)|[’']s\b)")
_FAMILY_PATTERNS = [re.compile(pattern) for pattern in FAMILIES.values()]


@dataclass(slots=True, eq=False)
class Place:
    """A block-level element: what holds its blocks, and what its ancestors say of them."""

    tag: str
    above: "Place | None"
    element: Any
    around: int
    """Bits of `TAGS_ABOVE`, `HIDDEN`, `ARTICLE_BODY` of itself and all its ancestors."""
    own: int
    """Bits of the families of its own class and id."""
    named: int
    """Bits of the families of all its ancestors below the body."""
    depth: int
    path: str
    """Its tags from the body down."""
    look: str
    """Its tag and class and those of its parent."""


@dataclass(slots=True, eq=False)
class Block:
    """A run of text."""

    words: str
    place: Place
    linked: int
    """Characters inside links."""
    bold: int
    """Characters in bold type."""
    links: int = 0


def blocks(tree: HtmlElement) -> list[Block]:
    """The blocks of a page in the order of the page."""
    return _Walk().run(tree)


class _Walk:
    """One walk over a tree, without recursion, so that no nesting is too deep."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.pieces: list[str] = []
        self.linked = self.bold = self.links = 0
        self.in_link = self.in_bold = self.breaks = 0

    def run(self, tree: HtmlElement) -> list[Block]:
        place = Place("body", None, tree, 0, 0, 0, 0, "", "body")
        walk = iterwalk(tree, events=("start", "end"))
        opened: list[tuple[int, str]] = []  # of the elements around, what they are and their tags
        for event, element in walk:
            if event == "start":
                tag = element.tag
                kind = _KINDS.get(tag, _BLOCK)
                opened.append((kind, tag))
                if kind == _NOTHING:
                    walk.skip_subtree()
                    continue
                if kind == _BREAK:
                    self._break(place)
                    continue
                if kind == _BLOCK:
                    self._flush(place)
                    place = _inside(place, element, tag)
                elif tag in _MARKS:
                    self._mark(tag, 1)
                if text := element.text:
                    self._take(text)
                continue
            kind, tag = opened.pop()
            if kind == _BLOCK:
                self._flush(place)
                place = place.above or place
            elif kind == _RUN and tag in _MARKS:
                self._mark(tag, -1)
            if opened and (text := element.tail):
                self._take(text)
            if len(self.found) > MAX_BLOCKS:
                break
        return self.found

    def _take(self, text: str) -> None:
        self.pieces.append(text)
        if self.in_link or self.in_bold or self.breaks:
            size = len(text.strip())
            if size:
                self.breaks = 0
                if self.in_link:
                    self.linked += size
                if self.in_bold:
                    self.bold += size

    def _mark(self, tag: str, step: int) -> None:
        if tag == "a":
            self.in_link += step
            self.links += step > 0
        else:
            self.in_bold += step

    def _break(self, place: Place) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self._flush(place)
        else:
            self.pieces.append("\n")

    def _flush(self, place: Place) -> None:
        if self.pieces:
            words = " ".join("".join(self.pieces).split())
            if self.links:
                words = _LOOSE.sub(r"\1", words)
            if not words.isascii():
                words = one_line(words)
            if words:
                self.found.append(Block(words, place, self.linked, self.bold, self.links))
            self.pieces = []
        self.linked = self.bold = self.links = self.breaks = 0


def _inside(above: Place, element: Any, tag: str) -> Place:
    """The place an element opens inside another."""
    attributes = dict(element.items())
    around = above.around | _TAG_BITS.get(tag, 0)
    names, look = "", tag
    if attributes:
        named = attributes.get("class", "")
        names, look = f"{named} {attributes.get('id', '')}"[:300], f"{tag}.{named}"
        if role := attributes.get("role"):
            around |= _TAG_BITS.get(_ROLES.get(role, ""), 0)
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or "display:none" in attributes.get("style", "").replace(" ", "")
        ):
            around |= HIDDEN
        if "articleBody" in attributes.get("itemprop", ""):
            around |= ARTICLE_BODY
    own = families(names) if tag != "body" and len(names) > 1 else 0
    return Place(
        tag,
        above,
        element,
        around,
        own,
        above.named | above.own,
        above.depth + 1,
        f"{above.path}/{tag}",
        f"{above.look.rpartition(' ')[2]} {look}",
    )


def families(names: str) -> int:
    """The families of class words that a class and id belong to, one bit each."""
    found = 0
    for name in names.split():
        found |= _families(name)
    return found


@lru_cache(maxsize=50_000)
def _families(names: str) -> int:
    names = re.sub(r"([a-z])([A-Z])", r"\1-\2", names).lower().replace("_", "-")
    return sum(1 << n for n, pattern in enumerate(_FAMILY_PATTERNS) if pattern.search(names))


def near_title(found: Sequence[Block], title: str) -> Sequence[Block]:
    """The blocks around the headline, where byline and date stand; those of the top if the headline is not shown."""
    level = title.casefold()
    at = next((n for n, block in enumerate(found) if block.place.tag == "h1" and block.words.casefold() == level), None)
    if at is None:
        at = next((n for n, block in enumerate(found) if block.words.casefold() == level), None)
    if at is None:
        at = next((n for n, block in enumerate(found) if block.place.tag == "h1"), 0)
    return found[max(0, at - 4) : at + 16]


def pieces(block: Block) -> list[str]:
    """The words of a block, told apart where its markup does; the whole if its element holds other blocks as well."""
    found = [piece for text in islice(block.place.element.itertext(), 40) if (piece := one_line(text))]
    whole = "".join(found).replace(" ", "") == block.words.replace(" ", "")
    return found if whole else [block.words]
