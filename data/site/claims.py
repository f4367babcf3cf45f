"""Rows that several pages show: claims with their article and outlet, quotes, articles, corrections."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence

from data.site.words import Row

_OUTLET = """coalesce(
    articles.publisher, sources.name,
    (select 'a copy from ' || name from hops where article_id = articles.id and kind = 'copy_of' order by n limit 1),
    'an outlet not named'
)"""
_ARTICLE = f"""
    articles.title as article_title, articles.url as article_url, articles.published_from, articles.published_to,
    articles.published_basis, articles.published_words, articles.changed_at, articles.copies, articles.copy_of_id,
    {_OUTLET} as outlet
"""
LISTED = "(quotes.kind != 'indirect' or quotes.confidence >= 0.6)"
"""Which quotes stand in lists: doubtful paraphrases are left to the table."""
_ROLE_ORDER = "role != 'violator', role != 'rule_owner', role != 'enforcer', role"
_OF_ARTICLE = "left join sources on sources.id = articles.source_id"


def rows(conn: sqlite3.Connection, sql: str, *params: object) -> list[Row]:
    """What a query finds."""
    return conn.execute(sql, params).fetchall()


def first(conn: sqlite3.Connection, sql: str, *params: object) -> Row | None:
    """The first row that a query finds."""
    found: Row | None = conn.execute(sql, params).fetchone()
    return found


def corrections(conn: sqlite3.Connection, where: str, *params: object) -> list[Row]:
    """What editors decided, the newest first."""
    return rows(conn, f"select * from corrections where {where} order by decided_on desc, n desc", *params)


def claims(
    conn: sqlite3.Connection, where: str, *params: object, order: str = "violations.reported_on desc, violations.id",
    limit: int = 50,
) -> list[Row]:  # fmt: skip
    """Violations with their article and outlet."""
    return rows(
        conn,
        f"select violations.*, {_ARTICLE}, incidents.title as incident_title, incidents.articles as incident_articles,"
        " incidents.reports as incident_reports"
        f" from violations join articles on articles.id = violations.article_id {_OF_ARTICLE}"
        " left join incidents on incidents.id = violations.incident_id"
        f" where {where} order by {order} limit {limit}",
        *params,
    )


def quotes(
    conn: sqlite3.Connection, where: str, *params: object, order: str = "quotes.reported_on desc, quotes.id",
    limit: int = 50,
) -> list[Row]:  # fmt: skip
    """Quotes with their article and outlet, and in how many articles the same words stand."""
    return rows(
        conn,
        f"select quotes.*, {_ARTICLE}, quote_groups.articles as group_articles"
        f" from quotes join articles on articles.id = quotes.article_id {_OF_ARTICLE}"
        " left join quote_groups on quote_groups.id = quotes.group_id"
        f" where {where} order by {order} limit {limit}",
        *params,
    )


def articles(
    conn: sqlite3.Connection, where: str, *params: object, order: str = "articles.published_from desc, articles.id",
    limit: int = 50, more: str = "",
) -> list[Row]:  # fmt: skip
    """Articles with their outlet; ``more`` joins further tables."""
    return rows(
        conn,
        f"select articles.*, {_OUTLET} as outlet from articles {_OF_ARTICLE} {more}"
        f" where {where} order by {order} limit {limit}",
        *params,
    )


def reports(conn: sqlite3.Connection, article_ids: Sequence[int]) -> dict[int, Row]:
    """Article → its title, outlet and dates."""
    marks = ",".join("?" * len(article_ids))
    sql = f"select articles.id as article_id, {_ARTICLE} from articles {_OF_ARTICLE} where articles.id in ({marks})"
    return {row["article_id"]: row for row in rows(conn, sql, *article_ids)}


def parties(conn: sqlite3.Connection, violation_ids: Sequence[int]) -> dict[int, dict[str, list[Row]]]:
    """Violation → role → those who have it, in the order of the text."""
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    marks = ",".join("?" * len(violation_ids))
    for row in rows(
        conn,
        f"select * from violation_parties where violation_id in ({marks}) order by {_ROLE_ORDER}, n",
        *violation_ids,
    ):
        found[row["violation_id"]][row["role"]].append(row)
    return found
