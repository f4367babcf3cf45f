"""What feeds, sitemaps and listings name, and what hostile ones do not do."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

import pytest

from crawler.discovery import MAX_LINKS, Found, feeds_of, links

BASE = "https://paper.example/rss.xml"
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Paper</title>
<link>https://paper.example/</link><ttl>90</ttl>
<item><title>Council &amp;amp; court</title><link> /2026/11/a?utm_source=rss </link>
<pubDate>Mon, 23 Nov 2026 08:30:00 +0100</pubDate><dc:creator>Ada Quill and Ben Ferry</dc:creator>
<description>&lt;p&gt;The vote &lt;b&gt;was&lt;/b&gt; nine to two.&lt;/p&gt;</description></item>
<item><title><![CDATA[Second <i>story</i>]]></title><guid>https://paper.example/2026/11/b</guid>
<author>desk@paper.example (Cleo Harbour)</author><pubDate>yesterday</pubDate></item>
<item><title>No address</title><guid isPermaLink="false">17</guid></item>
<item><title>Again</title><link>https://paper.example/2026/11/a</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title><link href="/"/>
<entry><title type="html">A &lt;em&gt;vote&lt;/em&gt;</title><link rel="self" href="/self"/><link href="/2026/11/a"/>
<published>2026-11-23T07:30:00Z</published><updated>2026-11-24T00:00:00Z</updated>
<author><name>Ada Quill</name></author><summary>Nine to two.</summary></entry>
<entry><title>B</title><link rel="alternate" href="https://paper.example/2026/11/b"/><updated>2026-11-22</updated></entry>
</feed>"""
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://paper.example/2026/11/a</loc><image:image><image:loc>https://paper.example/a.jpg</image:loc></image:image>
<n:news><n:publication><n:name>Paper</n:name></n:publication>
<n:publication_date>2026-11-23</n:publication_date><n:title>A vote</n:title></n:news></url>
<url><loc>https://paper.example/2026/11/b</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://paper.example/rss.xml</loc></sitemap><sitemap><loc>https://paper.example/news.xml.gz</loc></sitemap>
<sitemap><loc>file:///etc/passwd</loc></sitemap></sitemapindex>"""
LISTING = """<html><head><base href="/news/"><link rel="next" href="?page=2"></head><body>
<nav><a href="/about">About the paper and all who write it</a></nav><main>
<a href="2026/11/council-votes-on-system">Council votes</a>
<a href="/news/topics/ferries">Everything about the ferries of Port Meridian</a>
<a href="https://other.example/2026/11/their-own-long-story">Elsewhere</a>
<a href="/news/minutes">The minutes of the meeting are out at last</a>
<a href="/files/2026/report-of-the-audit.pdf">The report</a><a href="mailto:desk@paper.example">Write</a><a>Nothing</a>
</main></body></html>"""
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {"url": "https://paper.example/2026/11/a", "title": "A", "date_published": "2026-11-23T08:30:00+01:00",
         "authors": [{"name": "Ada Quill"}], "summary": "Nine to two."},
        {"external_url": "https://other.example/b", "title": 17, "author": {"name": "Ben"}},
        {"id": "no address"}, "no item",
    ],
}  # fmt: skip


def found(text: str | bytes, kind: str = "feed", url: str = BASE) -> Found:
    return links(text if isinstance(text, bytes) else text.encode(), url, kind=kind, source_id="paper")


def test_rss_tells_title_date_author_and_summary() -> None:
    first, second = (rss := found(RSS)).links
    assert (rss.kind, rss.ttl) == ("rss", timedelta(minutes=90))
    assert first.url == "https://paper.example/2026/11/a"
    assert (first.title, first.summary) == ("Council & court", "The vote was nine to two.")
    assert first.authors == ("Ada Quill", "Ben Ferry")
    assert first.published
    assert first.published.at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert first.published.words == "Mon, 23 Nov 2026 08:30:00 +0100"
    assert (first.source_id, first.found_in) == ("paper", BASE)
    assert (second.title, second.authors, second.published) == ("Second story", ("Cleo Harbour",), None)


def test_atom_takes_the_alternate_link_and_the_first_date() -> None:
    first, second = found(ATOM).links
    assert (first.url, first.title, first.authors) == ("https://paper.example/2026/11/a", "A vote", ("Ada Quill",))
    assert first.published
    assert first.published.at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert second.published
    assert (second.published.start, second.published.at) == (date(2026, 11, 22), None)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_news_sitemap_tells_title_and_date(pack: type[bytes]) -> None:
    first, second = found(pack(NEWS.encode()), "sitemap").links
    assert (first.url, first.title) == ("https://paper.example/2026/11/a", "A vote")
    assert first.published
    assert first.published.start == date(2026, 11, 23)
    assert (second.title, second.published) == (None, None)


def test_an_index_leads_to_other_sitemaps_only() -> None:
    index = found(INDEX, "sitemap")
    assert (index.kind, index.next_pages, index.links) == ("index", ("https://paper.example/news.xml.gz",), ())


def test_a_json_feed_is_read_and_its_odd_items_left_out() -> None:
    first, second = found(json.dumps(FEED)).links
    assert (first.title, first.authors, first.summary) == ("A", ("Ada Quill",), "Nine to two.")
    assert (second.url, second.title, second.authors) == ("https://other.example/b", None, ("Ben",))


def test_a_listing_names_stories_of_its_own_site_and_its_next_page() -> None:
    listing = found(LISTING, "listing", "https://paper.example/news/")
    assert [link.url for link in listing.links] == [
        "https://paper.example/news/2026/11/council-votes-on-system",
        "https://paper.example/news/minutes",
    ]
    assert listing.next_pages == (urljoin("https://paper.example/news/", "?page=2"),)


def test_a_page_names_its_feeds() -> None:
    page = """<html><head><link rel="alternate" type="application/rss+xml" title="News" href="/rss">
    <link rel="alternate" hreflang="fr" href="/fr"></head>
    <body><a href="/rss">RSS</a><a href="/tech/feed/">Tech</a></body>"""
    assert [(feed.url, feed.title) for feed in feeds_of(page, "https://paper.example/")] == [
        ("https://paper.example/rss", "News"),
        ("https://paper.example/tech/feed/", "Tech"),
    ]


@pytest.mark.parametrize("text", ["", "<html><body>Not found", "{}", "[1]", "{", "\x00\x01", "<?xml version='1.0'?>"])
def test_what_names_nothing_is_none(text: str) -> None:
    assert found(text) == Found()


def test_a_broken_feed_yields_what_stands_before_the_break() -> None:
    broken = RSS.replace("Second", "A & B \x01 &nbsp;")[:-180]
    assert [link.url for link in found(broken).links] == [f"https://paper.example/2026/11/{n}" for n in "ab"]


def test_entities_are_neither_resolved_nor_loaded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "lollollol"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    titles = [link.title for link in found(bomb + RSS.partition("?>")[2].replace("Second", "&a;&x; Second")).links]
    assert titles == ["Council & court", "Second story"]


def test_a_feed_that_is_cut_in_its_gzip_is_read_as_far_as_it_goes() -> None:
    items = "".join(f"<item><link>https://paper.example/{n}-{n * 7919}</link></item>" for n in range(5000))
    packed = gzip.compress(f"<rss><channel>{items}</channel></rss>".encode())
    assert 100 < len(found(packed[: len(packed) // 2]).links) < 5000


def test_a_huge_feed_is_cut() -> None:
    items = "".join(f"<item><link>https://paper.example/{n}</link></item>" for n in range(MAX_LINKS + 10))
    assert len(found(f"<rss><channel>{items}</channel></rss>").links) == MAX_LINKS
