"""What the templates can say: filters and functions, all of them pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from data.site import words
from data.site.addresses import DATABASE, Addresses
from data.site.desk import key_of
from data.site.headings import heading
from data.site.marks import Block, markup
from data.site.words import Row

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_ROLES = {
    "violator": "Accused", "rule_owner": "Whose rule", "enforcer": "Action by", "claimant": "Who says so",
    "harmed": "Harmed",
}  # fmt: skip


def filters(datasette: "Datasette") -> dict[str, Callable[..., Any]]:
    """Name → filter."""
    addresses = Addresses(datasette)
    return {
        "badge": words.badge,
        "claim": words.claim,
        "count": words.count,
        "day": words.day,
        "facet_label": facet_label,
        "heading": heading,
        "host": words.host,
        "kind": lambda kind: words.KINDS[kind][0] if kind in words.KINDS else kind,
        "marked": lambda block: marked(block, addresses),
        "moment": words.moment,
        "money": words.money,
        "month": words.month,
        "outward": words.outward,
        "percent": lambda share: f"{share:.0%}".replace("%", " %"),
        "plain": words.plain,
        "role": lambda role: _ROLES.get(role, words.plain(role)),
        "rule_type": words.rule_type,
        "says_who": words.says_who,
        "kinds": lambda kind: words.KINDS[kind][1] if kind in words.KINDS else None,
        "tie": lambda kind: words.TIES.get(kind, words.plain(kind)),
        "told_with": words.told_with,
        "thousands": lambda number: f"{int(number or 0):,}",
        "when_reported": lambda row: words.interval(row["first_on"], row["last_on"]),
        "when": lambda row: words.interval(row["published_from"], row["published_to"]),
    }


def functions(datasette: "Datasette") -> dict[str, Any]:
    """Name → function or constant."""
    addresses = Addresses(datasette)
    tables: Mapping[str, Mapping[str, Any]] = datasette.metadata("tables", database=DATABASE, fallback=False) or {}
    return {
        "absolute": lambda request, path=None: datasette.absolute_url(request, path or request.full_path),
        "is_here": is_here,
        "is_plain_list": lambda request: not set(request.args) - {"is_copy", "kind"},
        "key_of": key_of,
        "meaning": lambda status: words.STATUS[status][1] if status in words.STATUS else "",
        "navigation": addresses.navigation,
        "parameter_label": parameter_label,
        "part_words": lambda spans, role: part_words(spans, role, addresses),
        "readable_columns": readable_columns,
        "in_order": lambda shown: in_order(shown, list(tables)),
        "row_url": addresses.row,
        "statuses": words.STATUS,
        "table_url": addresses.table,
        "table_title": lambda table: tables.get(table, {}).get("title") or words.plain(table),
        "table_description": lambda table: tables.get(table, {}).get("description") or "",
    }


def marked(block: Block, addresses: Addresses) -> Markup:
    """A block of text with its marks."""
    return markup(block, lambda entity: addresses.row("entities", entity))


def part_words(spans: Iterable[Row], role: str, addresses: Addresses) -> Markup:
    """The words of one part of a fact, each linked to where it stands."""
    links = [
        Markup('<a class="words" href="{}#{}-{}">{}</a>').format(
            addresses.row("articles", span["article_id"]), span["fact_type"], span["fact_id"], span["words"]
        )
        for span in spans
        if span["role"] == role
    ]
    return Markup("<br>").join(links) if links else Markup('<span class="quiet">–</span>')


def is_here(request: "Request | None", address: str) -> bool:
    """Is this the entry of the navigation that the reader is at."""
    if request is None:
        return False
    path, _, query = address.partition("?")
    if path == request.path:
        return not query or query in request.query_string or "entities" not in path
    return False


def facet_label(label: object, column: str) -> str | Markup:
    """A value that rows are counted by, as a reader would say it."""
    if label in (None, ""):
        return "not stated"
    if column == "status":
        return words.badge(str(label))
    if column == "rule_type":
        return words.rule_type(str(label))
    if column == "kind" and label in words.QUOTE_KINDS:
        return words.QUOTE_KINDS[str(label)]
    if column in ("is_copy", "is_confirmed", "is_reviewed", "is_rule_text", "in_title", "is_active"):
        return "yes" if str(label) == "1" else "no"
    if column.endswith("_month") or column == "month":
        return words.month(str(label))
    return words.plain(str(label))


def readable_columns(metadata: Row, columns: Sequence[Row], request: "Request") -> Sequence[Row]:
    """The columns that ``metadata.yml`` names as readable, in its order; all, if the reader asks for them."""
    wanted = metadata.get("readable")
    if not wanted or request.args.get("_all") or request.args.get("_col") or request.args.get("_nocol"):
        return columns
    by_name = {column["name"]: column for column in columns}
    return [by_name[name] for name in wanted if name in by_name]


def in_order(shown: list[Row], known: list[str]) -> list[Row]:
    """Tables in the order of ``metadata.yml``: what readers want most comes first."""
    return sorted(shown, key=lambda table: known.index(table["name"]) if table["name"] in known else len(known))


def parameter_label(metadata: Row, name: str) -> str:
    """What a field of a question asks for, in plain words."""
    return str((metadata.get("labels") or {}).get(name) or heading(name))
