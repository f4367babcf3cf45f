"""The charts: each says what it shows, and its table has the same figures."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from site_client import Site
from site_database import site_home

from data.site.charts import MONTHS
from data.site.words import month

CODES = [f"{year}-{number:02}" for year in range(2015, 2021) for number in range(1, 13)]
FIGURES = [(code, n % 7) for n, code in enumerate(CODES)]
"""More months than a chart shows, some of them without anything."""
PAGES = ["/", "/blotter/entities/{entity}", "/blotter/sources/{source}"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Figures of many months, in place of the few that there are."""
    file = site_home(tmp_path_factory.mktemp("charts")).public_db
    with sqlite3.connect(file) as db:
        for table in ("months", "entity_months", "coverage"):
            db.execute(f"delete from {table}")
        db.executemany("insert into months values (?1, ?2, ?2, 0, 0)", FIGURES)
        db.executemany(
            "insert into entity_months (entity_id, month, articles, mentions, violations)"
            " select id, ?1, 1, ?2, 0 from entities limit 1",
            FIGURES,
        )
        db.executemany(
            "insert into coverage (source_id, month, articles, relevant_articles, other_language, not_open)"
            " select id, ?1, ?2, 0, 0, 0 from sources limit 1",
            FIGURES,
        )
    return file


@pytest.fixture(scope="module")
def site(file: Path) -> Iterator[Site]:
    served = Site(file)
    yield served
    served.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_chart_says_what_it_shows_and_its_table_has_the_same_figures(site, file, path):
    with sqlite3.connect(file) as db:
        (entity,), (source,) = (
            db.execute(f"select {key} from {table} limit 1").fetchone()
            for key, table in (("entity_id", "entity_months"), ("source_id", "coverage"))
        )
    page = site.get(path.format(entity=entity, source=source)).text
    (figure,) = re.findall(r'<figure class="chart">(.*?)</figure>', page, re.S)
    (head,) = re.findall(r"<thead>(.*?)</thead>", figure, re.S)
    (title,) = re.findall(r"<figcaption>(.*?)</figcaption>", figure)
    column = re.findall(r'<th scope="col">(.*?)</th>', head).index(title.split()[0].replace("Claims", "Violations"))
    table = {}
    for name, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', figure):
        table[name] = int(re.findall(r"<td>(.*?)</td>", cells)[column - 1])
    assert table == {month(code): value for code, value in FIGURES[-MONTHS:]}

    wide, narrow = re.findall(r'<svg class="(?:chart-wide|chart-narrow)"([^>]*)>(.*?)</svg>', figure, re.S)
    for attributes, drawing in (wide, narrow):
        bars = {name: int(value) for name, value in re.findall(r"<title>(.*?): (\d+)</title>", drawing)}
        assert bars
        assert bars.items() <= table.items()
        assert 'role="img"' in attributes
        assert (
            f'aria-label="{title}: {sum(bars.values())} in all, at most {max(bars.values())} in a month' in attributes
        )
        assert not re.search(r"\sstyle=|fill=|href=", drawing)
        if drawing is wide[1]:
            assert bars == {name: value for name, value in table.items() if value}
