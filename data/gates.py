"""What must hold of a build before it is published, and of any published file afterwards.

A span is proved against the whole text while that is at hand, in `publish`. A published file proves itself as far as
it can: a text that is there must carry every span that lies in it, a whole text must have the SHA-256 that the article
states, a span must be as long as its offsets say, and a quote must be made of the words that its spans say.
"""

import sqlite3
from collections.abc import Iterator

import click
from sqlite_utils import Database

from data.ids import text_sha256
from data.indexes import FULL_TEXT
from data.rows import values
from data.schema import FACT_TABLES, PUBLISHED

_MANY = 0.2
"""Losing more than this share of what was published is refused even if every loss has its reason, but for decisions."""
_FEW = 10
"""Losses below this are never too many."""
_COUNTED = ("articles", "mentions", "quotes", "violations", "incidents")


class GateRefusal(click.ClickException):
    """A build did not pass: what was published before stays."""

    exit_code = 3

    def __init__(self, findings: list[str]) -> None:
        super().__init__("not published, the last build stays:\n" + "\n".join(f"  {line}" for line in findings[:20]))
        self.findings = findings


def findings(db: Database) -> Iterator[str]:
    """What is wrong with a published file, one line each."""
    for (line,) in db.execute("pragma integrity_check"):
        if line != "ok":
            yield f"integrity: {line}"
    for table, row, other, _ in db.execute("pragma foreign_key_check"):
        yield f"{table}: row {row} points to a row of {other} that is not there"
    there = set(db.table_names())
    yield from (f"{table}: the table is missing" for table in PUBLISHED if table not in there)
    yield from _search_findings(db, there)
    if there.issuperset(PUBLISHED):
        yield from _span_findings(db)
        yield from _text_findings(db)


def unproved_spans(db: Database, among: str = "true") -> Iterator[str]:
    """The spans of a build whose words do not stand in the whole text, which is attached in ``work``."""
    rows = db.execute(
        "select s.id, s.fact_type, s.fact_id, s.article_id from spans s"
        " left join work.article_text t on t.article_id = s.article_id"
        f" where {among} and substr(t.text, s.start_char + 1, s.end_char - s.start_char) is not s.words"
    )
    for _, kind, fact, article in rows:
        yield f"article {article}: the words of {kind} {fact} do not stand where it says"


def unexplained_losses(db: Database, among: str = "true") -> Iterator[str]:
    """What the last build, attached as ``last``, had and this one has not, without a decision or an edit behind it.

    ``among`` says of ``l``, an article of the last build, whether it is asked about.
    """
    gone = values(db, _LOST_ARTICLES.format(among=among))
    if gone:
        yield f"articles: {len(gone)} of the last build are missing, such as {gone[0]}"
    for table in ("quotes", "violations"):
        if lost := values(db, _LOST_FACTS.format(table=table, among=among)):
            yield f"{table}: {len(lost)} of the last build are missing from unchanged articles, such as {lost[0]}"
    for table in _COUNTED:
        (taken,) = db.execute(f"select count(*) from ({_TAKEN[table]})").fetchone()
        last, now = (db.execute(f"select count(*) from {file}.{table}").fetchone()[0] for file in ("last", "main"))
        before = last - taken
        if before - now >= max(_FEW, _MANY * before):
            yield f"{table}: {now} now, {before} in the last build"


def _search_findings(db: Database, there: set[str]) -> Iterator[str]:
    for table in FULL_TEXT:
        if f"{table}_fts" not in there:
            yield f"{table}: cannot be searched, its index is missing"
            continue
        try:
            with db.atomic():
                db.conn.execute(f"insert into {table}_fts ({table}_fts, rank) values ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            yield f"{table}: the search index does not match the table: {error}"
        for (place,) in db.execute(f"select rowid from {table} group by rowid having rowid is null or count(*) > 1"):
            yield f"{table}: no row or more than one stands at place {place} of the search index"


def _span_findings(db: Database) -> Iterator[str]:
    for table in FACT_TABLES:
        kind = table.removesuffix("s")
        for number in values(db, f"select id from {table} where id not in (select fact_id from spans)"):
            yield f"{kind} {number}: has no words"
    wrong = db.execute(
        "select spans.id, fact_type, fact_id from spans left join article_text using (article_id)"
        " where length(words) != end_char - start_char or start_char < 0"
        " or (end_char <= length(text) and substr(text, start_char + 1, end_char - start_char) != words)"
    )
    for number, kind, fact in wrong:
        yield f"span {number} of {kind} {fact}: its words do not fit its offsets"
    for number in values(db, _OTHER_WORDS):
        yield f"quote {number}: its content is not what its spans say"
    for number in values(db, _NOT_VERBATIM):
        yield f"quote {number}: words between marks do not stand in its content"


def _text_findings(db: Database) -> Iterator[str]:
    rows = db.execute(
        "select id, text_sha256, text from articles join article_text on article_id = id where text_tier = 'full'"
    )
    for number, sha256, text in rows:
        if text_sha256(text) != sha256:
            yield f"article {number}: its text has another SHA-256 than it states"


_OTHER_WORDS = """
    select quotes.id from quotes join (
      select fact_id, group_concat(words, ' ') said
      from (select fact_id, words from spans where fact_type = 'quote' and role = 'content' order by fact_id, n)
      group by fact_id
    ) on fact_id = quotes.id
    where said != content
    order by 1
"""
_NOT_VERBATIM = """
    select distinct v.fact_id from spans v
    where v.fact_type = 'quote' and v.role = 'verbatim' and not exists (
      select 1 from spans c
      where c.fact_id = v.fact_id and c.role = 'content' and v.start_char between c.start_char and c.end_char
        and substr(c.words, v.start_char - c.start_char + 1, v.end_char - v.start_char) = v.words
    )
    order by 1
"""
_LOST_ARTICLES = """
    select l.id
    from last.articles l left join work.articles w using (id)
    where {among} and l.id not in (select id from main.articles)
      and l.id not in (select article_id from work.removals where undone_at is null)
      and (w.id is null or (w.text_sha256, w.extracted_with) is (l.text_sha256, l.extracted_with))
    order by 1
"""
_LOST_FACTS = """
    select fact.id
    from last.articles l
      join last.{table} fact on fact.article_id = l.id
      join main.articles a on a.id = l.id
    where {among} and fact.id not in (select id from main.{table})
      and (l.text_sha256, l.extracted_with) is (a.text_sha256, a.extracted_with)
      and fact.id not in (select target_id from main.corrections where target_id is not null)
    order by 1
"""
_REMOVED = "select article_id from work.removals where undone_at is null"
_REJECTED = "select target_id from main.corrections where target_id is not null"
_OF_REMOVED = f"select id from last.{{table}} where article_id in ({_REMOVED})"
# What decisions took from the last build.
_TAKEN = {
    "articles": f"select id from last.articles where id in ({_REMOVED})",
    **{
        table: f"{_OF_REMOVED.format(table=table)} union select id from last.{table} where id in ({_REJECTED})"
        for table in ("mentions", "quotes", "violations")
    },
    "incidents": f"""
        select incident_id from last.incident_articles where article_id in ({_REMOVED})
        except select incident_id from last.incident_articles
        where article_id not in ({_REMOVED}) and incident_id in (
          select incident_id from last.incident_articles where article_id in ({_REMOVED})
        )
    """,
}
