"""What is removed is gone at once and stays gone."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hidden import HIDDEN, SECRET, archived, hide, polled, published
from leftovers import found_in
from matter import LATER, NOW
from site_client import Site
from sqlite_utils import Database

from crawler.archive import read_record
from crawler.items import Link, Validators
from data.check import check_home
from data.home import Home, Refusal
from data.marks import is_marked
from data.publish import publish, republish
from data.purge import purge
from data.refused import drop_refused
from data.removal import to_remove, undo
from data.store import Store
from data.warc import DRAFT
from data.why import why


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return published(tmp_path)


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


def test_a_link_to_it_is_not_queued(home):
    hide(home)
    with Store(home.work_db) as store:
        queue, poll = polled(store)
        assert queue.keep_links(poll, [Link(url=HIDDEN.url)], validators=None, poll_at=LATER) == 0
