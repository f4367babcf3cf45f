"""From the address of a table to its page.

Readers walk through tables by filter, facet, order and page: these are read in one go (`data.site.tables`). Whatever
else Datasette understands in an address is left to Datasette, which asks the file some forty times for one page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from datasette.filters import Filters
from datasette.utils import (
    escape_fts,
    path_with_format,
    path_with_removed_args,
    path_with_replaced_args,
    tilde_decode,
    tilde_encode,
)
from datasette.views.base import DatasetteError
from datasette.views.table import TableView
from markupsafe import Markup

from data.schema import PUBLISHED, TABLE
from data.site.addresses import DATABASE, number_in
from data.site.cells import attributes, cell, cut, day, line
from data.site.desk import Desk, key_of
from data.site.headings import heading
from data.site.tables import POINTS_TO, Facet, Place, TablePage, Wanted, table_page
from data.site.templating import facet_label, readable_columns
from data.site.words import Row

if TYPE_CHECKING:
    from datasette.utils.asgi import Request, Response

_OURS = {"_sort", "_sort_desc", "_next", "_search", "_facet", "_all", "_size"}
_DATASETTES = (
    "_col", "_facet_", "_filter_", "_fts_", "_json", "_label", "_nocol", "_nocount", "_nofacet", "_nosuggest",
    "_search_", "_searchmode", "_shape", "_sort_by_desc", "_through", "_timelimit", "_trace", "_ttl", "_where",
)  # fmt: skip
"""Beginnings of the arguments that only Datasette understands; others with an underscore mean nothing to either."""
_PLAINLY = {("is_copy", "0"): "copies left out", ("is_copy", "1"): "copies only"}
_LOOKUPS = {
    "not": "is not", "contains": "contains", "notcontains": "does not contain", "startswith": "begins with",
    "endswith": "ends with", "gt": "is greater than", "gte": "is at least", "lt": "is less than", "lte": "is at most",
    "in": "is one of", "notin": "is none of", "isnull": "is empty", "notnull": "is not empty", "isblank": "is empty",
    "notblank": "is not empty", "date": "is on", "like": "is like", "glob": "is like",
}  # fmt: skip
"""Datasette's ways to compare, in plain words."""
_ALONE = {"isnull", "notnull", "isblank", "notblank"}
_TYPES = {(table, c.name): c.sql.split()[1] for table in PUBLISHED for c in TABLE[table].columns}
_NEEDED = {
    "violations": ("claimant", "rule_type", "is_copy", "amount", "currency", "sanction_threatened", "incident_id"),
    "articles": ("published_to",),
}
"""What the templates say beside the columns they show."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row on a page: what stands in it, and its cells as a reader sees them."""

    row: Mapping[str, Any]
    cells: Callable[[], Iterable[tuple[Markup, Markup | str]]]
    """Gives the attributes of each one's element, and what stands in it; in the order of the columns shown."""

    def html(self) -> Markup:
        """The cells as they stand in the page."""
        return line(self.cells())


class StockTable(TableView):  # type: ignore[misc]  # Datasette ships no types
    """Datasette's own page of a table, in our template."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.datasette)
        self._desk = desk

    async def data(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super().data(*args, **kwargs)
        except DatasetteError as error:  # of an order or a filter that it does not know it says that the server failed
            raise DatasetteError(error.message, status=400 if error.status == 500 else error.status) from None

    async def render(self, templates: Any, request: "Request", context: dict[str, Any] | None = None) -> "Response":
        context = dict(context or {})
        table, stock = str(context.get("table")), context.get("display_rows") or ()
        names = [column["name"] for column in context["display_columns"]]
        is_fact = table in ("violations", "quotes") and "article_id" in names
        numbers = sorted({key_of(row["article_id"]) for row in stock}) if is_fact else []
        reported = await self._desk.reports_of(numbers)
        columns = readable_columns(context["metadata"], context["display_columns"], request)
        lines = [Line({n: key_of(row[n]) for n in names}, partial(_stock_cells, row, columns)) for row in stock]
        labels = {(n, row[n]["value"]): row[n]["label"] for row in stock for n in names if isinstance(row[n], dict)}
        context |= {"reported": reported, "display_rows": lines, "shown_columns": columns, "labels": labels}
        return await super().render(templates, request, context)


def _stock_cells(row: Any, columns: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Markup, Markup | str]]:
    for column in columns:
        yield attributes(column["name"], column["type"]), row.display(column["name"])


async def table_response(desk: Desk, request: "Request") -> "Response":
    """The page of a table."""
    wanted = _wanted(desk, request)
    if wanted is None:
        return await StockTable(desk).dispatch_request(request)
    page = await desk.read(table_page, wanted)
    view = StockTable(desk)
    table, templates = wanted.table, [f"table-{DATABASE}-{wanted.table}.html", "table.html"]
    response = await TableView.render(view, templates, request, _context(desk, request, wanted, page, table))
    return view.set_response_headers(response, desk.datasette.setting("default_cache_ttl"))


def _wanted(desk: Desk, request: "Request") -> Wanted | None:
    """What the address asks for; ``None`` if it is for Datasette to answer."""
    table = tilde_decode(request.url_vars["table"])
    if table not in PUBLISHED:
        return None
    known, about = set(PUBLISHED[table]), desk.tables[table]
    pairs = [(key, value) for key in request.args for value in request.args.getlist(key)]
    if any(key.startswith(_DATASETTES) and key not in _OURS for key, _ in pairs):
        return None
    asked = {key: value for key, value in pairs if key in _OURS}
    filters = [(key, value) for key, value in pairs if "__" in key or not key.startswith("_")]
    exact = {key.removesuffix("__exact"): value for key, value in filters}
    plain = all(key.removesuffix("__exact") in known for key, _ in filters) and len(exact) == len(filters)
    if any(key.partition("__")[0] not in known for key, _ in filters):
        return None
    where: tuple[str, ...] = ()
    params: dict[str, object] = {}
    if not plain:
        exact, where, params = {}, *_conditions(filters, table)
    sort, is_down = _order(asked, about)
    facets = tuple(dict.fromkeys([*(about.get("facets") or ()), *request.args.getlist("_facet")]))
    if not set(facets) <= known or POINTS_TO[table].keys() & set(facets) or not _is_order(sort, asked, about, table):
        return None
    size = number_in(asked.get("_size") or str(about.get("size") or desk.datasette.page_size)) or 0
    if not 0 < size <= desk.datasette.max_returned_rows:
        return None
    return Wanted(
        table=table, columns=_columns(table, about, sort, is_all="_all" in asked), exact=exact, where=where,
        search=escape_fts(asked.get("_search", "")) if about.get("fts_table") else "",
        params=params, sort=sort, is_down=is_down, after=_after(asked.get("_next"), sort), size=size,
        facets=facets, labels=desk.labels,
    )  # fmt: skip


def _conditions(filters: list[tuple[str, str]], table: str) -> tuple[tuple[str, ...], dict[str, object]]:
    clauses, params = Filters(sorted(filters)).build_where_clauses(table)
    return tuple(f"({clause})" for clause in clauses), dict(params)


def _order(asked: Mapping[str, str], about: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The column to sort by, and whether the largest come first."""
    if asked.get("_sort") or asked.get("_sort_desc"):
        return asked.get("_sort") or asked["_sort_desc"], not asked.get("_sort")
    return about.get("sort") or about.get("sort_desc"), "sort_desc" in about


def _is_order(sort: str | None, asked: Mapping[str, str], about: Mapping[str, Any], table: str) -> bool:
    sortable = [*(about.get("sortable_columns") or PUBLISHED[table]), about.get("sort_desc"), about.get("sort")]
    return not (asked.get("_sort") and asked.get("_sort_desc")) and (sort is None or sort in sortable)


def _columns(table: str, about: Mapping[str, Any], sort: str | None, *, is_all: bool) -> tuple[str, ...]:
    """Those that the page shows or speaks of, the key first."""
    everything = PUBLISHED[table]
    if is_all or not about.get("readable"):
        return everything
    wanted = {everything[0], *about["readable"], *_NEEDED.get(table, ()), *([sort] if sort else ())}
    return tuple(column for column in everything if column in wanted)


def _after(token: str | None, sort: str | None) -> Place | None:
    """The place in the form that Datasette gives it: the value of the sorted column, a comma, the key."""
    if not token:
        return None
    value, _, key = token.rpartition(",")
    if sort is None or not value:
        return Place(value=None, key=tilde_decode(key))
    return Place(value=None if value == "$null" else tilde_decode(value), key=tilde_decode(key))


def _token(row: Mapping[str, Any], wanted: Wanted) -> str:
    key: str = tilde_encode(str(row[wanted.key]))
    if not wanted.sort:
        return key
    value = row[wanted.sort]
    return f"{'$null' if value is None else tilde_encode(str(value))},{key}"


def _context(desk: Desk, request: "Request", wanted: Wanted, page: TablePage, table: str) -> dict[str, Any]:
    about, filters = desk.tables[table], _filters(request)
    columns = [_column(name, wanted, about) for name in wanted.columns]
    shown = readable_columns(about, columns, request)
    csv_args = {"_size": "max", **({"_labels": "on"} if POINTS_TO[table] else {})}
    search, urls = request.args.get("_search"), desk.datasette.urls
    return {
        "database": DATABASE, "table": table, "metadata": about, "reported": page.reports,
        "labels": page.labels, "display_columns": columns, "shown_columns": shown,
        "display_rows": list(_lines(desk, page, shown, wanted)),
        "filtered_table_rows_count": page.count, "is_more": page.is_more,
        "sorted_facet_results": [_facet(request, facet, desk) for facet in page.facets], "facet_results": page.facets,
        "human_description_en": filters.human_description_en(extra=[f"search matches “{search}”"] if search else None),
        "filters": filters, "filter_columns": PUBLISHED[table], "supports_search": bool(about.get("fts_table")),
        "search": search, "chips": _chips(request, page), "sort": wanted.sort if not wanted.is_down else None,
        "sort_desc": wanted.sort if wanted.is_down else None,
        "is_sortable": any(column["sortable"] for column in columns),
        "form_hidden_args": [pair for pair in _pairs(request) if pair[0] in ("_facet", "_size", "_all")],
        "next_url": _next_url(desk, request, wanted, page),
        "renderers": {"json": urls.path(path_with_format(request=request, format="json"))},
        "url_csv": urls.path(path_with_format(request=request, format="csv", extra_qs=csv_args)),
        "url_csv_path": desk.addresses.table(table) + ".csv",
        "url_csv_hidden_args": [*_pairs(request, without=("_labels", "_facet", "_size", "_next")), ("_size", "max")],
        "expandable_columns": list(POINTS_TO[table]), "settings": {"allow_csv_stream": True},
        "query": {}, "allow_execute_sql": True, "fix_path": urls.path,
        "path_with_replaced_args": path_with_replaced_args,
        "custom_table_templates": [f"_table-{DATABASE}-{table}.html", "_table.html"],
    }  # fmt: skip


def _lines(desk: Desk, page: TablePage, columns: Sequence[Mapping[str, Any]], wanted: Wanted) -> Iterator[Line]:
    row_of, label = desk.addresses.row, desk.labels.get(wanted.table)
    shown = [(attributes(column["name"], column["type"]), column["name"]) for column in columns]

    def cells(row: Row) -> Iterator[tuple[Markup, Markup]]:
        for head, name in shown:
            if name == label and label != wanted.key:
                address, words = row_of(wanted.table, row[wanted.key]), cut(row[name])
                yield head, Markup(f'<a href="{address}"><span class="clip">{words}</span></a>')
            else:
                yield head, _shown(row, name, row[name], page, wanted.table, row_of)

    yield from (Line(row, partial(cells, row)) for row in page.rows)


def _shown(
    row: Mapping[str, Any], name: str, value: Any, page: TablePage, table: str, row_of: Callable[[str, object], str]
) -> Markup:
    if name == "published_from":
        return day(row["published_from"], row["published_to"])
    if name == "reported_on" and page.reports:
        report = page.reports[row["article_id"]]
        return day(report["published_from"], report["published_to"])
    label = page.labels.get((name, value))
    found = cell({"value": value, "label": label} if label is not None else value, name, table, row_of)
    return found if found is not None else cut(value)


def _chips(request: "Request", page: TablePage) -> list[tuple[str, str]]:
    """Each filter in plain words, and the address without it."""
    asked = [pair for pair in _pairs(request) if "__" in pair[0] or not pair[0].startswith("_")]
    found = [(_in_words(key, value, page), key, value) for key, value in asked]
    if search := request.args.get("_search"):
        found.append((f"with the words “{search}”", "_search", search))
    return [
        (told, path_with_removed_args(request, {key: value, "_next": request.args.get("_next")}))
        for told, key, value in found
    ]


def _in_words(key: str, value: str, page: TablePage) -> str:
    """A filter as a reader would say it.

    >>> empty = TablePage(rows=[], labels={}, count=0, is_more=False, facets=[], has_next=False, reports={})
    >>> _in_words("status", "alleged", empty), _in_words("is_copy", "0", empty), _in_words("amount__gt", "5", empty)
    ('Status: Alleged', 'copies left out', 'Amount is greater than 5')
    """
    column, _, lookup = key.partition("__")
    if (key, value) in _PLAINLY:
        return _PLAINLY[key, value]
    label = page.labels.get((column, number_in(value)))
    said = label or str(facet_label(value, column))
    if lookup in ("", "exact"):
        return f"{heading(column)}: {said}"
    return f"{heading(column)} {_LOOKUPS.get(lookup, lookup)} {'' if lookup in _ALONE else said}".rstrip()


def _filters(request: "Request") -> Filters:
    return Filters(sorted(pair for pair in _pairs(request) if "__" in pair[0] or not pair[0].startswith("_")))


def _pairs(request: "Request", without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(key, value) for key in request.args if key not in without for value in request.args.getlist(key)]


def _column(name: str, wanted: Wanted, about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "type": _TYPES[wanted.table, name], "is_pk": name == wanted.key,
        "sortable": _is_order(name, {}, about, wanted.table),
        "description": (about.get("columns") or {}).get(name),
    }  # fmt: skip


def _facet(request: "Request", facet: Facet, desk: Desk) -> dict[str, Any]:
    chosen = set(request.args.getlist(facet.name))
    others = urlencode(_pairs(request, without=("_next",)))
    begin = f"{request.path}?{others}{'&' if others else ''}{quote_plus(facet.name)}="
    results = []
    for value, count in facet.values:
        is_chosen = str(value) in chosen
        without = path_with_removed_args(request, {facet.name: str(value)}) if is_chosen else ""
        address = without or f"{begin}{quote_plus(str(value))}"
        results.append({"value": value, "label": value, "count": count, "selected": is_chosen,
                        "toggle_url": desk.datasette.urls.path(address)})  # fmt: skip
    return {"name": facet.name, "results": results, "truncated": facet.is_cut, "is_sample": facet.is_sample}


def _next_url(desk: Desk, request: "Request", wanted: Wanted, page: TablePage) -> str | None:
    if not page.has_next:
        return None
    return str(desk.datasette.urls.path(path_with_replaced_args(request, {"_next": _token(page.rows[-1], wanted)})))
