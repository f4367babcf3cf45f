"""The addresses that are ours: home, search, about, status, health, feeds, permanent names, robots.txt."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import NotFound, Response
from datasette.views.database import DatabaseView

from data.corrections import EVIDENCE, FIELDS, words_hash
from data.metadata import load_figures
from data.site import words
from data.site.addresses import DATABASE, number_in
from data.site.article_page import article_page
from data.site.claims import first, rows
from data.site.desk import Desk
from data.site.editors import CORRECTIONS_URL, corrections_form, filled
from data.site.entity_page import entity_page
from data.site.fact_pages import quote_page, source_page, violation_page
from data.site.feeds import Feed, entity_feed, incident_feed, query_feed, violations_feed
from data.site.front import front
from data.site.guard import robots
from data.site.incident_page import incident_page
from data.site.lookup import KINDS
from data.site.question_view import question_response
from data.site.release_views import release_routes
from data.site.search import asked, search
from data.site.table_view import StockTable, table_response
from data.site.whole_tables import whole_table
from data.site.words import Row
from data.summaries import COUNTED

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

PAGES: dict[str, Callable[[sqlite3.Connection, Any], object]] = {
    "articles": article_page,
    "entities": entity_page,
    "incidents": incident_page,
    "violations": violation_page,
    "quotes": quote_page,
    "sources": source_page,
}
"""Table → what reads the page of one of its rows."""
_LABELS = {
    "violation": ("violations", "select * from violations where id = ?"),
    "quote": ("quotes", "select * from quotes where id = ?"),
    "article": ("articles", "select * from articles where id = ?"),
    "incident": ("incidents", "select * from incidents where id = ?"),
    "entity": ("entities", "select * from entities where id = ?"),
    "mention": ("mentions", "select * from mentions where id = ?"),
    "relation": ("relations", "select * from relations where id = ?"),
    "source": ("sources", "select * from sources where id = ?"),
}
_FEED_KEYS = ("violation_id", "quote_id")
"""Columns of a question that say which claims or quotes its feed holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a correction is about, and the lines that an editor needs."""

    table: str
    id: object
    label: str
    entry: str
    """Empty if no line of corrections.yml can be about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """What the status page shows."""

    sources: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage:
    """What the page on the method shows of this build."""

    counts: list[Row]
    figures: Sequence[Row]
    """How well the extraction reads the project's own cases."""


def routes(desk: Desk) -> list[tuple[str, Any]]:
    """Pattern and view of each address."""

    async def home(request: "Request") -> Response:
        if not await desk.build():
            error = {"status": 503, "error": "The file that is served here is no build of Blotter."}
            return Response.html(await desk.datasette.render_template("error.html", error, request=request), status=503)
        return await _page(desk, request, "index.html", page=await desk.read(front), questions=desk.questions)

    async def find(request: "Request") -> Response:
        question = asked({key: request.args.get(key) for key in request.args})
        return await _page(desk, request, "search.html", found=await desk.read(search, question), kinds=KINDS)

    async def about(request: "Request") -> Response:
        return await _page(desk, request, "about.html", page=await desk.read(_about))

    async def status(request: "Request") -> Response:
        return await _page(desk, request, "status.html", page=await desk.read(_status))

    address = os.environ.get(CORRECTIONS_URL)
    form = corrections_form(address) if address else ""

    async def correct(request: "Request") -> Response:
        kind = next((kind for kind in _LABELS if request.args.get(kind)), "")
        target = await desk.read(_target, kind, request.args.get(kind)) if kind else None
        letter = _letter(desk, request, form, target) if form and target else ""
        return await _page(desk, request, "correct.html", target=target, letter=letter)

    async def health() -> Response:
        build = await desk.build()
        return Response.json(
            {"ok": bool(build), "build": build.get("build"), "updated_at": build.get("updated_at")},
            status=200 if build else 503,
        )

    async def crawlers(datasette: "Datasette") -> Response:
        return Response.text(robots(datasette.setting("base_url")))

    return [
        (r"^/$", home),
        (r"^/search$", find),
        (r"^/about$", about),
        (r"^/status$", status),
        (r"^/correct$", correct),
        (r"^/-/health$", health),
        (r"^/robots\.txt$", crawlers),
        *_page_routes(desk),
        *release_routes(desk, _page),
        *_feed_routes(desk),
        *_name_routes(desk),
    ]


def _page_routes(desk: Desk) -> list[tuple[str, Any]]:
    """Rows, tables and questions as pages; as JSON and CSV they are Datasette's."""

    async def table(request: "Request") -> Response:
        name = tilde_decode(request.url_vars["table"])
        if name in desk.questions:
            return await question_response(desk, request, name)
        return await table_response(desk, request)

    async def lines(request: "Request") -> Any:
        stream = whole_table(desk, request, tilde_decode(request.url_vars["table"]))
        return stream or await StockTable(desk).dispatch_request(request)

    async def contents(request: "Request") -> Response:
        if request.args.get("sql") is not None:
            return await DatabaseView(desk.datasette).dispatch_request(request)
        return await _page(desk, request, "database.html", **await _contents(desk, request))

    async def row(request: "Request") -> Response:
        name, key = request.url_vars["table"], tilde_decode(request.url_vars["pks"])
        number = number_in(key)
        found = await desk.read(PAGES[name], key if number is None else number)
        if found is None:
            raise NotFound("No such entry")
        template = f"row-{DATABASE}-{name}.html"
        json_url = desk.datasette.urls.row(DATABASE, name, tilde_encode(key), format="json")
        return await _page(desk, request, template, page=found, database=DATABASE, table=name, json_url=json_url)

    never = r"(?P<format>(?!))?"
    return [
        (rf"^/(?P<database>{DATABASE}){never}$", contents),
        (rf"^/(?P<database>{DATABASE})/(?P<table>[^/.]+){never}$", table),
        (rf"^/(?P<database>{DATABASE})/(?P<table>[^/.]+)\.(?P<format>csv)$", lines),
        (rf"^/{DATABASE}/(?P<table>{'|'.join(PAGES)})/(?P<pks>[^/.]+)$", row),
    ]


def _feed_routes(desk: Desk) -> list[tuple[str, Any]]:
    async def violations(request: "Request") -> Response:
        return await _atom(desk, request, await desk.read(violations_feed))

    async def entity(request: "Request") -> Response:
        return await _atom(desk, request, await desk.read(entity_feed, request.url_vars["slug"]))

    async def incident(request: "Request") -> Response:
        return await _atom(desk, request, await desk.read(incident_feed, request.url_vars["slug"]))

    async def question(request: "Request") -> Response:
        name = request.url_vars["name"]
        if name not in desk.questions:
            raise NotFound(f"No question is called {name}")
        found = desk.questions[name]
        parameters = {key: request.args.get(key) or "" for key in found.get("params") or []}
        answer = await desk.datasette.execute(DATABASE, found["sql"], parameters, truncate=True)
        key = next((key for key in _FEED_KEYS if key in answer.columns), None)
        if key is None:
            raise NotFound(f"The question {name} has no feed")
        numbers = [row[key] for row in answer.rows][:200]
        return await _atom(desk, request, await desk.read(query_feed, name, found["title"], key, numbers))

    return [
        (r"^/feeds/violations\.atom$", violations),
        (r"^/feeds/entities/(?P<slug>[^/]+)\.atom$", entity),
        (r"^/feeds/incidents/(?P<slug>[^/]+)\.atom$", incident),
        (r"^/feeds/questions/(?P<name>[^/]+)\.atom$", question),
    ]


def _name_routes(desk: Desk) -> list[tuple[str, Any]]:
    """Names that stay: they lead to the page of today, through merges."""

    async def named(request: "Request") -> Response:
        table, slug = request.url_vars["table"], request.url_vars["slug"]
        number = await desk.read(_named, table, slug)
        if number is None:
            raise NotFound(f"Nothing in {table} is called {slug}")
        return Response.redirect(desk.addresses.row(table, number))

    return [(r"^/(?P<table>entities|incidents)/(?P<slug>[^/]+)$", named)]


async def _contents(desk: Desk, request: "Request") -> dict[str, Any]:
    """The questions and tables, and how many rows each has."""
    counts = await desk.once("row counts", _row_counts)
    is_all = bool(request.args.get("_show_hidden"))
    tables = [
        {"name": name, "hidden": bool(about.get("hidden")), "count": counts.get(name, 0) if name in COUNTED else None}
        for name, about in desk.tables.items()
    ]
    return {
        "database": DATABASE, "show_hidden": is_all, "tables": tables,
        "hidden_count": sum(table["hidden"] for table in tables),
        "queries": [{"name": name, **about} for name, about in desk.questions.items()],
        "size": desk.database.size if desk.database else 0, "allow_execute_sql": True, "allow_download": True,
    }  # fmt: skip


def _row_counts(conn: sqlite3.Connection) -> dict[str, int]:
    found = rows(conn, "select table_name, sum(rows) as n from row_counts group by 1")
    return {row["table_name"]: row["n"] for row in found}


async def _page(desk: Desk, request: "Request", template: str, **context: object) -> Response:
    html = await desk.datasette.render_template(template, context, request=request, view_name="blotter")
    return Response.html(html)


async def _atom(desk: Desk, request: "Request", feed: Feed | None) -> Response:
    if feed is None:
        raise NotFound("There is no such feed")
    datasette, addresses = desk.datasette, desk.addresses
    table, key = feed.page
    page = addresses.row(table, key) if table and key else addresses.table(table or key)
    entries = [
        {
            "id": entry.id, "title": entry.title, "updated": entry.updated, "summary": entry.summary,
            "url": datasette.absolute_url(request, addresses.row(entry.table, entry.key)),
            "source_url": entry.source_url, "term": entry.term, "term_label": entry.term_label,
        }
        for entry in feed.entries
    ]  # fmt: skip
    context = {
        "id": feed.id, "title": feed.title, "updated": feed.updated, "entries": entries,
        "self_url": datasette.absolute_url(request, request.full_path),
        "page_url": datasette.absolute_url(request, page),
    }  # fmt: skip
    xml = await datasette.render_template("feed.xml", {"feed": context}, request=request, view_name="feed")
    return Response(xml, content_type="application/atom+xml; charset=utf-8")


def feed_address(desk: Desk, request: "Request", name: str) -> str | None:
    """Where a question's answers come as a feed; ``None`` if they are neither claims nor quotes."""
    if not any(f" as {key}" in desk.questions.get(name, {}).get("sql", "") for key in _FEED_KEYS):
        return None
    address = desk.addresses.path(f"feeds/questions/{name}.atom")
    return f"{address}?{request.query_string}" if request.query_string else address


def _about(conn: sqlite3.Connection) -> AboutPage:
    return AboutPage(counts=rows(conn, _CLAIMS), figures=load_figures())


def _status(conn: sqlite3.Connection) -> StatusPage:
    return StatusPage(sources=rows(conn, "select * from sources order by state is 'live', name"))


def _named(conn: sqlite3.Connection, table: str, slug: str) -> int | None:
    merges = "entity_merges" if table == "entities" else "incident_merges"
    row = first(conn, f"select id from {table} where slug = ?", slug) or first(
        conn, f"select into_id as id from {merges} where slug = ? order by merged_at desc", slug
    )
    return int(row["id"]) if row else None


def _target(conn: sqlite3.Connection, kind: str, key: str) -> Target | None:
    table, sql = _LABELS[kind]
    row = first(conn, sql, key)
    if row is None:
        return None
    label = {
        "violation": lambda: f"the claim “{words.claim(row)}”",
        "quote": lambda: f"the quote “{row['content'][:80]}”",
        "article": lambda: f"the article “{row['title']}”",
        "incident": lambda: f"the incident “{row['title']}”",
        "mention": lambda: f"the name “{row['name']}” in an article",
        "relation": lambda: f"the tie “{row['subject']} {words.TIES[row['kind']]} {row['object']}”",
        "source": lambda: f"the source “{row['name']}”",
    }.get(kind, lambda: f"{row['name']}")()
    return Target(table=table, id=row["id"], label=label, entry=_entry(conn, kind, row))


def _letter(desk: Desk, request: "Request", form: str, target: Target) -> str:
    """Where a reader sends the correction of this entry."""
    url = desk.datasette.absolute_url(request, desk.addresses.row(target.table, target.id))
    return filled(form, entry=target.entry, title=target.label, url=url)


def _entry(conn: sqlite3.Connection, kind: str, row: Row) -> str:
    """The lines of corrections.yml for a person to finish; a fact is found again by its words."""
    foot = "  why: \n  who: \n  decided: "
    if kind == "source":
        return ""
    if kind == "entity":
        return f"- action: rename\n  entity: {row['slug']}\n  value: \n{foot}"
    if kind in ("violation", "quote", "mention", "relation"):
        span = first(conn, f"select words from spans where fact_id = ? and {EVIDENCE}", row["id"])
        about = f"fact: {row['id']}\n  kind: {kind}\n  article: {row['article_id']}"
        about += f"\n  words: {words_hash(span['words'])}" if span else ""
    else:
        about = f"{kind}: {row['slug'] if kind == 'incident' else row['id']}"
    if kind not in FIELDS:
        return f"- action: reject\n  {about}\n{foot}"
    return f"- action: set\n  {about}\n  field: \n  value: \n{foot}"


_CLAIMS = """
    select one as status, sum(rows) as claims from row_counts
    where table_name = 'violations' and four = '0' group by 1 order by claims desc
"""
"""By what `data.summaries.COUNTED` counts violations by: status, kind of rule, sanction, whether it is a copy's."""
