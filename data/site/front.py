"""The home page, and what every page says of the build it shows."""

import sqlite3
from dataclasses import dataclass

from data.site.charts import FEW_MONTHS, MONTHS, Chart, months_chart
from data.site.claims import claims, rows
from data.site.words import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The home page."""

    newest: list[Row]
    months: list[Row]
    chart: Chart | None
    narrow_chart: Chart | None
    companies: list[Row]
    owners: list[Row]
    incidents: list[Row]


def release(conn: sqlite3.Connection) -> dict[str, str]:
    """What a reader must know of the file as a whole."""
    return {row["name"]: row["value"] for row in rows(conn, "select name, value from release")}


def front(conn: sqlite3.Connection) -> Front:
    """What is new, and where to start."""
    months = rows(conn, "select * from months order by month desc limit ?", MONTHS)
    figures = [(row["month"], row["violations"]) for row in months]
    return Front(
        newest=claims(conn, "not is_copy", limit=8),
        months=months,
        chart=months_chart(figures),
        narrow_chart=months_chart(figures[:FEW_MONTHS], width=340),
        companies=rows(conn, _COMPANIES),
        owners=rows(conn, _OWNERS),
        incidents=rows(conn, "select * from incidents order by last_on desc, id limit 5"),
    )


_COMPANIES = """
    select id, name, articles, as_violator, as_rule_owner from entities
    where kind = 'company' and articles > 0 order by articles desc, id limit 10
"""
_OWNERS = """
    select id, name, kind, as_rule_owner from entities
    where as_rule_owner > 0 order by as_rule_owner desc, id limit 6
"""
