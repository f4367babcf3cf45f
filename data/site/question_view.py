"""The page of a ready-made question: its answer, read and laid out in one go."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils import path_with_format
from datasette.views.table import TableView
from markupsafe import Markup

from data.site.addresses import DATABASE
from data.site.cells import attributes, cell, cut
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
    heads = [(attributes(column), column) for column in columns]
    shown = [
        [(head, _cell(value, name, row_of)) for (head, name), value in zip(heads, row, strict=True)]
        for row in found[:SHOWN]
    ]
    return {
        "database": DATABASE, "canned_query": name, "metadata": about, "named_parameter_values": asked,
        "columns": columns, "display_rows": shown, "found": len(found),
        "query": {"sql": about["sql"], "params": asked},
        "edit_sql_url": f"{urls.database(DATABASE)}?{urlencode({'sql': about['sql'], **asked})}",
        "renderers": {"json": urls.path(path_with_format(request=request, format="json"))},
        "url_csv": urls.path(path_with_format(request=request, format="csv", extra_qs={"_size": "max"})),
    }  # fmt: skip


def _cell(value: object, column: str, row_of: Any) -> Markup:
    shown = cell(value, column, None, row_of)
    return shown if shown is not None else cut(value)
