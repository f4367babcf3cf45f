"""Pages of tables: what stands on them is what Datasette finds, in the same order, page after page."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from site_client import Site
from site_database import site_home

from data.metadata import load_metadata
from data.schema import PUBLISHED
from data.site.tables import MOST
from data.summaries import COUNT_PLACES, COUNTED

TABLES = load_metadata()["databases"]["blotter"]["tables"]
FILTERS = [
    ("violations", {"status": "alleged"}), ("violations", {"is_copy": "0", "rule_type": "terms_of_service"}),
    ("violations", {"violator__contains": "Quillby"}), ("violations", {"amount__gt": "800000"}),
    ("violations", {"sanction__isnull": "1"}), ("violations", {"_search": "terms"}), ("quotes", {"kind": "direct"}),
    ("articles", {"published_month": "2025-04"}), ("articles", {"_search": "quillby", "access": "open"}),
    ("entities", {"kind": "company", "country": "DE"}), ("mentions", {"entity_id": "1"}), ("sources", {"kind": "feed"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(site_home(tmp_path_factory.mktemp("tables")).public_db)
    yield served
    served.close()


def shown(html: str) -> int | None:
    found = re.search(r'<h2 class="row-count">([\d,]+) rows?', html)
    return int(found[1].replace(",", "")) if found else None


@pytest.mark.parametrize(("table", "asked"), FILTERS, ids=lambda x: x if isinstance(x, str) else urlencode(x))
def test_a_filtered_page_counts_what_datasette_counts(site, table, asked):
    query = urlencode(asked)
    page = site.get(f"/blotter/{table}?{query}")
    found = json.loads(site.get(f"/blotter/{table}.json?{query}").text)
    assert page.status == 200
    assert shown(page.text) == found["filtered_table_rows_count"]
    facets = {
        name: {str(v["value"]): v["count"] for v in facet["results"]} for name, facet in found["facet_results"].items()
    }
    for name, values in facets.items():
        for value, count in values.items():
            link = re.escape(unescape(urlencode({name: value})))
            if len(values) and value not in asked.values():
                assert re.search(rf'{link}[^>]*>[^<]*</a> <span class="quiet">{count}<', unescape(page.text)), (
                    name,
                    value,
                )


@pytest.mark.parametrize("table", [name for name in PUBLISHED if name not in ("release", "months", "row_counts")])
def test_every_row_comes_once_page_after_page(site, table):
    """In the usual order and in each that a reader may choose, downwards and upwards."""
    sortable = TABLES[table].get("sortable_columns") or PUBLISHED[table][:1]
    orders = ["", *(f"&_sort_desc={column}" for column in sortable), *(f"&_sort={column}" for column in sortable)]
    (count,) = json.loads(site.get(f"/blotter.json?sql=select+count(*)+from+{table}&_shape=arrayfirst").text)
    for order in orders[: 5 if count < 50 else 3]:
        path, found = f"/blotter/{table}?_size=3{order}", []
        for _ in range(min(count, 60) // 3 + 1):
            page = site.get(path)
            assert page.status == 200, path
            found += (
                re.findall(rf'<tr[^>]*>.*?href="/blotter/{table}/([^"]+)"', page.text, re.S)
                if "<tr" in page.text
                else []
            )
            following = re.search(r'<a class="button" href="([^"]+)"[^>]*>Next page', page.text)
            if not following:
                break
            path = unescape(following[1])
        assert len(found) == len(set(found)), (table, order)


@pytest.mark.parametrize(
    ("table", "order", "column"),
    [("violations", "", "reported_on"), ("articles", "&_sort=violations", "violations"),
     ("quotes", "&_sort_desc=confidence", "confidence")],
    ids=["usual", "up", "down"],
)  # fmt: skip
def test_the_order_is_datasettes(site, table, order, column):
    page = site.get(f"/blotter/{table}?{order}").text
    rows = re.split(r"<tr[ >]", page[page.index("<tbody>") : page.index("</tbody>")])[1:]
    found = [re.search(rf"/blotter/{table}/(\d+)", row)[1] for row in rows]
    stock = json.loads(site.get(f"/blotter/{table}.json?_shape=array{order}").text)
    values = {str(row["id"]): row[column] for row in stock}
    assert [values[number] for number in found] == [row[column] for row in stock]


THROUGH = urlencode({"_through": '{"table": "mentions", "column": "name", "value": "x"}'})


@pytest.mark.parametrize(
    "asked",
    [
        "_where=status='alleged'",
        "_col=status",
        "_nocol=evidence",
        "_facet=violator_id",
        "_facet_date=reported_on",
        THROUGH,
    ],
)
def test_what_only_datasette_understands_is_answered_too(site, asked):
    page = site.get(f"/blotter/violations?{asked}")
    assert page.status in (200, 400)
    assert 'id="main"' in page.text


@pytest.mark.parametrize("asked", ["_sort=nothing", "_sort=evidence", "nothing=1", "_size=-1", "_size=x", "_next=%00",
                                   "_next=a,b,c", "_sort=id&_sort_desc=id", "status__foo=1", "_size=%C2%B2",
                                   "violator_id=%C2%B2", "_search=terms&_next=2024-01-01,%C2%B2",
                                   "_search=terms&_next=2024-01-01," + "9" * 5000])  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(site, asked):
    page = site.get(f"/blotter/violations?{asked}")
    assert page.status in (200, 400)
    assert 'id="main"' in page.text


def test_filters_stand_in_plain_words_and_can_be_taken_back(site):
    page = site.get("/blotter/violations?status=alleged&is_copy=0")
    assert "Status: Alleged" in page.words
    assert "copies left out" in page.words
    assert 'href="/blotter/violations?is_copy=0"' in page.text


def test_what_is_counted_beforehand_is_what_facets_ask_for():
    for table, about in TABLES.items():
        counted = set(COUNTED.get(table, ()))
        assert len(counted) <= len(COUNT_PLACES)
        if counted:
            assert set(about.get("facets", ())) <= counted <= set(PUBLISHED[table])


def test_more_rows_than_anybody_counts_are_said_to_be_more(site):
    assert MOST == 10_000
    assert "more than" not in site.get("/blotter/violations").words


@pytest.mark.parametrize(("table", "words"), [("articles", "the"), ("violations", "terms"), ("quotes", "the")])
def test_every_match_of_a_search_comes_once_page_after_page_the_newest_first(site, table, words):
    key = TABLES[table]["sort_desc"]
    wanted = json.loads(site.get(f"/blotter/{table}.json?_shape=array&_search={words}&_size=max").text)
    path, found = f"/blotter/{table}?_size=1&_search={words}", []
    while path:
        page = site.get(path).text
        found += re.findall(rf'<tr[^>]*>.*?href="/blotter/{table}/([^"#]+)"', page, re.S)[:1]
        following = re.search(r'<a class="button" href="([^"]+)"[^>]*>Next page', page)
        path = unescape(following[1]) if following else ""
    assert len(found) > 1
    assert sorted(found) == sorted(str(row["id"]) for row in wanted)
    day_of = {str(row["id"]): row[key] or "" for row in wanted}
    assert [day_of[number] for number in found] == sorted(day_of.values(), reverse=True)
