"""What the invented news web prints: articles and feeds as markup, made from articles.yml and the layouts."""

import html
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from string import Template
from typing import Any

import yaml

from crawler.sources import SourceKind

HERE = files("crawler.demo")
LISTED_ON_A_PAGE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented outlet: a site of its own."""

    id: str
    name: str
    site: str
    kind: SourceKind
    announces: str
    """Path of its feed, sitemap or listing."""
    disallow: str | None = None
    dated: bool = True
    """Whether its feed says when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One entry of articles.yml."""

    id: str
    outlet: str
    path: str
    title: str
    published: datetime
    author: str = ""
    section: str = ""
    summary: str = ""
    paragraphs: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    wire: str | None = None
    copy_of: str | None = None
    views: int = 0
    paywalled: bool = False


def load_outlets() -> dict[str, Outlet]:
    """The outlets by id, in the order of outlets.yml."""
    return {id: Outlet(id=id, **entry) for id, entry in _yaml("outlets.yml").items()}


def load_stories() -> dict[str, Story]:
    """The entries of articles.yml by id; a wire story's text stands in every entry that prints it."""
    entries = [_story(entry) for entry in _yaml("articles.yml")]
    return {story.id: story for story in entries}


class News:
    """The pages of every outlet, as they are at one visit."""

    def __init__(self, origins: dict[str, str]) -> None:
        self.origins = origins
        """Scheme, host and port of each outlet's site."""
        self.outlets = load_outlets()
        self.stories = load_stories()
        self.visit = 1

    def url(self, story: Story) -> str:
        return self.origins[story.outlet] + story.path

    def page(self, outlet: str, path: str, now: datetime) -> tuple[str, str] | None:
        """Content type and markup of one address; ``None`` if the outlet has no such page."""
        path, _, query = path.partition("?")
        if path == "/robots.txt":
            return "text/plain", self.robots(outlet)
        if path == self.outlets[outlet].announces:
            return self._announcement(outlet, int(re.sub(r"\D", "", query) or 1))
        for story in self.of(outlet):
            if story.path == path:
                return "text/html", self.article(story, now)
        return None

    def of(self, outlet: str) -> list[Story]:
        """An outlet's stories, newest first."""
        own = [story for story in self.stories.values() if story.outlet == outlet]
        return sorted(own, key=lambda story: story.published, reverse=True)

    def robots(self, outlet: str) -> str:
        return f"User-agent: *\nDisallow: {self.outlets[outlet].disallow or ''}\n"

    def article(self, story: Story, now: datetime) -> str:
        original = self.stories[story.copy_of] if story.copy_of else story
        layout = Template(HERE.joinpath("layouts", f"{story.outlet}.html").read_text("utf-8"))
        fields = {
            "title": story.title,
            "url": self.url(story),
            "summary": story.summary,
            "author": story.author,
            "section": story.section,
            "published": story.published.isoformat(),
            "published_words": f"{story.published:%d %B %Y, %H:%M}",
            "views": str(story.views),
            "ago": _ago(story.published, now),
            "original_url": self.url(original),
            "original_site": self.outlets[original.outlet].site,
        }
        body = _broken_over_lines(self._body(original, visit=1)) if story.copy_of else self._body(story, self.visit)
        shown = {key: html.escape(value) for key, value in fields.items()}
        return layout.substitute(shown, body=body, json_ld=json.dumps(self._json_ld(story), ensure_ascii=False))

    def _body(self, story: Story, visit: int) -> str:
        told = self.stories[story.wire] if story.wire else story
        paragraphs = told.paragraphs + (told.later if visit > 1 else ())
        end = '\n<div class="paywall"><p>This article is for subscribers. Subscribe to read on.</p></div>'
        return "\n".join(map(_block, paragraphs)) + (end if story.paywalled else "")

    def _json_ld(self, story: Story) -> dict[str, Any]:
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.title,
            "url": self.url(story),
            "datePublished": story.published.isoformat(),
            "author": {"@type": "Person", "name": story.author},
            "publisher": {"@type": "NewsMediaOrganization", "name": self.outlets[story.outlet].name},
            "articleSection": story.section,
            "inLanguage": "en",
            "isAccessibleForFree": not story.paywalled,
        }

    def _announcement(self, outlet: str, page: int) -> tuple[str, str]:
        name, stories = self.outlets[outlet].name, self.of(outlet)
        if self.outlets[outlet].kind == "listing":
            return "text/html", self._listing(name, stories, page)
        if self.outlets[outlet].kind == "sitemap":
            return "application/xml", self._document(_SITEMAP, _SITEMAP_ENTRY, name, stories)
        if self.outlets[outlet].announces == "/atom.xml":
            return "application/atom+xml", self._document(_ATOM, _ATOM_ENTRY, name, stories)
        entry = _RSS_ENTRY if self.outlets[outlet].dated else _RSS_UNDATED
        return "application/rss+xml", self._document(_RSS, entry, name, stories)

    def _document(self, whole: Template, entry: Template, name: str, stories: Iterable[Story]) -> str:
        entries = "\n".join(entry.substitute(self._announced(name, story)) for story in stories)
        return whole.substitute(name=html.escape(name), entries=entries)

    def _announced(self, name: str, story: Story) -> dict[str, str]:
        fields = {
            "name": name,
            "title": story.title,
            "url": self.url(story),
            "summary": story.summary,
            "published": story.published.isoformat(),
            "rfc822": f"{story.published:%a, %d %b %Y %H:%M:%S %z}",
        }
        return {key: html.escape(value) for key, value in fields.items()}

    def _listing(self, name: str, stories: list[Story], page: int) -> str:
        shown = stories[(page - 1) * LISTED_ON_A_PAGE : page * LISTED_ON_A_PAGE]
        rows = "".join(f'<li><a href="{s.path}">{html.escape(s.title)}</a></li>' for s in shown)
        older = f'<a rel="next" href="/list?page={page + 1}">Older stories</a>'
        more = older if len(stories) > page * LISTED_ON_A_PAGE else ""
        return f"<!doctype html><title>{html.escape(name)}</title><main><h1>Stories</h1><ul>{rows}</ul>{more}</main>"


def _yaml(name: str) -> Any:
    return yaml.safe_load(HERE.joinpath(name).read_text("utf-8"))


def _story(entry: dict[str, Any]) -> Story:
    # PyYAML reads a timestamp with a zone as such; the quoted form would be a string.
    lists: dict[str, Callable[[Any], Any]] = {"paragraphs": tuple, "later": tuple}
    return Story(**{key: lists.get(key, lambda value: value)(value) for key, value in entry.items()})


def _block(paragraph: str) -> str:
    if paragraph.startswith("## "):
        return f"<h2>{html.escape(paragraph[3:])}</h2>"
    if paragraph.startswith("* "):
        return f"<ul><li>{html.escape(paragraph[2:])}</li></ul>"
    return f"<p>{html.escape(paragraph)}</p>"


def _broken_over_lines(body: str) -> str:
    """The copy's markup: every name of a company a link, each link on lines of its own, as aggregators print them."""
    return re.sub(r"\b(Marrowgate|Quillby)\b(?!’)", r'\n<a href="/tag/\1">\n\1\n</a>\n', body)


def _ago(then: datetime, now: datetime) -> str:
    months = 12 * (now.year - then.year) + now.month - then.month
    return f"{months} months ago" if months > 1 else f"{(now - then).days} days ago"


_RSS = Template(
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>$name</title>\n'
    "$entries\n</channel></rss>"
)
_RSS_ENTRY = Template(
    "<item><title>$title</title><link>$url</link><guid>$url</guid><pubDate>$rfc822</pubDate>"
    "<description>$summary</description></item>"
)
_RSS_UNDATED = Template("<item><title>$title</title><link>$url</link><guid>$url</guid></item>")
_ATOM = Template(
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>$name</title>\n'
    "$entries\n</feed>"
)
_ATOM_ENTRY = Template(
    '<entry><title>$title</title><id>$url</id><link href="$url"/><updated>$published</updated>'
    "<summary>$summary</summary></entry>"
)
_SITEMAP = Template(
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n$entries\n</urlset>'
)
_SITEMAP_ENTRY = Template(
    "<url><loc>$url</loc><news:news><news:publication><news:name>$name</news:name><news:language>en</news:language>"
    "</news:publication><news:publication_date>$published</news:publication_date><news:title>$title</news:title>"
    "</news:news></url>"
)
