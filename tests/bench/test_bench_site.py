"""Ten readers at once on large invented databases: no page is slow, none is dropped, and a new build disturbs nobody.

The server is what ``blotter serve`` starts. Each address is asked for once, so that no kept page answers. Milliseconds
hold on an idle machine of two cores; beside them stand the times as multiples of what a bare server takes for the same
number of readers in the same minute.
"""

import csv
import io
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from big_home import fill
from figures import Bench
from load import Load, load
from served import OPENER, free_port, served

from data.home import Home
from data.publish import publish
from data.schema import PUBLISHED
from data.serve import PROCESSES

pytestmark = pytest.mark.bench
SIZES = [
    pytest.param((20_000, 6, 150), id="20000"),
    pytest.param((300_000, 2, 500), id="300000", marks=pytest.mark.slow),
]
REQUESTS, ROUNDS = 40, 3
HELLO = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8000")]})
        await send({"type": "http.response.body", "body": b"x" * 8000})
"""
COMMON = ("the", "of", "to", "in", "that", "and", "for", "on", "it", "with", "model", "data", "company", "rules")


class Big:
    """One database, served, with what there is to ask for."""

    def __init__(self, root: str, file: Path, count: int, most_ms: int) -> None:
        self.root, self.file, self.count, self.most_ms = root, file, count, most_ms

    def first(self, sql: str) -> list[str]:
        """The first column of an answer as words."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            return [str(row[0]) for row in db.execute(sql)]


@pytest.fixture(scope="module", params=SIZES)
def big(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Big]:
    count, sentences, most_ms = request.param
    folder = tmp_path_factory.mktemp("big")
    home = Home(folder).make()
    fill(home, count, sentences=sentences)
    publish(home)
    home.work_db.unlink()
    try:
        with served(home.public_db, processes=PROCESSES) as root:
            yield Big(root, home.public_db, count, most_ms)
    finally:
        shutil.rmtree(folder)


@contextmanager
def hello(folder: Path) -> Iterator[str]:
    """The address of a bare server of one process."""
    (folder / "hello.py").write_text(HELLO)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "hello:app", "--port", str(port), "--log-level", "error"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                OPENER.open(f"http://127.0.0.1:{port}/", timeout=5).close()
                break
            except OSError:
                threading.Event().wait(0.05)  # it starts; there is nothing else to wait on
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def kinds(big: Big) -> dict[str, list[str]]:
    """Kind of page → addresses of it, the busiest among them."""
    names = big.first("select name from entities order by articles desc limit 40")
    companies = big.first("select name from entities where kind = 'company' order by articles desc limit 40")
    busy = big.first("select id from entities order by articles desc limit 10")
    slugs = big.first("select slug from entities order by articles desc limit 20")
    outlets = big.first("select name from sources order by articles desc limit 20")
    return {
        "home": ["/"], "about": ["/about"], "status": ["/status"], "questions": ["/blotter"], "releases": ["/releases"],
        "article": [f"/blotter/articles/{n}" for n in big.first("select id from articles limit 40")],
        "busiest name": [f"/blotter/entities/{n}" for n in busy],
        "name": [f"/blotter/entities/{n}" for n in big.first("select id from entities order by id limit 40")],
        "incident": [f"/blotter/incidents/{n}" for n in big.first("select id from incidents limit 40")],
        "claim": [f"/blotter/violations/{n}" for n in big.first("select id from violations limit 40")],
        "quote": [f"/blotter/quotes/{n}" for n in big.first("select id from quotes limit 40")],
        "source": [f"/blotter/sources/{n}" for n in big.first("select id from sources limit 40")],
        "search for a name": [f"/search?q={quote_plus(name)}" for name in names],
        "search for common words": [f"/search?q={one}+{two}" for one in COMMON for two in COMMON if one != two][:40],
        "search of one kind": [f"/search?kind={kind}&q={word}" for word in COMMON for kind in ("articles", "quotes")],
        "search for nothing": [f"/search?q=zeppelin{n}+quagga" for n in range(40)],
        **{f"table {table}": [f"/blotter/{table}"] for table in ("violations", "articles", "entities", "quotes",
                                                                 "incidents", "mentions", "spans", "hops")},
        "table, filtered": [f"/blotter/articles?published_month=2023-{n:02}" for n in range(1, 13)]
        + ["/blotter/violations?status=alleged&sanction=fine", "/blotter/quotes?kind=direct&is_copy=0"],
        "table of a name": [f"/blotter/mentions?entity_id={n}" for n in busy],
        "table, searched": [f"/blotter/articles?_search={word}" for word in COMMON]
        + [f"/blotter/violations?_search={quote_plus(name)}" for name in names[:20]],
        "table, sorted": [f"/blotter/violations?_sort{down}={column}" for column in ("amount", "confidence")
                          for down in ("", "_desc")] + ["/blotter/mentions?_sort_desc=name"],
        "question by company": [f"/blotter/violations_by_company?company={quote_plus(name)}" for name in companies],
        "question by rule": [f"/blotter/violations_by_rule?rule={word}" for word in ("privacy", "terms", "copyright")],
        "question by person": [f"/blotter/quotes_by_person?person={quote_plus(name)}" for name in names],
        "question by words": [f"/blotter/quotes_containing?words={one}+{two}" for one in COMMON for two in COMMON][:40],
        "question by source": [f"/blotter/newest_by_source?source={quote_plus(name)}" for name in outlets],
        "timeline": [f"/blotter/company_timeline?company={quote_plus(name)}" for name in companies],
        "question without a field": ["/blotter/who_breaks_whose_rules", "/blotter/single_source_claims",
                                     "/blotter/where_reports_differ", "/blotter/removals_log"],
        "feed": ["/feeds/violations.atom"]
        + [f"/feeds/entities/{slug}.atom" for slug in slugs],
        "JSON of a table": ["/blotter/violations.json?_shape=array", "/blotter/articles.json?_shape=array"],
        "JSON of a row": [f"/blotter/violations/{n}.json" for n in big.first("select id from violations limit 40")],
    }  # fmt: skip


def once(paths: list[str], *, run: int) -> list[str]:
    """As many addresses as are asked for, no two alike, so that each page is made anew."""
    return [
        f"{path}{'&' if '?' in path else '?'}_n={run}.{n}"
        for n, path in enumerate((paths * (REQUESTS // len(paths) + 1))[:REQUESTS])
    ]


def median_p95(root: str, paths: list[str]) -> tuple[float, tuple[str, ...]]:
    """The median of the p95 of several rounds, and what was not answered well."""
    load(root, once(paths, run=0)[:5])
    runs: list[Load] = [load(root, once(paths, run=n)) for n in range(1, ROUNDS + 1)]
    return statistics.median(run.p95 for run in runs), tuple(line for run in runs for line in run.wrong)


def test_no_page_is_slow_and_none_is_refused(bench: Bench, big: Big, tmp_path: Path) -> None:
    slow, failed = {}, []
    with hello(tmp_path) as bare:
        for kind, paths in kinds(big).items():
            p95, wrong = median_p95(big.root, paths)
            unit = load(bare, ["/"] * 200).p95
            bench.note(f"{kind}, p95 of {big.count:,} articles", p95, "ms", at_most=big.most_ms)
            bench.note(f"{kind}, p95 / bare server", p95 / unit, "×")
            failed += wrong
            if p95 > big.most_ms:
                slow[kind] = round(p95)
    assert failed == []
    assert slow == {}


def test_no_facet_is_dropped(big: Big) -> None:
    for table, asked in (
        ("violations", ""),
        ("articles", "_search=the"),
        ("entities", "kind=company"),
        ("mentions", ""),
    ):
        with OPENER.open(f"{big.root}/blotter/{table}?{asked}", timeout=60) as answer:
            page = answer.read().decode()
        assert "Not counted in time" not in page
        assert page.count('<details class="facet"') >= 2, table


def test_a_kept_page_comes_a_third_as_often_as_from_a_bare_server(bench: Bench, big: Big, tmp_path: Path) -> None:
    with hello(tmp_path) as bare, served(big.file) as one:
        load(one, ["/"] * 20)
        shares = [load(one, ["/"] * 1500).rate / load(bare, ["/"] * 1500).rate for _ in range(ROUNDS)]
    bench.at_least("kept pages a second / bare uvicorn", statistics.median(shares), 1 / 3)


def test_streamed_rows_are_as_many_as_there_are(big: Big) -> None:
    for table in PUBLISHED:
        (count,) = big.first(f"select count(*) from {table}")
        with OPENER.open(f"{big.root}/blotter/{table}.csv?_stream=on", timeout=600) as answer:
            rows = sum(1 for _ in csv.reader(io.TextIOWrapper(answer, "utf-8", newline="")))
        assert rows - 1 == int(count), table


def test_new_builds_disturb_nobody(big: Big) -> None:
    """Twenty builds come while ten readers read: every answer is whole."""
    spare = big.file.with_name("spare.db")
    answers: list[Load] = []
    paths = [f"/blotter/violations?_n=swap{n}" for n in range(1500)]
    reader = threading.Thread(target=lambda: answers.append(load(big.root, paths)))
    reader.start()
    for _ in range(20):
        shutil.copyfile(big.file, spare)
        spare.replace(big.file)
        with OPENER.open(f"{big.root}/-/health", timeout=60) as answer:
            assert json.load(answer)["ok"]
    reader.join()
    assert answers[0].wrong == ()
