"""What is purged is gone from every byte, and does not come back."""

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hidden import HIDDEN, SECRET, archived, hide, polled, published
from hosted import hosted
from leftovers import found_in
from matter import LATER, NOW, TEXT, article
from sqlite_utils import Database

from crawler.archive import ArchiveWriter, Exchange, read_record
from crawler.items import Link
from crawler.run import crawl
from crawler.settings import build_settings
from data.check import check_file, check_home
from data.home import Home, Refusal
from data.publish import publish
from data.purge import purge
from data.refused import drop_refused
from data.releases import release, releases
from data.removal import undo
from data.store import Store
from data.times import stamp


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return published(tmp_path)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # warcio leaves its spools to the collector
def test_a_purge_leaves_no_word_anywhere(home):
    archived(home)
    publish(home, private=True)
    first = release(home, on=date(2026, 3, 2))
    shutil.copy(home.work_db, home.path / "work.db.v0.bak")
    assert list(found_in(home, [SECRET]))
    hide(home)
    assert purge(home, now=NOW + timedelta(days=29)).articles == 0
    report = purge(home, now=NOW + timedelta(days=30))
    assert (report.articles, report.files, report.left) == (1, 1, ())
    assert list(found_in(home, [SECRET, "A peculiar headline"])) == []
    assert check_home(home) == []
    with Store(home.work_db) as store:
        assert store.add_article(HIDDEN, now=LATER) == "removed"
        rows = list(store.db["fetches"].rows_where("warc_file is not null"))
        assert {read_record(home.archive, row["warc_file"], row["warc_offset"]).url for row in rows} == {
            "https://outlet.example/11", "https://outlet.example/12",
        }  # fmt: skip
        assert purge(home, now=NOW + timedelta(days=99)).articles == 0
    (again,) = releases(home)
    assert (first / "WITHDRAWN.md").read_text() == "Withdrawn on 2026-03-31; issued again as 2026-03-02.2.\n"
    assert "Reissue of 2026-03-02.1" in (again / "CHANGES.md").read_text()
    assert check_file(again / "blotter.db") == []


def paper(title: str, *paragraphs: str) -> str:
    """A page of an article."""
    words = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{words}</main></body></html>"


OTHERS = [
    f"Point {n} of the evening was told by speaker {n * 7}, who wanted the mill built before winter number {n + 3}."
    for n in range(12)
]


def test_of_what_a_crawl_brings_after_a_purge_only_what_a_kept_article_says_is_ever_in_the_archive(home):
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    pages = {
        "/copy": paper("A peculiar headline", TEXT, f"{SECRET}. And the rest followed."),
        "/gone": paper(f"{SECRET}", "This page is no more."),
        "/quoting": paper("The mill debate", *OTHERS, f"{SECRET}."),
        "/other": paper("The old lock is for sale", *(line.replace("mill", "lock") for line in OTHERS)),
    }
    before: dict[str, list[str]] = {}
    with hosted(pages) as (site, _), Store(home.work_db) as store:
        crawl(
            store.queue_of([f"{site}{path}" for path in pages], now=LATER), sources={}, archive=home.archive,
            settings=build_settings("desk@newsroom.example", ["127.0.0.0/8"]) | {"DOWNLOAD_DELAY": 0},
            now=lambda: LATER,
            on_article=lambda kept: before.update({kept.url: in_archive(home)}),
        )  # fmt: skip
        places = list(store.db["fetches"].rows_where("warc_file is not null and at = ?", [stamp(LATER)]))
        assert not {f"{site}/copy", f"{site}/gone"} & {row["url"] for row in places}
        assert [read_record(home.archive, row["warc_file"], row["warc_offset"]).url for row in places] == [
            row["final_url"] for row in places
        ]
        assert drop_refused(store.db, home.archive) == 0
    assert before == {f"{site}/quoting": [], f"{site}/other": before[f"{site}/other"]}
    assert {f"{site}/quoting", f"{site}/other"} <= {row["url"] for row in places}
    assert check_home(home) == []


def in_archive(home: Home) -> list[str]:
    return [path for path in found_in(home, [SECRET]) if path.endswith(".warc.gz")]


FORMS = {
    "feed": "<rss><item><description>&lt;p&gt;New. {}.&lt;/p&gt;</description></item></rss>",
    "whole text in a feed": "<rss><item><content><![CDATA[{}. And more.]]></content></item></rss>",
    "JSON feed": '{{"items": [{{"content_text": "{}.\\nAnd more", "url": "https://copier.example/x"}}]}}',
    "second page": "<p>It goes on. {}. It <a href='/x'>ends</a> here.</p>",
    "within links": "<p>{}.</p>",
    "wrapped": "<p>And so. Only this outlet has ever printed these\r\n  nine peculiar words together in one line.</p>",
    "quoted": "<p>He said: “{},” and “no,” she said.</p>",
    "in a JSON array": '{{"items": ["{}", "and more"]}}',
    "beside an emoji": '{{"t": "{} \\ud83d\\ude00. More"}}',
    "description": '<meta name="description" content="{}.">',
}


def told_after_a_purge(home: Home, body: str) -> bool:
    """Whether the archive takes this answer."""
    with Store(home.work_db) as store:
        forbids = store.queue().forbids
        with closing(ArchiveWriter(home.archive, software="test", now=LATER, forbids=forbids)) as writer:
            exchange = Exchange(url="https://f.example/1", status=200, body=body.encode(), at=LATER, notes={})
            return writer.write(exchange) is not None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("form", FORMS)
def test_a_feed_or_further_page_that_prints_a_purged_sentence_does_not_get_into_the_archive(home, form):
    hide(home)
    secret = f"<a href='/x'>Only</a> this{SECRET[9:]}" if form == "within links" else SECRET
    assert told_after_a_purge(home, FORMS[form].format(secret))
    purge(home, now=NOW + timedelta(days=30))
    assert not told_after_a_purge(home, FORMS[form].format(secret))
    assert list(found_in(home, [SECRET[9:], "nine peculiar words"])) == []
    assert told_after_a_purge(home, f"<p>{TEXT}</p>")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_a_kept_article_says_too_goes_into_the_archive_however_it_is_spelled(home):
    hide(home)
    with Store(home.work_db) as store:
        store.add_article(replace(article(14), text=f"It's said: {SECRET.replace('nine', 'nine, ')}!"), now=NOW)
    purge(home, now=NOW + timedelta(days=30))
    assert told_after_a_purge(home, SECRET.replace(" ", "&nbsp;", 2))


def test_a_purge_takes_the_sentence_from_links_that_came_before(home):
    hide(home)
    with Store(home.work_db) as store:
        queue, poll = polled(store)
        link = Link(url="https://copier.example/x", title="Seen elsewhere", summary=f"{SECRET}.")
        queue.keep_links(poll, [link], validators=None, poll_at=LATER)
    purge(home, now=NOW + timedelta(days=30))
    assert list(found_in(home, [SECRET])) == []


def test_of_a_link_that_prints_a_purged_sentence_the_address_is_kept_alone(home):
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    with Store(home.work_db) as store:
        queue, poll = polled(store)
        links = [
            Link(url=f"https://copier.example/{n}", summary=words) for n, words in enumerate([SECRET, "Quite new"])
        ]
        assert queue.keep_links(poll, links, validators=None, poll_at=LATER) == 2
        assert {job.link.summary for job in queue.lease(9, now=LATER) if job.link} == {None, "Quite new"}


PLACES = {
    "row": lambda home, text: Database(home.work_db).execute("update articles set summary = ? where id = 12", [text]),
    "published row": lambda home, text: Database(home.public_db).execute("update articles set title = ?", [text]),
    "text": lambda home, text: (home.path / "notes.txt").write_text(f"Kept aside. {text}. Ask first.", "utf-8"),
    "JSON": lambda home, text: (home.path / "old.jsonl").write_text(
        json.dumps({"id": 1, "words": f"{text}."}), "utf-8"
    ),
    "half a database": lambda home, text: half_a_database(home, f"{text}."),
    "free page": lambda home, text: (home.path / "a.db-wal").write_bytes(b"\x00\x07" * 900_000 + f"{text}.\0".encode()),
}


def half_a_database(home: Home, text: str) -> None:
    """What a killed publication leaves of the file it was building."""
    (home.path / "blotter.db.scratch").write_bytes(home.public_db.read_bytes()[:100] + b"\xff" * 5_000 + text.encode())


def test_a_check_reads_half_a_database_as_it_is(home):
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    half_a_database(home, "Nothing that was purged.")
    assert check_home(home) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_check_finds_words_of_a_purged_article_by_their_hashes(home, place):
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    assert check_home(home) == []
    PLACES[place](home, SECRET)
    assert [line for line in check_home(home) if line.endswith("holds a sentence of a purged article")]


def test_a_purged_article_cannot_be_shown_again(home):
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    with Store(home.work_db) as store, pytest.raises(Refusal, match="was purged"):
        undo(store.db, "15", now=LATER)
