"""How each source is doing, by what its polls brought: one word, and the facts behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from data.rows import Row
from data.times import moment, stamp

MONTH = timedelta(days=30)
PASSING = 2
"""Failures in a row that are nothing to write home about: on the open web some source is down every day for an hour."""
SOURCE_STATE = """
    case
      when jobs.id is null then null
      when tries and (due_at is null or julianday(due_at) - julianday(failed_at) > 7) then 'set aside'
      when tries and jobs.reason in (
        'bot_wall', 'consent_wall', 'forbidden', 'login', 'paywalled', 'robots_disallowed', 'unauthorised'
      ) then 'refused'
      when tries then 'failing'
      when ok_at is null then 'not asked yet'
      else 'live'
    end
"""
"""Of a source with its poll joined as ``jobs``; one that is set aside is asked monthly, or no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source is doing."""

    id: str
    state: str
    """live; quiet: it works and names less than is expected; failing; refused: it does not want us; set aside: it
    failed so often that it is asked monthly, or was gone twice; not asked yet; off."""
    ok_at: str | None
    """When it last answered well."""
    new_at: str | None
    """When it last named something new."""
    due_at: str | None
    """When it is asked next, ``None`` for never."""
    gap_hours: float | None
    """The time in which something new is expected, ``None`` if nothing is."""
    articles: int
    tries: int
    """How often it has failed since it last answered well."""
    why: str
    """For a person; empty when all is well."""

    @property
    def needs_a_look(self) -> bool:
        return self.state in ("failing", "quiet", "refused", "set aside")

    @property
    def trouble(self) -> str:
        """The state that a run tells when it begins; "" while all is well, or may well be so again within hours."""
        is_passing = self.state in ("failing", "refused") and self.tries <= PASSING
        return self.state if self.needs_a_look and not is_passing else ""


def source_health(db: Database, *, now: datetime) -> Iterator[SourceHealth]:
    """Every source that was ever listed, by id."""
    for row in db.query(_SOURCES, {"month": stamp(now - MONTH)}):
        state, why = _judged(row, now)
        yield SourceHealth(
            id=row["id"], state=state, ok_at=row["ok_at"], new_at=row["new_at"], due_at=row["due_at"],
            gap_hours=round(MONTH / timedelta(hours=row["expect_min"]), 1) if row["expect_min"] else None,
            articles=row["articles"], tries=row["tries"] or 0, why=why,
        )  # fmt: skip


def troubles(db: Database, *, now: datetime) -> dict[str, str]:
    """The troubles of all sources as the last crawl left them, by id."""
    left = db.execute("select max(finished_at) from runs where command in ('crawl', 'refresh')").fetchone()[0]
    return {one.id: one.trouble for one in source_health(db, now=moment(left) if left else now)}


def new_troubles(db: Database, before: Mapping[str, str], *, now: datetime) -> list[str]:
    """One line for each source whose trouble is another than before; what is over is no trouble."""
    return [
        f"{one.id}: {one.state}: {one.why}"
        for one in source_health(db, now=now)
        if one.trouble and one.trouble != before.get(one.id)
    ]


def _judged(row: Row, now: datetime) -> tuple[str, str]:
    if not row["is_active"]:
        return "off", str(row["why_off"] or "")
    if row["tries"]:
        return row["state"], f"{row['tries']} times in a row: {row['reason']}"
    is_old = row["queued_at"] is not None and moment(row["queued_at"]) < now - MONTH
    if row["state"] == "live" and is_old and row["recent"] < (row["expect_min"] or 0):
        return "quiet", f"{row['recent']} new in a month, expected {row['expect_min']}"
    return row["state"] or "off", ""


_SOURCES = f"""
    select sources.id, is_active, expect_min, sources.reason as why_off, {SOURCE_STATE} as state, tries, jobs.reason,
      ok_at, new_at, due_at, queued_at,
      (select count(*) from articles where source_id = sources.id) as articles,
      (select count(*) from articles where source_id = sources.id and first_seen_at > :month) as recent
    from sources left join jobs on jobs.kind = 'poll' and jobs.source_id = sources.id
    order by sources.id
"""
