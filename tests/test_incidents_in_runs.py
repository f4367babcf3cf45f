"""Whether news comes all at once or bit by bit over many runs: the incidents are the same."""

from pathlib import Path

import pytest
from many import NOW, Told, World, keep

import grouping
from data import scope
from data.home import Home
from data.store import Store
from grouping import regroup

FIRST = 100
"""Articles that are there before the runs that look at a part only."""


@pytest.fixture(autouse=True)
def _only_what_new_articles_touch_is_grouped_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "WHOLE", FIRST)


def in_runs(path: Path, world: World, told: list[list[Told]]) -> tuple[set[object], int]:
    """The incidents after a run for each of these lists, and how many runs did not look at everything."""
    home = Home(path).make()
    partial = 0
    with Store(home.work_db) as store:
        store.sync_entities(world.companies)
        for batch in told:
            keep(store, batch)
            read = [one.article.id for one in batch]
            partial += store.scope(read, ()) is not None
            regroup(store, None, read, now=NOW)
        found = {(i.title, i.status, i.article_ids, frozenset(i.violation_ids)) for i in store.incidents()}
    return found, partial


@pytest.mark.parametrize(("seed", "articles", "each", "one_by_one"), [(3, 112, 1, 9), (8, 130, 6, 9), (5, 124, 8, 7)])
def test_many_runs_give_the_incidents_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, articles: int, each: int, one_by_one: int
) -> None:
    monkeypatch.setattr(grouping, "NEW", one_by_one)
    world = World(seed)
    told = list(world.articles(articles, days=articles * 3 // 2))
    at_once, _ = in_runs(tmp_path / "one", world, [told])
    bits = [told[start : start + each] for start in range(FIRST, articles, each)]
    bit_by_bit, partial = in_runs(tmp_path / "many", world, [told[:FIRST], *bits])
    assert bit_by_bit == at_once
    assert partial > len(bits) / 2
