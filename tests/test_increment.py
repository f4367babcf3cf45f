"""A build that goes on from the last one holds, row for row, what a whole build of the same state holds."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from many import NOW, World, keep
from sqlite_utils import Database

from data import tallies
from data.corrections import Correction, add_correction, decision
from data.home import Home
from data.publish import publish
from data.rows import values
from data.schema import PUBLISHED
from data.store import Store
from extract.incidents import group
from extract.quote_groups import group_quotes
from extract.syndication import copies

LATER = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _small_homes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "WHOLE", 0)
    monkeypatch.setattr(tallies, "SHARE", 1.0)


@pytest.fixture
def world() -> World:
    return World(3)


@pytest.fixture
def home(tmp_path: Path, world: World) -> Home:
    """A home with 100 articles, published."""
    home = Home(tmp_path / "home").make()
    with Store(home.work_db) as store:
        store.sync_entities(world.companies)
        keep(store, list(world.articles(100)))
        regroup(store)
    publish(home)
    return home


def regroup(store: Store) -> None:
    store.keep_copies(copies(store.stories(with_copies=True)))
    store.promote_entities()
    store.keep_incidents(group(store.stories(), store.incidents(), slugs=store.incident_slugs()), now=NOW)
    store.keep_quote_groups(group_quotes(store.quotes()))


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Database(path) as db:
        return {table: db.execute(f"select * from {table} order by 1").fetchall() for table in PUBLISHED}


def differences(home: Home) -> Iterator[str]:
    """Between the build that went on and a whole one of the same state."""
    publish(home)
    assert home.tallies.exists()
    went_on = rows(home.public_db)
    with Database(home.public_db) as db:
        for table in db.table_names():
            if table.endswith("_fts"):
                db.execute(f"insert into {table} ({table}, rank) values ('integrity-check', 1)")
    publish(home, is_whole=True)
    whole = rows(home.public_db)
    for table in PUBLISHED:
        gone, more = set(whole[table]) - set(went_on[table]), set(went_on[table]) - set(whole[table])
        if gone or more:
            yield f"{table}: {len(gone)} missing, {len(more)} wrong, such as {[*gone][:1]} and {[*more][:1]}"


def is_incremental(home: Home, corrections: Sequence[Correction] = ()) -> bool:
    """Whether the next build can go on from the last."""
    with Database(home.work_db) as work:
        return tallies.changes(home, work, corrections) is not None


def test_new_articles(home: Home, world: World) -> None:
    with Store(home.work_db) as store:
        keep(store, list(world.articles(20, start=100, first=LATER, days=3)))
        regroup(store)
    assert is_incremental(home)
    assert list(differences(home)) == []


def test_edited_articles_and_such_as_lost_what_was_found_in_them(home: Home, world: World) -> None:
    first = list(World(3).articles(100))
    with Store(home.work_db) as store:
        moved = [
            replace(
                one, article=replace(one.article, title=f"{one.article.title} again", fetched=NOW + timedelta(days=1))
            )
            for one in first[3:40:4]
        ]
        keep(store, moved)
        shorter = [replace(one, reading=replace(one.reading, facts=one.reading.facts[::2])) for one in first[50:80:3]]
        keep(store, shorter, extracted_with="2")
        dull = replace(first[90].reading, relevance=replace(first[90].reading.relevance, score=0.0, policy_words=()))
        store.keep_reading(replace(dull, facts=()), extracted_with="2")
        regroup(store)
    assert is_incremental(home)
    assert list(differences(home)) == []


def test_what_editors_decided_holds_of_new_articles_too(home: Home, world: World) -> None:
    with Store(home.work_db) as store:
        first, second, third = (company.slug for company in world.companies[:3])
        names = values(store.db, "select name from entities where slug in (?, ?)", [first, third])
        violation, quote = (
            values(store.db, f"select id from {t} order by id limit 1")[0] for t in ("violations", "quotes")
        )
        slugs = values(store.db, "select slug from incidents order by id")
        article, of = store.db.execute(
            "select max(article_id), slug from incident_articles join incidents on incidents.id = incident_id"
            " where slug not in (?, ?) group by incident_id having count(*) > 2 order by 1 limit 1", slugs[:2]
        ).fetchone()  # fmt: skip
        decided = [
            decision(store.db, action, words, why="read again", who="A. Editor", on=LATER)
            for action, words in (
                ("merge", (second, first)),
                ("reject", (str(violation),)),
                ("set", (str(quote), "speaker", names[0])),
                ("rename", (third, "Renamed")),
                ("merge_incidents", (slugs[0], slugs[1])),
                ("split_incident", (str(article), of, "one-of-its-own")),
            )
        ]
    for one in decided:
        add_correction(home.corrections, one)
    publish(home)
    for n in range(2):
        with Store(home.work_db) as store:
            keep(store, list(world.articles(12, start=100 + 12 * n, first=LATER + timedelta(days=n), days=1)))
            regroup(store)
        assert is_incremental(home, decided)
        assert list(differences(home)) == []


def test_several_builds_one_after_the_other(home: Home, world: World) -> None:
    for n in range(3):
        with Store(home.work_db) as store:
            keep(store, list(world.articles(6, start=100 + 6 * n, first=LATER + timedelta(days=n), days=1)))
            regroup(store)
        assert is_incremental(home)
        publish(home)
    assert list(differences(home)) == []


def test_nothing_new_leaves_the_file_alone(home: Home) -> None:
    before = home.public_db.stat()
    assert is_incremental(home)
    assert not publish(home).is_changed
    after = home.public_db.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("lost", ["tallies", "build"])
def test_without_its_tallies_a_build_is_made_whole(home: Home, lost: str) -> None:
    if lost == "tallies":
        home.tallies.unlink()
    else:
        with Database(home.public_db) as db:
            db.execute("update release set value = 'other' where name = 'build'")
    assert not is_incremental(home)
    publish(home)
    assert is_incremental(home)
