"""The sums of a build that goes on from the last one: kept right by what the rows that go and those that come add to
them; what several articles add to in another way is made again for the keys that were touched.
"""

from sqlite_utils import Database

from data.schema import PUBLISHED
from data.summaries import (
    COVERAGE,
    MONTHS,
    NAMED,
    PAIRS_KEPT,
    PARTS,
    QUOTE_GROUPS,
    REMOVED_REPORTS,
    RULE_BREAKS,
    SOURCES,
    SPEAKERS,
)  # fmt: skip

ARTICLES, INCIDENTS = "(select id from temp.gone_article)", "(select id from temp.gone_incident)"
"""Those that are replaced."""


def note(db: Database, when: str) -> None:
    """What the articles and incidents in question add to the sums, and the keys that they stand under.

    ``when`` is ``old`` before they are replaced and ``new`` after it.
    """
    for name, sql in _NOTED.items():
        db.execute(f"create temp table {name}_{when} as {sql}")


def bring_up_to_date(db: Database) -> None:
    """Make the sums those of the rows that are there now, of which both notes tell."""
    for sql in (*_SUMS, *_PAIR_SUMS, *_KEYS):
        db.execute(sql)


_AMONG = f"and articles.id in {ARTICLES}"
_NOTED = {
    "violations": f"""
        select id, violator_id, rule_owner_id, rule_type from main.violations where article_id in {ARTICLES}
    """,
    "named": NAMED.format(among=_AMONG),
    "parts": PARTS.format(among=_AMONG),
    "speakers": SPEAKERS.format(among=f"and article_id in {ARTICLES}"),
    "used": f"""
        select entity_id as id from mentions where article_id in {ARTICLES}
        union select entity_id from violation_parties join violations v on v.id = violation_id
          where v.article_id in {ARTICLES}
        union select rule_entity_id from violations where article_id in {ARTICLES}
        union select speaker_entity_id from quotes where article_id in {ARTICLES}
        union select affiliation_entity_id from quotes where article_id in {ARTICLES}
        union select subject_entity_id from relations where article_id in {ARTICLES}
        union select object_entity_id from relations where article_id in {ARTICLES}
    """,
    "months": MONTHS.format(articles=f"and id in {ARTICLES}", incidents=f"and id in {INCIDENTS}"),
    "groups": f"""
        select group_id as id from quotes where article_id in {ARTICLES} and group_id is not null
        union select r.group_id from work.quote_repeats r join quotes on quotes.id = quote_id
          where article_id in {ARTICLES}
    """,
}
_PAIRS = """
    select one.entity_id as entity_id, two.entity_id as other_id, {sign} as n
    from named_{when} one join named_{when} two on one.article_id = two.article_id and one.entity_id != two.entity_id
"""
_BOTH = "(select {key} from {name}_old union select {key} from {name}_new)"
_GROUPS_TOUCHED = _BOTH.format(key="id", name="groups")
_BREAKS_TOUCHED = _BOTH.format(key="violator_id, rule_owner_id, rule_type", name="violations")
_SAME_BREAK = "(b.violator_id, b.rule_type) = ({table}.violator_id, {table}.rule_type)"
_SAME_BREAK += " and {table}.rule_owner_id is b.rule_owner_id"
_SUMS = (
    """
    create temp table changes as
    select entity_id, sum(mentions) as mentions, sum(articles) as articles, sum(broke) as broke, sum(owned) as owned,
      sum(spoke) as spoke
    from (
      select entity_id, -mentions as mentions, -1 as articles, 0 as broke, 0 as owned, 0 as spoke from named_old
      union all select entity_id, mentions, 1, 0, 0, 0 from named_new
      union all select entity_id, 0, 0, -(role = 'violator'), -(role = 'rule_owner'), 0 from parts_old
      union all select entity_id, 0, 0, role = 'violator', role = 'rule_owner', 0 from parts_new
      union all select entity_id, 0, 0, 0, 0, -1 from speakers_old
      union all select entity_id, 0, 0, 0, 0, 1 from speakers_new
    ) where entity_id is not null group by entity_id
    """,
    """
    update entities set mentions = entities.mentions + c.mentions, articles = entities.articles + c.articles,
      as_violator = as_violator + broke, as_rule_owner = as_rule_owner + owned, as_speaker = as_speaker + spoke
    from changes c where c.entity_id = entities.id
    """,
    """
    update entities set first_seen = min(coalesce(first_seen, earliest), earliest),
      last_seen = max(coalesce(last_seen, latest), latest)
    from (
      select entity_id, min(published_from) as earliest, max(published_from) as latest
      from named_new where published_from is not null group by entity_id
    ) found where found.entity_id = entities.id
    """,
    # The first or last day that an entity was named on is gone: only its own articles tell the next.
    """
    update entities set (first_seen, last_seen) = (
      select min(published_from), max(published_from) from mentions join articles on articles.id = article_id
      where entity_id = entities.id and copy_of_id is null
    )
    where id in (
      select entity_id from (
        select entity_id, published_from from named_old except select entity_id, published_from from named_new
      ) join entities e on e.id = entity_id where published_from in (e.first_seen, e.last_seen)
    )
    """,
    f"""
    create temp table pair_changes as
    select entity_id, other_id, sum(n) as n from (
      {_PAIRS.format(sign=-1, when="old")} union all {_PAIRS.format(sign=1, when="new")}
    ) group by entity_id, other_id having sum(n) != 0
    """,
    """
    create temp table month_changes as
    select entity_id, month, sum(articles) as articles, sum(mentions) as mentions, sum(n) as n from (
      select entity_id, published_month as month, -1 as articles, -mentions as mentions, 0 as n from named_old
      union all select entity_id, published_month, 1, mentions, 0 from named_new
      union all select entity_id, published_month, 0, 0, -1 from parts_old where role = 'violator'
      union all select entity_id, published_month, 0, 0, 1 from parts_new where role = 'violator'
    ) where month is not null group by entity_id, month
    """,
    """
    update entity_months set articles = entity_months.articles + c.articles,
      mentions = entity_months.mentions + c.mentions, violations = violations + n
    from month_changes c where (c.entity_id, c.month) = (entity_months.entity_id, entity_months.month)
    """,
    "delete from entity_months where articles = 0 and entity_id in (select entity_id from month_changes)",
    """
    create temp table new_months as
    select entity_id, month, articles, mentions from month_changes c
    where articles > 0
      and not exists (select 1 from entity_months m where (m.entity_id, m.month) = (c.entity_id, c.month))
    """,
    # Of the articles of these months, for an entity may have been blamed for years.
    """
    insert into entity_months
    select stable_id('entity_month', entity_id, month), entity_id, month, articles, mentions, coalesce(n, 0)
    from new_months left join (
      select entity_id, published_month as month, count(distinct violation_id) as n
      from articles a
        join violations on violations.article_id = a.id
        join violation_parties p on p.violation_id = violations.id
      where role = 'violator' and copy_of_id is null and published_month in (select month from new_months)
      group by 1, 2
    ) using (entity_id, month)
    """,
)
_KEYS = (
    "delete from sources",
    """
    insert into sources ({sources}) select {sources} from slice.sources
    """.format(sources=", ".join(PUBLISHED["sources"])),
    *SOURCES,
    "delete from coverage",
    COVERAGE,
    """
    insert into months select month, sum(articles), sum(violations), sum(quotes), sum(incidents) from (
      select * from months_new
      union all select month, -articles, -violations, -quotes, -incidents from months_old
    ) where true group by month
    on conflict (month) do update set articles = months.articles + excluded.articles,
      violations = months.violations + excluded.violations, quotes = months.quotes + excluded.quotes,
      incidents = months.incidents + excluded.incidents
    """,
    "delete from months where articles = 0 and incidents = 0",
    f"delete from quote_groups where id in {_GROUPS_TOUCHED}",
    *(sql.format(among=f"and group_id in {_GROUPS_TOUCHED}") for sql in QUOTE_GROUPS),
    f"""
    delete from rule_breaks where id in (
      select r.id from {_BREAKS_TOUCHED} b join rule_breaks r on {_SAME_BREAK.format(table="r")}
    )
    """,
    RULE_BREAKS.format(
        among=f"""
      and id in (select v.id from {_BREAKS_TOUCHED} b join violations v on {_SAME_BREAK.format(table="v")})
    """
    ),
    REMOVED_REPORTS,
)
_PAIR_SUMS = (
    """
    insert into tallies.pairs select entity_id, other_id, n from pair_changes where true
    on conflict do update set articles = articles + excluded.articles
    """,
    "delete from tallies.pairs where articles = 0 and entity_id in (select entity_id from pair_changes)",
    "delete from entity_pairs where entity_id in (select entity_id from pair_changes)",
    f"""
    insert into entity_pairs
    select stable_id('pair', entity_id, other_id), entity_id, other_id, articles from (
      select *, row_number() over (partition by entity_id order by articles desc, other_id) as place
      from tallies.pairs where entity_id in (select entity_id from pair_changes)
    ) where place <= {PAIRS_KEPT} order by 1
    """,
)
