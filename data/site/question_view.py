"""The page of a ready-made question: its answer, read and laid out in one go."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils import path_with_format
from datasette.views.table import TableView
from markupsafe import Markup

from data.site.addresses import DATABASE
from data.site.cells import attributes, cell, cut, line
from data.site.desk import Desk

if TYPE_CHECKING:
    from datasette.utils.asgi import Request, Response

SHOWN = 100
"""Rows on a page; the files hold all."""


async def question_response(desk: Desk, request: "Request", name: str) -> "Response":
    """The page of a question of ``metadata.yml``."""
    about = desk.questions[name]
    asked = {key: request.args.get(key) or "" for key in about.get("params") or ()}
    columns, found = await desk.read(_answer, about["sql"], asked)
    view = TableView(desk.datasette)
    context = _context(desk, request, name, asked, columns, found)
    response = await view.render(["query.html"], request, context)
    return view.set_response_headers(response, desk.datasette.setting("default_cache_ttl"))


def _answer(conn: sqlite3.Connection, sql: str, asked: Mapping[str, str]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows."""
    cursor = conn.execute(sql, asked)
    return [column[0] for column in cursor.description], [tuple(row) for row in cursor]


def _context(
    desk: Desk, request: "Request", name: str, asked: Mapping[str, str], columns: Sequence[str], found: Sequence[Any]
) -> dict[str, Any]:
    about, urls = desk.questions[name], desk.datasette.urls
    row_of = desk.addresses.row
    names, facts = _names_of(columns), _facts_of(columns)
    heads = [(attributes(column), column) for column in columns if column not in names.values()]

    def cells(row: Sequence[Any]) -> Iterator[tuple[Markup, Markup]]:
        found = dict(zip(columns, row, strict=True))
        for head, name in heads:
            said = _cell(found[name], name, row_of)
            yield head, _linked(said, found, names.get(name), facts.get(name), row_of) if found[name] else said

    shown = [line(cells(row)) for row in found[:SHOWN]]
    return {
        "database": DATABASE, "canned_query": name, "metadata": about, "named_parameter_values": asked,
        "columns": [name for _, name in heads], "display_rows": shown, "found": len(found),
        "query": {"sql": about["sql"], "params": asked},
        "edit_sql_url": f"{urls.database(DATABASE)}?{urlencode({'sql': about['sql'], **asked})}",
        "renderers": {"json": urls.path(path_with_format(request=request, format="json"))},
        "url_csv": urls.path(path_with_format(request=request, format="csv", extra_qs={"_size": "max"})),
    }  # fmt: skip


def _names_of(columns: Sequence[str]) -> dict[str, str]:
    """Column with a name → the column that says whose page it leads to, where both are there."""
    return {name: key for name, key in _NAMES.items() if name in columns and key in columns}


def _facts_of(columns: Sequence[str]) -> dict[str, str]:
    """Column with the words of a fact → its kind, where the table says which fact and article it is."""
    is_told = "article_id" in columns
    return {words: kind for kind, words in _WORDS.items() if is_told and words in columns and f"{kind}_id" in columns}


def _cell(value: Any, name: str, row_of: Callable[[str, object], str]) -> Markup:
    """As a table shows it."""
    shown = cell(value, name, None, row_of)
    return shown if shown is not None else cut(value)


def _linked(
    said: Markup, row: Mapping[str, Any], key: str | None, fact: str | None, row_of: Callable[[str, object], str]
) -> Markup:
    """A name leads to its page, the words of a fact to where they stand."""
    if key and row[key] is not None:
        table = "incidents" if key == "incident_id" else "entities"
        return Markup(f'<a href="{row_of(table, row[key])}">{said}</a>')
    if fact and row["article_id"]:
        anchor = f"{row_of('articles', row['article_id'])}#{fact}-{row[f'{fact}_id']}"
        return Markup(f'<a class="words" href="{anchor}">{said}</a>')
    return said


_NAMES = {"accused": "violator_id", "rule_owner": "rule_owner_id", "incident": "incident_id"}
_WORDS = {"violation": "evidence", "quote": "content"}
"""Kind of fact → the column with its words."""
