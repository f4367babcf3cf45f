"""What is removed is gone at once and stays gone; what is purged is gone from every byte."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hosted import hosted
from leftovers import found_in
from matter import LATER, NOW, TEXT, article, fill, made, reading
from site_client import Site
from sqlite_utils import Database

from crawler.archive import ArchiveWriter, Exchange, read_record
from crawler.items import Fetch, Link, Validators
from crawler.run import crawl
from crawler.settings import build_settings
from data.check import check_file, check_home
from data.home import Home, Refusal
from data.marks import is_marked
from data.publish import publish, republish
from data.purge import purge
from data.refused import drop_refused
from data.releases import release, releases
from data.removal import remove, to_remove, undo
from data.store import Store
from data.times import stamp
from data.warc import DRAFT
from data.why import why

SECRET = "Only this outlet has ever printed these nine peculiar words together in one line"
HIDDEN = replace(article(15), title="A peculiar headline", text=f"{TEXT}\n{SECRET}. And the rest followed.")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = made(tmp_path, 11, 12, 13)
    with Store(home.work_db) as store:
        store.add_article(HIDDEN, now=NOW)
        store.keep_reading(reading(15), extracted_with="1")
        fill(store)
    publish(home)
    return home


def hide(home: Home, target: str = HIDDEN.url, *, with_copies: bool = False) -> None:
    with Store(home.work_db) as store:
        remove(store.db, to_remove(store.db, target, with_copies=with_copies), reason="publisher", note=None, now=NOW)
    republish(home)


def shown(home: Home) -> set[int]:
    with Database(sqlite3.connect(home.public_db)) as db:
        return {row["id"] for row in db["articles"].rows}


def test_it_is_gone_at_once_with_its_facts(home):
    hide(home)
    db = Database(sqlite3.connect(home.public_db))
    assert shown(home) == {11, 12, 13}
    assert not db["spans"].count_where("article_id = 15")
    assert SECRET.encode() not in home.public_db.read_bytes()
    assert [(row["article_id"], row["reason"]) for row in db["removals"].rows] == [(15, "publisher")]


def test_its_incident_says_that_a_report_was_removed(home):
    def said() -> str:
        with closing(Site(home.public_db)) as site:
            return site.get("/blotter/incidents/1").words

    assert "Articles can be removed on request" in said()
    hide(home)
    assert "1 article about this incident was removed" in said()


def test_it_does_not_come_back_by_crawl_or_as_a_copy(home):
    hide(home)
    with Store(home.work_db) as store:
        assert store.add_article(HIDDEN, now=LATER) == "removed"
        copy = replace(HIDDEN, id=99, url="https://copier.example/x", text=f"{HIDDEN.text}\nRead more here.")
        assert store.add_article(copy, now=LATER) == "removed"
        assert not is_marked(store.db, "Quite another text that has nothing to do with any of this at all. " * 3)
        assert 15 not in {text.article_id for text in store.texts_to_extract("2", all=True)}
        assert 15 not in {story.article_id for story in store.stories()}


def test_a_copy_that_is_crawled_leaves_no_job_without_an_article_and_says_why(home):
    hide(home)
    url = "https://copier.example/x"
    with Store(home.work_db) as store:
        queue = store.queue_of([url], now=LATER)
        (job,) = queue.lease(1, now=LATER)
        copy = replace(HIDDEN, id=99, url=url)
        assert not queue.keep_article(job, copy, validators=Validators(etag="x"), recheck_at=LATER)
        (row,) = store.db["jobs"].rows_where("url = ?", [url])
        assert (row["article_id"], row["due_at"]) == (None, None)
        assert "not kept 2026-03-02T12:00:00Z: it was removed, or repeats an article that was" in why(store.db, url)
        assert queue.lease(1, now=LATER) == []
        undo(store.db, HIDDEN.url, now=LATER)
        assert [one.url for one in queue.lease(1, now=LATER)] == [url]
    assert check_home(home) == []


def test_undone_it_is_shown_again(home):
    before = home.public_db.read_bytes()
    hide(home)
    with Store(home.work_db) as store:
        assert undo(store.db, HIDDEN.url, now=LATER) == (15,)
    republish(home)
    assert home.public_db.read_bytes() == before


def test_an_address_is_known_however_it_is_spelled(home):
    pasted = f"{HIDDEN.url.replace('https', 'HTTPS', 1)}/?utm_source=letter#top"
    hide(home, pasted)
    assert shown(home) == {11, 12, 13}
    with Store(home.work_db) as store:
        assert why(store.db, pasted) == why(store.db, HIDDEN.url)
        assert undo(store.db, pasted, now=LATER) == (15,)


def test_copies_go_on_request(home):
    hide(home, "11")
    assert shown(home) == {12, 13, 15}
    hide(home, "11", with_copies=True)
    assert shown(home) == {12, 15}


def test_copies_are_shown_again_on_request(home):
    hide(home, "11", with_copies=True)
    with Store(home.work_db) as store:
        assert undo(store.db, "11", with_copies=True, now=LATER) == (11, 13)
    publish(home)
    assert shown(home) == {11, 12, 13, 15}


def test_what_nobody_knows_cannot_be_removed(home):
    with Store(home.work_db) as store:
        with pytest.raises(Refusal, match="no such article"):
            to_remove(store.db, "https://outlet.example/unknown")
        with pytest.raises(Refusal, match="was not removed"):
            undo(store.db, "11", now=LATER)


def archived(home: Home) -> None:
    """Put the page, a feed that tells of it, and a page that stays into the archive."""
    writer = ArchiveWriter(home.archive, software="test", now=NOW)
    with Store(home.work_db) as store:
        queue = store.queue()
        for url, body in (
            ("https://outlet.example/12", f"<p>{TEXT}</p>"),
            (HIDDEN.url, f"<p>{TEXT}</p><p>{SECRET}.</p>"),
            ("https://outlet.example/feed", f"<item>{SECRET.replace(' ', '&#32;')}.</item>"),
            ("https://outlet.example/11", f"<p>{TEXT}</p>"),
        ):
            exchange = Exchange(url=url, status=200, body=body.encode(), at=NOW, notes={})
            file, offset = writer.write(exchange)
            queue.log_fetch(
                Fetch(url=url, final_url=url, status=200, at=NOW, size=1, warc_file=file, warc_offset=offset)
            )
        store.register_sources([], now=NOW)
    writer.close()


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
        store.db.execute("insert into jobs (kind, url, host, due_at) values ('poll', 'https://f.example', 'f', '2026')")
        queue = store.queue()
        (poll,) = queue.lease(1, now=NOW)
        link = Link(url="https://copier.example/x", title="Seen elsewhere", summary=f"{SECRET}.")
        queue.keep_links(poll, [link], validators=None, poll_at=LATER)
    purge(home, now=NOW + timedelta(days=30))
    assert list(found_in(home, [SECRET])) == []


def test_of_a_link_that_prints_a_purged_sentence_the_address_is_kept_alone(home):
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    with Store(home.work_db) as store:
        store.db.execute("insert into jobs (kind, url, host, due_at) values ('poll', 'https://f.example', 'f', '2026')")
        queue = store.queue()
        (poll,) = queue.lease(1, now=NOW)
        links = [
            Link(url=f"https://copier.example/{n}", summary=words) for n, words in enumerate([SECRET, "Quite new"])
        ]
        assert queue.keep_links(poll, links, validators=None, poll_at=LATER) == 2
        assert {job.link.summary for job in queue.lease(9, now=LATER) if job.link} == {None, "Quite new"}


def test_the_page_of_an_article_that_is_only_hidden_stays_in_the_archive_when_it_is_refused(home):
    archived(home)
    hide(home)
    with Store(home.work_db) as store:
        queue = store.queue_of([HIDDEN.url], now=LATER)
        (job,) = queue.lease(1, now=LATER)
        queue.keep_article(job, HIDDEN, validators=None, recheck_at=None)
        assert drop_refused(store.db, home.archive) == 0
    assert any(path.endswith(".warc.gz") for path in found_in(home, [SECRET]))


@pytest.mark.parametrize(
    ("there", "named", "stays"),
    [
        (("", ".p"), "", ""), (("", ".p"), ".p", ".p"), (("", ".p"), None, ".p"), (("", ".p.p"), "", ""),
        (("", ".p", ".p.p"), "", ""), (("", ".p", ".p.p"), ".p", ".p"), (("", ".p", ".p.p"), ".p.p", ".p.p"),
    ],
)  # fmt: skip
def test_of_an_archive_file_and_its_rewritings_that_killed_runs_left_one_stays(home, there, named, stays):
    archived(home)
    (old,) = home.archive.glob("*.warc.gz")
    files = {more: old.with_name(old.name.replace(".warc.gz", f"{more}.warc.gz")) for more in there}
    for path in set(files.values()) - {old}:
        path.write_bytes(old.read_bytes()[:700])
        path.with_name(path.name + DRAFT).write_bytes(old.read_bytes()[:300])
    with Store(home.work_db) as store:
        store.db.execute("update fetches set warc_file = ?", [None if named is None else files[named].name])
        drop_refused(store.db, home.archive)
    assert list(home.archive.iterdir()) == [files[stays]]


def test_a_file_that_gets_the_name_of_one_written_anew_takes_nothing_away(home):
    archived(home)
    hide(home)
    purge(home, now=NOW + timedelta(days=30))
    archived(home)  # in the same second, as the clock was set back
    with Store(home.work_db) as store:
        store.queue_of(["https://outlet.example/feed", HIDDEN.url], now=LATER)
        store.db.execute("update jobs set reason = 'removed', article_id = null")
        assert drop_refused(store.db, home.archive) == 2
        places = list(store.db["fetches"].rows_where("warc_file is not null"))
    told = [read_record(home.archive, row["warc_file"], row["warc_offset"]).url for row in places]
    assert told == [row["url"] for row in places]
    assert sorted(told) == [f"https://outlet.example/{number}" for number in (11, 11, 12, 12)]


def test_an_archive_file_that_was_taken_elsewhere_ends_no_run(home):
    archived(home)
    with Store(home.work_db) as store:
        store.queue_of(["https://outlet.example/feed"], now=LATER)
        store.db.execute("update jobs set reason = 'removed', article_id = null")
        (file,) = home.archive.glob("*.warc.gz")
        away = file.rename(home.path / "elsewhere.gz")
        assert drop_refused(store.db, home.archive) == 0
        away.rename(file)
        assert drop_refused(store.db, home.archive) == 1


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


def test_a_link_to_it_is_not_queued(home):
    hide(home)
    with Store(home.work_db) as store:
        store.db.execute("insert into jobs (kind, url, host, due_at) values ('poll', 'https://f.example', 'f', '2026')")
        queue = store.queue()
        (poll,) = queue.lease(1, now=NOW)
        assert queue.keep_links(poll, [Link(url=HIDDEN.url)], validators=None, poll_at=LATER) == 0
