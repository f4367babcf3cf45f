"""Quotes out of rows and their groups into rows."""

import json
from collections.abc import Collection, Iterable, Iterator

from sqlite_utils import Database

from data.rows import Row, replace
from extract.facts import FiledQuote, Quote, QuoteGroup, Span

COMMON = 200
"""Runs of words that more quotes than this have find nothing."""


def filed_quotes(db: Database, *, among: Collection[int] | None = None) -> Iterator[FiledQuote]:
    """Every quote of an article that is shown, or those of these ids, with the spans it was found with."""
    ids = None if among is None else json.dumps(sorted(among))
    given, which = ([], "true") if ids is None else ([ids], "quotes.id in (select value from json_each(?))")
    spans: dict[int, list[Span]] = {}
    for fact_id, start, end, words, role in db.execute(_SPANS.format(which=which), given):
        spans.setdefault(fact_id, []).append(Span(start_char=start, end_char=end, words=words, role=role))
    for row in db.query(_QUOTES.format(which=which), given):
        yield FiledQuote(id=row["id"], article_id=row["article_id"], quote=_quote(row, tuple(spans[row["id"]])))


def near_quotes(db: Database, articles: Iterable[int], keys: Iterable[int]) -> frozenset[int]:
    """The quotes of these articles, those that have one of the keys, and all of the groups that any of them is in.

    Groups that have lost a quote are among them.
    """
    given = {"articles": json.dumps(sorted(articles)), "keys": json.dumps(sorted(keys)), "common": COMMON}
    return frozenset(row[0] for row in db.execute(_NEAR, given))


def keep_quote_groups(db: Database, groups: Iterable[QuoteGroup], *, among: Collection[int] | None = None) -> None:
    """Replace what was known of quotes that repeat each other, of all or of those of these ids, from `near_quotes`."""
    rows: list[Row] = [
        {"quote_id": quote, "group_id": group.quote_ids[0], "wording": wording.relation}
        for group in groups
        for wording in group.wordings
        for quote in wording.quote_ids
    ]
    with db.atomic():
        rows.sort(key=lambda row: row["quote_id"])
        where, given = ("true", []) if among is None else (_AMONG, [json.dumps(sorted(among))])
        replace(db, "quote_repeats", rows, where, given, key="quote_id")


def _quote(row: Row, spans: tuple[Span, ...]) -> Quote:
    names = ("kind", "content", "cue", "speaker", "speaker_kind", "role", "affiliation", "via", "confidence", "rule")
    return Quote(
        spans=spans,
        speaker_entity=row["slug"],
        is_rule_text=bool(row["is_rule_text"]),
        **{name: row[name] for name in names},
    )


_AMONG = "quote_id in (select value from json_each(?))"
_SHOWN = "article_id not in (select article_id from removals where undone_at is null)"
_SPANS = f"""
    select fact_id, start_char, end_char, words, spans.role
    from quotes join spans on spans.article_id = quotes.article_id and fact_id = quotes.id
    where quotes.{_SHOWN} and {{which}}
    order by fact_id, spans.role != 'content', start_char, spans.role
"""
_QUOTES = f"""
    select quotes.*, slug from quotes left join entities on entities.id = speaker_entity_id
    where {_SHOWN} and {{which}}
    order by quotes.id
"""
_NEAR = """
    with rare as (
      select key from quote_keys where key in (select value from json_each(:keys))
      group by key having count(*) <= :common
    ), hits as (
      select id from quotes where article_id in (select value from json_each(:articles))
      union select quote_id from quote_keys where key in (select key from rare)
    ), groups as (
      select group_id from quote_repeats
      where quote_id in (select id from hits) or quote_id not in (select id from quotes)
    )
    select quotes.id from hits join quotes using (id)
    union select quote_id from quote_repeats where group_id in (select group_id from groups)
"""
