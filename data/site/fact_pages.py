"""One violation, one quote, one source."""

import sqlite3
from dataclasses import dataclass

from data.site.charts import FEW_MONTHS, MONTHS, Chart, months_chart
from data.site.claims import articles, claims, corrections, first, parties, quotes, rows
from data.site.words import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationPage:
    """What the violation's page shows."""

    claim: Row
    parties: dict[str, list[Row]]
    spans: list[Row]
    same: list[Row]
    """The same incident's other claims."""
    corrections: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """What the quote's page shows."""

    quote: Row
    spans: list[Row]
    group: Row | None
    others: list[Row]
    """The same words elsewhere, oldest first."""
    corrections: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """What the source's page shows."""

    source: Row
    coverage: list[Row]
    chart: Chart | None
    narrow_chart: Chart | None
    newest: list[Row]


def violation_page(conn: sqlite3.Connection, violation_id: int) -> ViolationPage | None:
    """The page of a violation; ``None`` if there is none with that id."""
    found = claims(conn, "violations.id = ?", violation_id)
    if not found:
        return None
    same = "violations.incident_id = ? and violations.id != ?"
    return ViolationPage(
        claim=found[0],
        parties=parties(conn, [violation_id])[violation_id],
        spans=rows(conn, _SPANS, violation_id),
        same=claims(conn, same, found[0]["incident_id"], violation_id, limit=20),
        corrections=corrections(conn, "target_id = ?", violation_id),
    )


def quote_page(conn: sqlite3.Connection, quote_id: int) -> QuotePage | None:
    """The page of a quote; ``None`` if there is none with that id."""
    found = quotes(conn, "quotes.id = ?", quote_id)
    if not found:
        return None
    group = found[0]["group_id"]
    return QuotePage(
        quote=found[0],
        spans=rows(conn, _SPANS, quote_id),
        group=first(conn, "select * from quote_groups where id = ?", group),
        others=quotes(
            conn, "quotes.group_id = ? and quotes.id != ?", group, quote_id,
            order="quotes.reported_on is null, quotes.reported_on, quotes.id", limit=100,
        ),
        corrections=corrections(conn, "target_id = ?", quote_id),
    )  # fmt: skip


def source_page(conn: sqlite3.Connection, source_id: str) -> SourcePage | None:
    """The page of a source; ``None`` if there is none with that id."""
    source = first(conn, "select * from sources where id = ?", source_id)
    if source is None:
        return None
    coverage = rows(conn, "select * from coverage where source_id = ? order by month desc limit ?", source_id, MONTHS)
    figures = [(row["month"], row["articles"]) for row in coverage]
    return SourcePage(
        source=source,
        coverage=coverage,
        chart=months_chart(figures),
        narrow_chart=months_chart(figures[:FEW_MONTHS], width=340),
        newest=articles(conn, "articles.source_id = ?", source_id, limit=25),
    )


_SPANS = "select * from spans where fact_id = ? order by role != 'evidence', start_char, n"
