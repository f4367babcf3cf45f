"""What `publish` works out once so that no page has to: counts, months, pairs, groups of quotes, coverage."""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from data.health import SOURCE_STATE
from data.schema import PUBLISHED

COUNTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PUBLISHED.keys() - {"row_counts", "release", "dictionary"}, ()),
    "violations": ("status", "rule_type", "sanction", "is_copy"),
    "incidents": ("status", "reports"),
    "entities": ("kind", "country", "is_reviewed"),
    "quotes": ("kind", "speaker_kind", "is_rule_text", "is_copy"),
    "articles": ("publisher", "published_month", "access"),
    "hops": ("kind", "name"),
    "sources": ("kind", "state", "country"),
    "mentions": ("kind", "method"),
    "relations": ("kind",),
    "violation_parties": ("role",),
    "spans": ("fact_type", "role"),
    "contradictions": ("field",),
}
"""Table → the columns whose values readers count rows by; how many rows have each combination stands in the file."""
COUNT_PLACES = ("one", "two", "three", "four")
"""The columns of ``row_counts`` that hold those values, in that order."""


def make_summaries(db: Database) -> None:
    """Fill every column and table that `publish` makes; ``work`` is attached for what is counted but not shown."""
    make_columns(db)
    for sql in (TARGETS.format(among=""), *_TOTALS, *SOURCES, COVERAGE, *_TABLES):
        db.execute(sql)


def make_columns(db: Database) -> None:
    """Fill the columns that follow from an article and its incidents alone; so they can be in a slice of a build."""
    for sql in _COLUMNS:
        db.execute(sql)


def count_rows(db: Database) -> None:
    """Fill ``row_counts`` from what stands in all other tables."""
    for table, columns in sorted(COUNTED.items()):
        grouped = f" group by {', '.join(columns)}" if columns else ""
        db.execute(_COUNT_ROWS.format(
            id=_count_id(table, columns), table=table, columns=_count_columns(columns),
            counted=f"(select {', '.join([*columns, 'count(*) as n'])} from {table}{grouped})", more="order by 1",
        ))  # fmt: skip


def count_on(db: Database, more: Mapping[tuple[object, ...], int]) -> None:
    """Bring ``row_counts`` up to date: by table and the values counted by, how many more rows there are."""
    db.execute("create temp table counted (table_name, one, two, three, four, n)")
    rows = [(*key, *[None] * (len(COUNT_PLACES) + 1 - len(key)), n) for key, n in more.items() if n]
    db.conn.executemany("insert into temp.counted values (?, ?, ?, ?, ?, ?)", rows)
    for table, columns in sorted(COUNTED.items()):
        named = ", ".join(["n", *(f"{place} as {c}" for place, c in zip(COUNT_PLACES, columns, strict=False))])
        db.execute(_COUNT_ROWS.format(
            id=_count_id(table, columns), table=table, columns=_count_columns(columns),
            counted=f"(select {named} from temp.counted where table_name = '{table}')",
            more="where true on conflict (id) do update set rows = rows + excluded.rows",
        ))  # fmt: skip
        if columns:
            db.execute("delete from row_counts where rows = 0 and table_name = ?", [table])


def count_of(db: Database, table: str) -> int:
    """How many rows a counted table has, without counting them."""
    sql = "select coalesce(sum(rows), 0) from row_counts where table_name = ?"
    return int(db.execute(sql, [table]).fetchone()[0])


def _count_id(table: str, columns: Sequence[str]) -> str:
    quoted = ", ".join(f"quote({column})" for column in columns) or "''"  # an empty cell is not the word for one
    return f"stable_id('row_count', '{table}', {quoted})"


def _count_columns(columns: Sequence[str]) -> str:
    return ", ".join([*columns, *["null"] * (len(COUNT_PLACES) - len(columns))])


_COUNT_ROWS = f"""
    insert into row_counts (id, table_name, {", ".join(COUNT_PLACES)}, rows)
    select {{id}}, '{{table}}', {{columns}}, n from {{counted}} {{more}}
"""


_PARTY_COLUMNS = tuple(
    f"""
    update violations set ({name}, {name}_id) = (
      select coalesce(entities.name, violation_parties.name), entity_id
      from violation_parties left join entities on entities.id = entity_id
      where violation_id = violations.id and role = '{name}' and n = 0
    )
    """
    for name in ("violator", "rule_owner", "enforcer", "claimant")
)
_FACT_COLUMNS = tuple(
    f"""
    update {table} set (reported_on, is_copy, rowid) = (
      select published_from, copy_of_id is not null, time_rank(published_from, {table}.id)
      from articles where articles.id = article_id
    )
    """
    for table in ("quotes", "violations")
)
_COLUMNS = (
    *_PARTY_COLUMNS,
    # Those that an editor gave another date; of the others the date has not changed since they were taken over.
    "update articles set rowid = time_rank(published_from, id) where published_basis = 'correction'",
    """
    update article_text set rowid = time_rank(published_from, article_id)
    from articles where articles.id = article_id and published_basis = 'correction'
    """,
    *_FACT_COLUMNS,
    """
    update violations set incident_id = (
      select min(incident_id) from incident_violations where violation_id = violations.id
    )
    """,
    """
    update contradictions set (violator, violator_id, rule_type) = (
      select violator, violator_id, rule_type from violations where violations.id = violation_id
    )
    """,
    """
    insert into incident_articles (id, incident_id, article_id, n, joined_by)
    select stable_id('incident_article', incident_id, articles.id), incident_id, articles.id,
      1000 + row_number() over (partition by incident_id order by articles.published_from, articles.id), 'copy'
    from incident_articles join articles on copy_of_id = article_id
    order by 1
    """,
    """
    update articles set copies = n
    from (select copy_of_id as original, count(*) as n from article_copies group by 1) where original = articles.id
    """,
    """
    update articles set quotes = n
    from (select article_id, count(*) as n from quotes group by 1) found where found.article_id = articles.id
    """,
    """
    update articles set violations = n
    from (select article_id, count(*) as n from violations group by 1) found where found.article_id = articles.id
    """,
    """
    update incidents set articles = found.articles, reports = found.reports, first_on = earliest, last_on = latest
    from (
      select incident_id, count(*) as articles, sum(copy_of_id is null) as reports, min(published_from) as earliest,
        max(coalesce(published_to, published_from)) as latest
      from incident_articles join articles on articles.id = article_id group by incident_id
    ) found where found.incident_id = incidents.id
    """,
    """
    update incidents set violations = n
    from (select incident_id, count(*) as n from incident_violations group by 1) found
    where found.incident_id = incidents.id
    """,
    "update incidents set rowid = time_rank(last_on, id)",
)
# ``{among}`` is "and …", or nothing where all is made.
TARGETS = """
    update hops set target_id = (select id from articles where articles.url = hops.url and articles.id != article_id)
    where true {among}
"""
# An entity's counts leave copies out: forty copies of one report are one report.
NAMED = """
    select entity_id, article_id, published_from, published_month, count(*) as mentions
    from mentions join articles on articles.id = article_id
    where entity_id is not null and copy_of_id is null {among} group by entity_id, article_id
"""
PARTS = """
    select distinct entity_id, role, violation_id, published_month
    from violation_parties
      join violations on violations.id = violation_id
      join articles on articles.id = violations.article_id
    where entity_id is not null and copy_of_id is null {among}
"""
SPEAKERS = """
    select speaker_entity_id as entity_id, id from quotes where not is_copy {among}
    union select affiliation_entity_id, id from quotes where not is_copy {among}
"""
_TOTALS = (
    f"create temp table named as {NAMED.format(among='')}",
    "create index temp.named_article on named (article_id)",
    f"create temp table parts as {PARTS.format(among='')}",
    """
    update entities set mentions = found.mentions, articles = found.articles, first_seen = earliest, last_seen = latest
    from (
      select entity_id, sum(mentions) as mentions, count(*) as articles, min(published_from) as earliest,
        max(published_from) as latest
      from named group by entity_id
    ) found where found.entity_id = entities.id
    """,
    """
    update entities set as_violator = broke, as_rule_owner = owned
    from (
      select entity_id, sum(role = 'violator') as broke, sum(role = 'rule_owner') as owned from parts group by entity_id
    ) found where found.entity_id = entities.id
    """,
    f"""
    update entities set as_speaker = n
    from (select entity_id, count(*) as n from ({SPEAKERS.format(among="")}) group by entity_id) found
    where found.entity_id = entities.id
    """,
)
SOURCES = (
    f"""
    update sources set state = (
      select {SOURCE_STATE} from work.jobs where kind = 'poll' and source_id = sources.id
    )
    """,
    """
    update sources set (articles, last_new_at) = (n, latest)
    from (
      select source_id, count(*) as n, max(first_seen_at) as latest from work.articles
      where source_id is not null group by source_id
    ) found where source_id = sources.id
    """,
    """
    update sources set relevant_articles = n
    from (select source_id, count(*) as n from articles where source_id is not null group by source_id) found
    where source_id = sources.id
    """,
    """
    update sources set failures = n
    from (
      select source_id, count(distinct url) as n from work.failures
      where source_id is not null and stage != 'link' group by source_id
    ) found where source_id = sources.id
    """,
)
QUOTE_GROUPS = (
    """
    update quotes set (group_id, wording) = (
      select group_id, wording from work.quote_repeats where quote_id = quotes.id
    )
    where id in (select quote_id from work.quote_repeats where true {among})
    """,
    # What is left of a group after removals and corrections may be one quote: no repetition.
    """
    update quotes set (group_id, wording) = (null, null)
    where group_id in (
      select group_id from quotes where group_id is not null {among} group by group_id having count(*) = 1
    )
    """,
    """
    insert into quote_groups (id, content, speaker, quotes, articles, wordings, first_on)
    select group_id, max(longest), max(speaker), count(*), count(distinct article_id), count(distinct content),
      min(reported_on)
    from (
      select group_id, speaker, article_id, content, reported_on,
        first_value(content) over (partition by group_id order by length(content) desc, id) as longest
      from quotes where group_id is not null {among}
    )
    group by group_id order by group_id
    """,
)
COVERAGE = """
    insert into coverage
    select stable_id('coverage', coalesce(source_id, ''), coalesce(published_month, '')), source_id, published_month,
      count(*), sum(is_relevant is 1),
      sum(language is not null and language != 'en'), sum(access != 'open')
    from work.articles where id not in (select id from hidden) group by source_id, published_month order by 1
"""
MONTHS = """
    select month, sum(articles) as articles, sum(violations) as violations, sum(quotes) as quotes,
      sum(incidents) as incidents
    from (
      select published_month as month, count(*) as articles, sum(violations) as violations, sum(quotes) as quotes,
        0 as incidents
      from articles where copy_of_id is null and published_month is not null {articles} group by 1
      union all
      select substr(first_on, 1, 7), 0, 0, 0, count(*) from incidents where first_on is not null {incidents} group by 1
    ) group by month order by month
"""
RULE_BREAKS = """
    insert into rule_breaks
    select stable_id('rule_break', violator_id, coalesce(rule_owner_id, ''), rule_type), violator_id, rule_owner_id,
      rule_type, count(*), count(distinct incident_id), count(distinct article_id), max(reported_on)
    from violations where violator_id is not null and not is_copy {among}
    group by violator_id, rule_owner_id, rule_type order by 1
"""
# Of an incident that went into another, the other; of one that is not shown, none.
REMOVED_REPORTS = """
    update removals set incident_id = (
      select incidents.id from work.removals w
        left join incident_merges m on m.id = w.of_incident
        join incidents on incidents.id = coalesce(m.into_id, w.of_incident)
      where w.id = removals.id
    )
"""
PAIRS_KEPT = 30
"""Of an entity, those it is named with most often."""
_TABLES = (
    *(sql.format(among="") for sql in QUOTE_GROUPS),
    f"insert into months {MONTHS.format(articles='', incidents='')}",
    """
    insert into entity_months
    select stable_id('entity_month', entity_id, month), entity_id, month, articles, mentions, coalesce(n, 0)
    from (
        select entity_id, published_month as month, count(*) as articles, sum(mentions) as mentions
        from named where published_month is not null group by 1, 2
      )
      left join (
        select entity_id, published_month as month, count(*) as n from parts where role = 'violator' group by 1, 2
      ) using (entity_id, month)
    order by 1
    """,
    """
    create temp table pairs as
    select one.entity_id as entity_id, two.entity_id as other_id, count(*) as articles
    from named one join named two on one.article_id = two.article_id and one.entity_id != two.entity_id
    group by one.entity_id, two.entity_id
    """,
    f"""
    insert into entity_pairs
    select stable_id('pair', entity_id, other_id), entity_id, other_id, articles from (
      select *, row_number() over (partition by entity_id order by articles desc, other_id) as place from pairs
    ) where place <= {PAIRS_KEPT} order by 1
    """,
    RULE_BREAKS.format(among=""),
    REMOVED_REPORTS,
)
