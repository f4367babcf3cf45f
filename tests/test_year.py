"""A year of daily refreshes on a local web that publishes and edits: what grows is the data, and ids stay."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from leftovers import found_in
from news_web import LOOPBACK, Clock, Web, news_web
from reports import write_pages

from crawler.settings import build_settings
from data.check import check_home
from data.corrections import add_correction, decision
from data.home import Home
from data.publish import republish
from data.purge import purge
from data.removal import remove, to_remove
from data.store import Store
from extract.model import DEFAULT_MODEL
from runs import running

pytestmark = pytest.mark.slow
DAYS, PORT, EACH = 365, 8471, 5
EVERY = 2
"""Days from one day of news to the next."""
CORRECTED, REMOVED, PURGED = 40, 90, 125
"""Days of a correction, of a removal, and of its purge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a home held at the end of a day."""

    articles: int
    versions: int
    work: int
    public: int
    archive: int
    files: int
    logs: int


class Year:
    """A home and the runs on it."""

    def __init__(self, home: Home, web: Web, clock: Clock) -> None:
        self.home, self.clock = home, clock
        self.sources = {source.id: source for source in (
            web.source(0), web.source(1, "/news-sitemap.xml.gz", "sitemap"),
        )}  # fmt: skip
        self.settings = build_settings("tests@example.com", LOOPBACK) | {"DOWNLOAD_DELAY": 0}

    def refresh(self) -> int:
        """All that `blotter refresh` does, at the clock's time."""
        with running(self.home, "refresh", self.clock, quiet=True) as run:
            run.crawl(self.sources, self.settings, source_ids=tuple(self.sources), all_due=False, budget=None)
            run.extract(DEFAULT_MODEL)
            run.publish()
        return run.exit_code

    def rows(self, sql: str, file: str = "work.db") -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home.path / file)) as db:
            return db.execute(sql).fetchall()

    def number(self, sql: str, file: str = "work.db") -> int:
        return int(str(self.rows(sql, file)[0][0]))

    def state(self) -> Day:
        files = list(self.home.archive.glob("*.warc.gz"))
        return Day(
            articles=self.number("select count(*) from articles"),
            versions=self.number("select count(*) from article_versions"),
            work=self.home.work_db.stat().st_size, public=self.home.public_db.stat().st_size,
            archive=sum(file.stat().st_size for file in files), files=len(files),
            logs=self.number("select (select count(*) from fetches) + (select count(*) from failures)"),
        )  # fmt: skip

    def published(self) -> dict[str, dict[object, object]]:
        """Ids of what is published, each with what must stay with it."""
        named = {"articles": "url", "violations": "article_id", "quotes": "article_id", "incidents": "slug"}
        return {t: dict(self.rows(f"select id, {name} from {t}", "blotter.db")) for t, name in named.items()}  # type: ignore[misc]

    def merged(self) -> set[object]:
        return {id for (id,) in self.rows("select id from incident_merges")}

    def correct(self) -> int:
        fact = self.number("select id from violations order by id limit 1")
        with self.home.lock(), Store(self.home.work_db) as store:
            words = [str(fact), "status", "settled"]
            made = decision(store.db, "set", words, why="the order", who="A. Editor", on=date(2027, 1, 1))
            add_correction(self.home.corrections, made)
        return fact

    def remove(self) -> tuple[int, str]:
        article = self.number(
            "select article_id from quotes where article_id not in (select article_id from violations where id ="
            " (select min(id) from violations)) order by article_id desc limit 1"
        )
        words = str(self.rows(f"select content from quotes where article_id = {article}")[0][0])
        with self.home.lock():
            with Store(self.home.work_db) as store:
                found = to_remove(store.db, str(article), with_copies=True)
                remove(store.db, found, reason="publisher", note=None, now=self.clock())
            republish(self.home)
        return article, words

    def purge(self) -> None:
        with self.home.lock():
            assert purge(self.home, now=self.clock()).left == ()


@pytest.fixture
def year(tmp_path: Path) -> Iterator[tuple[Year, Web]]:
    pages = tmp_path / "pages"
    write_pages(pages, 400)
    options = ("--html", str(pages), "--cache", "200", "--seconds", "14400")
    with news_web(PORT, *options, hosts=2, articles=EACH) as web:
        yield Year(Home(tmp_path / "home").make(), web, Clock()), web


def test_a_year(year: tuple[Year, Web]) -> None:
    home, web = year
    states: list[Day] = []
    known: dict[str, dict[object, object]] = {}
    fact, (gone, words) = 0, (0, "")
    for day in range(DAYS):
        if day == CORRECTED:
            fact = home.correct()
        elif day == REMOVED:
            gone, words = home.remove()
        elif day == PURGED:
            home.purge()
        assert home.refresh() == 0, day
        states.append(home.state())
        if day % 30 == 0:
            known = ids_that_stay(home, known, incidents_lost=int(day == REMOVED))
            assert check_home(home.home) == []
            print(day, states[-1], flush=True)
        if day % EVERY == 0:
            web.ask("_mutate?edit=1")
            web.ask("_mutate?new=1")
        home.clock.pass_by(days=1)
    assert_only_the_data_grew(states)
    assert_counts_are_explained(home)
    assert home.rows(f"select status from violations where id = {fact}", "blotter.db") == [("settled",)]
    assert not home.number(f"select count(*) from articles where id = {gone}")
    assert list(found_in(home.home, [words])) == []
    assert check_home(home.home) == []


def ids_that_stay(
    home: Year, before: dict[str, dict[object, object]], *, incidents_lost: int
) -> dict[str, dict[object, object]]:
    """What is published now; what was before has its id still, unless it was removed or merged with a redirect."""
    now = home.published()
    gone = {id for (id,) in home.rows("select article_id from removals union select id from incident_merges")}
    lost = {table: [id for id in rows if id not in now[table]] for table, rows in before.items()}
    unexplained = {table: [id for id in ids if not {id, before[table][id]} & gone] for table, ids in lost.items()}
    assert len(unexplained.pop("incidents", [])) <= incidents_lost
    assert not any(unexplained.values()), unexplained
    assert all(
        now[table][id] == name for table, rows in before.items() for id, name in rows.items() if id in now[table]
    )
    return now


def assert_only_the_data_grew(states: list[Day]) -> None:
    """From the fourth month on, when the logs have reached their length, an article costs what it cost."""
    early, late = states[DAYS // 3], states[-1]
    assert late.articles > 2 * early.articles
    for part in ("work", "public", "archive"):
        grown = getattr(late, part) / getattr(early, part)
        assert grown < 1.25 * late.versions / early.versions, part
    assert late.logs < 1.25 * early.logs * late.versions / early.versions
    assert late.files < 12 + 31 + 5


def assert_counts_are_explained(home: Year) -> None:
    """The run reports add up to what is there; no job, version or text belongs to nobody."""
    reports = [json.loads(str(counts)) for (counts,) in home.rows("select counts from runs where command = 'refresh'")]
    removed = home.number("select count(*) from removals")
    new, changed = (sum(report.get(name, 0) for report in reports) for name in ("new", "changed"))
    assert new == home.number("select count(*) from articles") + removed
    kept_out = home.number("select count(*) from jobs where reason = 'removed'")  # repeat what was removed
    assert new + kept_out == 2 * (EACH + DAYS // EVERY)
    assert changed >= home.number("select count(*) from article_versions where n > 1")
    assert home.number("select count(*) from jobs where kind = 'article'") == new - removed + kept_out
    assert home.number("select count(*) from jobs where leased_until is not null") == 0
    assert home.number("select count(*) from article_text where article_id not in (select id from articles)") == 0
    assert home.rows("select exit_code, count(*) from runs group by 1") == [(0, DAYS)]
