"""Quotes out of rows and their groups into rows."""

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from data.rows import Row, replace
from extract.facts import FiledQuote, Quote, QuoteGroup, Span


def filed_quotes(db: Database) -> Iterator[FiledQuote]:
    """Every quote of an article that is shown, with the spans it was found with."""
    spans: dict[int, list[Span]] = {}
    for fact_id, start, end, words, role in db.execute(_SPANS):
        spans.setdefault(fact_id, []).append(Span(start_char=start, end_char=end, words=words, role=role))
    for row in db.query(_QUOTES):
        yield FiledQuote(id=row["id"], article_id=row["article_id"], quote=_quote(row, tuple(spans[row["id"]])))


def keep_quote_groups(db: Database, groups: Iterable[QuoteGroup]) -> None:
    """Replace what was known of quotes that repeat each other."""
    rows: list[Row] = [
        {"quote_id": quote, "group_id": group.quote_ids[0], "wording": wording.relation}
        for group in groups
        for wording in group.wordings
        for quote in wording.quote_ids
    ]
    with db.atomic():
        replace(db, "quote_repeats", sorted(rows, key=lambda row: row["quote_id"]), "true", key="quote_id")


def _quote(row: Row, spans: tuple[Span, ...]) -> Quote:
    names = ("kind", "content", "cue", "speaker", "speaker_kind", "role", "affiliation", "via", "confidence", "rule")
    return Quote(
        spans=spans,
        speaker_entity=row["slug"],
        is_rule_text=bool(row["is_rule_text"]),
        **{name: row[name] for name in names},
    )


_SHOWN = "article_id not in (select article_id from removals where undone_at is null)"
_SPANS = f"""
    select fact_id, start_char, end_char, words, role from spans where fact_type = 'quote' and {_SHOWN}
    order by fact_id, role != 'content', start_char, role
"""
_QUOTES = f"""
    select quotes.*, slug from quotes left join entities on entities.id = speaker_entity_id where {_SHOWN}
    order by quotes.id
"""
