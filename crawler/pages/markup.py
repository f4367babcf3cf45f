"""What a page says of itself: JSON-LD, microdata, OpenGraph and meta tags, read once."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from crawler.pages.decode import one_line

Node = Mapping[str, Any]
"""One JSON-LD node, as foreign as it came: nothing about its values is certain."""

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report|Review|Column)$")
_NESTING = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "subjectOf")
_MAX_NODES = 500
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$", re.S
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_NAMED = ".//*[contains(concat(' ', @itemprop, ' '), ' name ')]"
_PROPS = {"headline", "name", "author", "datePublished", "dateModified", "dateCreated", "publisher", "articleSection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The statements of one page about itself."""

    article: Node
    """The JSON-LD node of the article; empty if there is none."""
    nodes: tuple[Node, ...]
    """All JSON-LD nodes, outer ones first."""
    by_id: Mapping[str, Node]
    microdata: Mapping[str, tuple[str, ...]]
    """Values by item property, in the order of the page; only of items that are no comments or teasers."""
    meta: Mapping[str, tuple[str, ...]]
    """Values of ``<meta>`` by lower-case name, property or itemprop."""
    links: Mapping[str, str]
    """First address by ``rel`` of the ``<link>`` elements of the head."""
    title_tag: str | None
    language: str | None

    def first_meta(self, *names: str) -> str | None:
        """The first value given under the names, tried in order."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def node_of(self, value: Any) -> Any:
        """The node a mere reference (``{"@id": …}``) stands for, else the value itself."""
        if isinstance(value, Mapping) and "@id" in value and "name" not in value:
            return self.by_id.get(str(value["@id"]), value)
        return value


def read_markup(tree: HtmlElement) -> Markup:
    """All a page says of itself; never fails, however broken."""
    meta: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    nodes: list[Node] = []
    title = None
    for element in tree.iter("meta", "link", "script", "title"):
        if element.tag == "meta":
            _keep_meta(meta, element)
        elif element.tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                links.setdefault(rel, (element.get("href") or "").strip())
        elif element.tag == "title":
            title = title or one_line(element.text_content()) or None
        elif "ld+json" in (element.get("type") or "").lower() and len(nodes) < _MAX_NODES:
            nodes += _nodes(_json(element.text or ""))
    by_id = {str(node["@id"]): node for node in reversed(nodes) if "@id" in node and len(node) > 1}
    root = tree.getroottree().getroot()
    return Markup(
        article=_article(nodes, meta),
        nodes=tuple(nodes),
        by_id=by_id,
        microdata=_microdata(tree),
        meta={name: tuple(values) for name, values in meta.items()},
        links=links,
        title_tag=title,
        language=(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip() or None,
    )


def texts(value: Any) -> list[str]:
    """The strings in a JSON-LD value: of lists each one, of nodes the name.

    >>> texts([{"@type": "Person", "name": "Ann &amp; Co"}, " Bo "])
    ['Ann & Co', 'Bo']
    """
    found: list[str] = []
    todo = [value]
    while todo and len(found) < 100:
        item = todo.pop(0)
        if isinstance(item, list):
            todo = item[:100] + todo
        elif isinstance(item, Mapping):
            todo = [item.get("name") or item.get("@value") or item.get("headline"), *todo]
        elif isinstance(item, str | int | float) and (words := plain(str(item))):
            found.append(words)
    return found


def plain(value: str) -> str:
    """A markup value as a reader would see it: entities (twice escaped, too) and tags resolved, one line."""
    value = unescape(unescape(value)) if "&" in value else value
    if "<" in value:
        value = re.sub(r"<[a-zA-Z/!][^<>]*>", " ", value)
    return one_line(value)


def _keep_meta(meta: dict[str, list[str]], element: HtmlElement) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    value = plain((element.get("content") or "")[:5000])
    if name and value:
        meta.setdefault(name.strip().lower(), []).append(value)


def _json(raw: str) -> Any:
    """The value of a JSON-LD script, small faults mended; ``None`` if it cannot be read."""
    raw = _WRAPPING.sub("", raw.strip())
    for attempt in (raw, _TRAILING_COMMA.sub(r"\1", raw), unescape(raw)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[Node]:
    todo, seen = [data], 0
    while todo and seen < _MAX_NODES:
        item = todo.pop(0)
        seen += 1
        if isinstance(item, list):
            todo = item[:_MAX_NODES] + todo
        elif isinstance(item, dict):
            yield item
            todo += [item[key] for key in _NESTING if isinstance(item.get(key), list | dict)]


def is_article(node: Node) -> bool:
    """Whether a node's type is one of the kinds of article."""
    kinds = node.get("@type")
    return any(_ARTICLE_TYPES.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _article(nodes: list[Node], meta: Mapping[str, list[str]]) -> Node:
    """The article's node: of several the one that bears the page's title, else the first that is dated."""
    found = [node for node in nodes if is_article(node)]
    if len(found) > 1:
        titles = {meta[name][0].casefold() for name in ("og:title", "twitter:title") if name in meta}
        named = [
            n for n in found if n.get("datePublished") and {t.casefold() for t in texts(n.get("headline"))} & titles
        ]
        dated = [n for n in found if n.get("datePublished")]
        return max(named or dated or found, key=len) if named else (dated or found)[0]
    return found[0] if found else {}


def _microdata(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    """Item properties of articles; the name inside an author belongs to the author."""
    found: dict[str, list[str]] = {}
    for element in tree.xpath("//*[@itemprop]")[:300]:
        names = set(element.get("itemprop", "").split()) & _PROPS
        owner = _owner(element)
        if not names or owner is None:
            continue
        if "name" in names:
            names = {owner} if owner in {"author", "publisher"} else set()
        elif names & {"author", "publisher"} and element.get("itemscope") is not None and element.xpath(_NAMED):
            continue
        value = plain(element.get("content") or element.get("datetime") or _shown(element, "author" in names))
        for name in names if value else ():
            found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _shown(element: HtmlElement, is_author: bool) -> str:
    """The words of an element; of an author's the pieces told apart, as name and role often touch."""
    pieces = [piece for text in islice(element.itertext(), 40) if (piece := text.strip())]
    return (" | " if is_author else " ").join(pieces)[:500]


def _owner(element: HtmlElement) -> str | None:
    """``article``, or the property of the item inside one (author) the element describes; ``None``: something else."""
    inner = "article"
    for above in element.iterancestors():
        if above.tag == "figure":
            return None
        kind = above.get("itemtype")
        if kind is None:
            continue
        if _ARTICLE_TYPES.search(kind):
            return inner
        role = (above.get("itemprop") or "").split()
        if not {"author", "publisher"} & set(role):
            return None
        inner = role[0]
    return None
