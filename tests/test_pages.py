"""Pages written for it, in many layouts, and the articles they must become."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, Interval, Link
from crawler.pages import PageError
from crawler.pages.decode import decoded
from crawler.pages.generic import read_page
from crawler.pages.walls import judged
from crawler.urls import article_id, canonical_url

PAGES = Path(__file__).parent / "pages"
FETCHED = datetime(2025, 9, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A saved page and what is expected of it."""

    name: str
    html: bytes
    expected: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    def article(self) -> Article:
        read = read_page(self.html, self.expected["url"], fetched=datetime.fromisoformat(self.expected["fetched"]))
        return judged(read, decoded(self.html))


def cases(*, having: str = "url") -> list[Case]:
    found = []
    for path in sorted(PAGES.glob("*.html")):
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        if expected.get(having) is not None:
            found.append(Case(path.stem, path.read_bytes(), expected))
    return found


def paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in re.split(r"\n+", text) if line.strip()]


def test_there_are_pages_in_many_layouts() -> None:
    assert len(cases()) >= 40
    assert len({case.name.split("-")[0] for case in cases()}) >= 12


@pytest.mark.parametrize("case", cases(having="text"), ids=str)
def test_the_text_is_the_article_and_nothing_else(case: Case) -> None:
    assert paragraphs(case.article().text) == paragraphs(case.expected["text"])


@pytest.mark.parametrize("case", cases(having="contains"), ids=str)
def test_the_text_holds_every_entry(case: Case) -> None:
    text = case.article().text
    assert [words for words in case.expected["contains"] if words not in text] == []


@pytest.mark.parametrize("case", cases(having="cut"), ids=str)
def test_chrome_is_not_in_the_text(case: Case) -> None:
    text = case.article().text
    assert [words for words in case.expected["cut"] if words in text] == []


@pytest.mark.parametrize("case", cases(), ids=str)
def test_fields(case: Case) -> None:
    article, expected = case.article(), case.expected
    assert article.title == expected["title"]
    assert list(article.authors) == expected["authors"]
    assert article.access == expected["access"]
    assert article.url == canonical_url(expected.get("canonical", expected["url"]))
    assert article.id == article_id(article.url)
    assert set(expected["signals"]) <= set(article.signals)
    for name in ("publisher", "language"):
        if name in expected:
            assert getattr(article, name) == expected[name]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_published(case: Case) -> None:
    published = case.article().published
    assert published is not None
    assert [str(published.start), str(published.end)] == case.expected["published"]
    assert published.basis == case.expected["basis"]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_source_chain(case: Case) -> None:
    found = [[hop.kind, hop.name, hop.method] for hop in case.article().hops]
    assert found == case.expected["hops"]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_every_field_names_its_origin(case: Case) -> None:
    article = case.article()
    named = {origin.field for origin in article.origins}
    assert {name for name in ("title", "authors", "published") if getattr(article, name)} <= named


def test_reading_twice_gives_the_same() -> None:
    for case in cases()[::5]:
        assert case.article() == case.article()


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


WORDS = "<h1>A short headline of a page</h1>" + "".join(
    f"<p>Paragraph number {n} says something that is long enough to be read, and it ends as sentences do.</p>"
    for n in range(6)
)


def test_fields_that_the_page_lacks_come_from_the_feed() -> None:
    day = FETCHED.date().replace(month=3)
    link = Link(
        url="https://example.com/a", source_id="example", title="From the feed", authors=("Ann Lee",),
        published=Interval(start=day, end=day, basis="feed", words="2025-03-01"), summary="What it is about",
    )  # fmt: skip
    article = read_page(page(WORDS.replace("h1", "b")), link.url, fetched=FETCHED, link=link)
    assert (article.title, article.authors, article.source_id) == ("From the feed", ("Ann Lee",), "example")
    assert article.published == link.published
    assert article.summary == "What it is about"
    assert {origin.origin for origin in article.origins} == {"feed"}


def test_a_canonical_link_to_the_same_site_is_the_address_and_one_elsewhere_a_hop() -> None:
    own = read_page(
        page(WORDS, '<link rel=canonical href="https://www.example.com/a">'),
        "https://m.example.com/a?x=1",
        fetched=None,
    )
    assert (own.url, own.hops) == ("https://www.example.com/a", ())
    other = read_page(
        page(WORDS, '<link rel=canonical href="https://example.org/a">'), "https://example.com/a", fetched=None
    )
    assert other.url == "https://example.com/a"
    assert [(hop.kind, hop.name, hop.url) for hop in other.hops] == [
        ("copy_of", "example.org", "https://example.org/a")
    ]


def test_a_line_of_links_with_which_a_site_takes_over_ends_the_text_and_is_kept_among_the_cuts() -> None:
    address = "https://original.example/story-1"
    foot = (
        f'<p>Article From: <a href="{address}">original.example</a><br><a href="{address}">Read Entire Article</a></p>'
        "<p>We gather what others write so that you need not look for it, and we thank you for reading it here.</p>"
    )
    article = read_page(page(WORDS + foot), "https://copy.example/7", fetched=FETCHED)
    assert [(hop.kind, hop.name, hop.url) for hop in article.hops] == [("copy_of", "original.example", address)]
    assert "Article From: original.example Read Entire Article" in [cut.words for cut in article.cuts]
    assert [cut.reason for cut in article.cuts if "We gather" in cut.words] == ["after the text"]
    assert "We gather" not in article.text
    assert "Paragraph number 5" in article.text


@pytest.mark.parametrize(
    ("following", "is_told"),
    [("?page=2", True), ("/2025/a/2/", True), ("/2025/a/page/2", True), ("/2025/b/", False), ("?id=8", False)],
)
def test_only_a_later_page_of_the_same_article_counts_as_one(following: str, is_told: bool) -> None:
    article = read_page(
        page(WORDS, f'<link rel="next" href="{following}">'), "https://example.com/2025/a/", fetched=FETCHED
    )
    assert ("more_pages" in article.signals) is is_told


def test_what_follows_a_link_on_a_line_of_its_own_belongs_to_it() -> None:
    link = "\n<a href='/tag/x'>\nMarrow\n</a>\n"
    words = WORDS.replace("says something", f"is by {link}, which says something").replace("do.<", f"do at {link}.<")
    text = read_page(page(words), "https://example.com/a", fetched=FETCHED).text
    assert "is by Marrow, which says" in text
    assert "do at Marrow." in text


def test_a_live_blog_that_a_script_fills_in_is_read_from_its_markup() -> None:
    entry = {"@type": "BlogPosting", "headline": "The vote", "datePublished": "2025-05-01T10:05:00+02:00"}
    updates = [entry | {"articleBody": f"Entry {n} says what happened in the hall. " * 12} for n in range(3)]
    ld = json.dumps({"@type": "LiveBlogPosting", "headline": "Live: the vote", "liveBlogUpdate": updates})
    head = f'<script type="application/ld+json">{ld}</script>'
    article = read_page(page("<h1>Live: the vote</h1><p>Loading</p>", head), "https://example.com/a", fetched=FETCHED)
    assert article.text.startswith("08:05 UTC The vote\n\nEntry 0 says")
    assert article.text.count("08:05 UTC The vote") == 3
    assert "live_blog" in article.signals


def test_a_text_that_is_not_free_is_not_taken_from_the_markup() -> None:
    ld = {"@type": "NewsArticle", "headline": "A headline", "articleBody": "Words for subscribers. " * 100}
    for is_free, expected in ((True, True), (False, False)):
        head = f'<script type="application/ld+json">{json.dumps(ld | {"isAccessibleForFree": is_free})}</script>'
        article = read_page(page("<h1>A headline</h1><p>Loading</p>", head), "https://example.com/a", fetched=FETCHED)
        assert ("Words for subscribers" in article.text) is expected


def test_nothing_is_dated_in_the_future() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    article = read_page(page(WORDS, head), "https://example.com/a", fetched=FETCHED)
    assert article.published is None or (article.published.end or FETCHED.date()) <= FETCHED.date()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"   \n ", "empty"),
        (b"\x00\x00\x00", "empty"),
        (b"<html><body></body></html>", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 stream", "not_html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_html"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "bad_content"),
    ],
    ids=["nothing", "blanks", "zeros", "no words", "pdf", "png", "gzip"],
)
def test_what_is_no_page_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(PageError) as refusal:
        read_page(body, "https://example.com/a", fetched=None)
    assert refusal.value.reason == reason
    assert "\n" not in refusal.value.detail


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 20_000 + WORDS,
        "<p" * 5_000 + WORDS,
        WORDS + "<a href='http://[' ><link rel=canonical href='http://[::1'>x</a>",
        WORDS + "<script type='application/ld+json'>" + "[" * 30_000 + "</script>",
        WORDS + "<script type='application/ld+json'>" + '{"a":' * 30_000 + "</script>",
        WORDS
        + '<script type="application/ld+json">{"@type":"NewsArticle","headline":7,"author":[[{"name":[null,{}]}]],'
        '"datePublished":["9999-99-99"],"publisher":3,"keywords":{"a":1},"isBasedOn":[5]}</script>',
        WORDS + "<meta property='article:published_time' content='0000-00-00T99:99:99+99:99'>",
        WORDS + "<meta name=date content='Thu, 99 Foo 20245 25:61:00 +9999'>",
        WORDS.replace("short", "\ud800\udfff\x00\x1b"),
    ],
    ids=["deep", "tags", "addresses", "ld lists", "ld nodes", "ld types", "date", "mail date", "surrogates"],
)
def test_hostile_pages_are_read_or_refused(body: str) -> None:
    try:
        article = read_page(page(body), "https://example.com/a", fetched=FETCHED)
    except PageError:
        return
    whole = article.title + article.text + "".join(cut.words for cut in article.cuts)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", whole)
    whole.encode("utf-8")
