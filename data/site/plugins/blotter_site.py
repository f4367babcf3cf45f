"""Joins the site to Datasette; all that is more than joining stands in the modules of data/site."""

import sqlite3
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from datasette import handle_exception, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request
from datasette.views import base
from jinja2 import Environment
from markupsafe import Markup

from data.metadata import site_path
from data.site.addresses import DATABASE
from data.site.cells import cell
from data.site.desk import Desk
from data.site.guard import limit
from data.site.layout import prepare
from data.site.middleware import App, wrap
from data.site.swap import HotSwap
from data.site.templating import filters, functions
from data.site.views import feed_address, routes
from data.site.whole_tables import Lines

_desks: WeakKeyDictionary[Datasette, Desk] = WeakKeyDictionary()

# With rich installed, Datasette prints every variable of the stack for each 404: half a second of one core.
handle_exception.rich = None
# Tables, rows, questions and anybody's SQL as CSV: all of Datasette's is written here, cells as they are.
if not hasattr(getattr(base, "csv", None), "writer"):
    raise ImportError("this Datasette writes its CSV otherwise than with csv.writer: its cells could be formulas")
base.csv = SimpleNamespace(writer=Lines)


F = TypeVar("F", bound=Callable[..., object])


def hook(function: F) -> F:
    """The function as a hook of Datasette, which ships no types."""
    marked: F = hookimpl(function)
    return marked


def desk_of(datasette: Datasette) -> Desk:
    """The desk of this Datasette."""
    return _desks.setdefault(datasette, Desk(datasette))


@hook
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    if database == DATABASE:
        limit(conn)
        conn.text_factory = str  # all text in it is well formed; Datasette's own decoder is called for each cell


@hook
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    prepare(env)
    env.filters.update(filters(datasette))
    env.globals.update(functions(datasette))
    for template in sorted(site_path("templates").glob("*.html")):  # now, not while the first reader waits
        env.get_template(template.name)


@hook
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    return routes(desk_of(datasette))


@hook
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    swap = HotSwap(datasette, DATABASE)
    return lambda app: wrap(app, swap.look)


@hook
def render_cell(value: object, column: str, table: str | None, database: str, datasette: Datasette) -> Markup | None:
    return cell(value, column, table, desk_of(datasette).addresses.row) if database == DATABASE else None


@hook
def extra_template_vars(
    template: str, table: str | None, request: Request | None, datasette: Datasette
) -> Callable[[], Awaitable[dict[str, object]]]:
    desk = desk_of(datasette)

    async def variables() -> dict[str, object]:
        found: dict[str, object] = {"build": await desk.build()}
        if template == "query.html" and found["build"]:
            choices = await desk.choices()
            found["parameter_choices"] = lambda name: choices.get(name, [])
            found["feed_of"] = lambda query: feed_address(desk, request, query)
        return found

    return variables
