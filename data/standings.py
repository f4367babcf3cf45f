"""What incidents say of themselves once editors have decided: no more than the claims that are left in them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import cast

from sqlite_utils import Database

from data.ids import stable_id
from data.rows import Row, insert, values
from extract.facts import Party, PartyRole, Span, Violation
from extract.standing import Told, standing


def restate(db: Database, incidents: Mapping[int, date], *, pinned: Mapping[int, Collection[str]]) -> None:
    """Give these incidents the status and the title of their claims, but what an editor wrote himself.

    ``incidents`` says when the last decision about each was made, ``pinned`` what he wrote.
    """
    for number, decided in sorted(incidents.items()):
        if told := _told(db, number):
            its = standing(told)
            new = {"status": its.status, "title": its.title}
            for field in new.keys() - set(pinned.get(number, ())):
                db.execute(f"update incidents set {field} = ? where id = ?", [new[field], number])
            _note(db, number, its.told_by, on=decided)


def forget_told(db: Database, incidents: Iterable[int], violation: int) -> None:
    """Take what a claim brought out of the ledger of these incidents."""
    for number in incidents:
        db.execute(
            "delete from incident_status where incident_id = ?"
            " and (article_id, words) = (select article_id, evidence from violations where id = ?)",
            [number, violation],
        )


def sweep(db: Database) -> None:
    """Take out the incidents that lost all they had, and the contradictions that are none any more."""
    for sql in _SWEEP:
        db.execute(sql)


def _told(db: Database, incident: int) -> list[Told]:
    """The claims of an incident, oldest first."""
    return [_claim(db, row) for row in list(db.query(_CLAIMS, [incident]))]


def _claim(db: Database, row: Row) -> Told:
    parties = [
        Party(role=cast(PartyRole, role), name=name, entity=slug, product=product)
        for role, name, slug, product in db.execute(_PARTIES, [row["id"]])
    ]
    words = row["evidence"]
    fields = ("rule", "rule_type", "status", "sanction", "amount", "currency", "confidence", "rule_name")
    violation = Violation(
        spans=(Span(start_char=0, end_char=len(words), words=words),),
        parties=tuple(parties),
        **{name: row[name] for name in fields},
    )
    return Told(number=row["id"], violation=violation, published=row["published_from"])


def _note(db: Database, incident: int, violation: int, *, on: date) -> None:
    """Add a line to the ledger if the incident's status is another than that of the last one."""
    (status,) = values(db, "select status from incidents where id = ?", [incident])
    last, n = db.execute(_LAST, [incident]).fetchone() or (None, -1)
    if last == status:
        return
    source = "select article_id, published_from, evidence from violations v join articles a on a.id = article_id"
    article, day, words = db.execute(f"{source} where v.id = ? and v.status = ?", [violation, status]).fetchone() or (
        None, None, None,
    )  # fmt: skip
    line = {
        "id": stable_id("incident_status", incident, n + 1), "incident_id": incident, "n": n + 1, "status": status,
        "article_id": article, "reported_on": day, "recorded_at": f"{on}T00:00:00Z", "stage": None, "words": words,
    }  # fmt: skip
    insert(db, "incident_status", [line])


_CLAIMS = """
    select violations.*, published_from from incident_violations
      join violations on violations.id = violation_id
      join articles on articles.id = violations.article_id
    where incident_violations.incident_id = ?
    order by published_from is null, published_from, published_at is null, published_at, articles.id, violations.id
"""
_PARTIES = """
    select role, violation_parties.name, slug, product
    from violation_parties left join entities on entities.id = entity_id
    where violation_id = ? order by role, n
"""
_LAST = "select status, n from incident_status where incident_id = ? order by n desc limit 1"
# An incident that lost all its violations or articles is not shown.
_EMPTY = """
    select id from incidents where id not in (select incident_id from incident_articles)
      or id not in (select incident_id from incident_violations)
"""
# Both claims are there, in one incident, and say what they said.
_STILL_CONTRADICTS = """
    exists (
      select 1 from violations one join violations other on other.id = other_id
      where one.id = violation_id
        and (field != 'status' or (one.status, other.status) is (value, other_value))
        and (field != 'amount' or one.amount is not other.amount or one.currency is not other.currency)
    ) and exists (
      select 1 from incident_violations
      where violation_id = contradictions.other_id and incident_id = contradictions.incident_id
    )
"""
_SWEEP = (
    """
    update contradictions set incident_id = coalesce(
      (select min(incident_id) from incident_violations where violation_id = contradictions.violation_id), incident_id
    )
    """,
    f"delete from contradictions where not ({_STILL_CONTRADICTS})",
    f"create temp table empty as {_EMPTY}",
    *(
        f"delete from {table} where {column} in (select id from empty)"
        for table, column in (
            ("incident_articles", "incident_id"), ("incident_violations", "incident_id"),
            ("incident_status", "incident_id"), ("incident_merges", "into_id"), ("contradictions", "incident_id"),
            ("incidents", "id"),
        )
    ),
)  # fmt: skip
