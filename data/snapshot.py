"""From work.db into a new file: what may be seen, in the order of the ids, with no trace of the rest.

A text goes as far as its source's tier allows: ``full`` as it is, ``excerpt`` its beginning (so that offsets into it
still hold), ``facts`` not at all. Articles added by hand have no source and are excerpts. The words of every span stand
in the file whatever the tier, beside the SHA-256 of the whole text: who has the text can check each of them.

A person without a record and a public role has no row and no column: the name stands in the words of a fact alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from sqlite_utils import Database

from data.ids import stable_id, time_rank
from data.schema import TABLE, TABLES, Table

EXCERPT = 280
HAND_TIER = "excerpt"
_KEY = re.compile(
    r"(?:[a-z]+[_-]?)??(?:key|token|secret|signature|password)|auth|sig|pass|passwd|pwd|pw|user|login|sid|session",
    re.IGNORECASE,
)
"""Parameters of an address that hold a key."""


def excerpt(text: str) -> str:
    """The beginning of a text, up to the end of a word.

    >>> excerpt("One two three. " * 30)[-13:]
    'hree. One two'
    """
    if len(text) <= EXCERPT:
        return text
    return text[: text.rfind(" ", 0, EXCERPT + 1)] if " " in text[: EXCERPT + 1] else text[:EXCERPT]


def without_keys(url: str) -> str:
    """The address of a source without what lets in only those who pay for it.

    >>> without_keys("https://paper.example/feed?format=rss&api_key=9f2c&keywords=a+b")
    'https://paper.example/feed?format=rss&keywords=a+b'
    >>> without_keys("https://reader:word@paper.example/feed")
    'https://paper.example/feed'
    """
    parts = urlsplit(url)
    query = [part for part in parts.query.split("&") if not _KEY.fullmatch(part.partition("=")[0])]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="&".join(query)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a slice of a build holds: these articles and incidents as far as they are seen, whom they name, and these
    entities. It must hold whole whatever of it is asked for: an incident with its articles, a first with its copies."""

    articles: Iterable[int]
    incidents: Iterable[int]
    entities: Iterable[int]


def take(db: Database, *, private: bool, asked: Asked | None = None) -> None:
    """Fill the empty tables of ``db`` from the database attached to it as ``work``, with all or with a slice."""
    db.conn.create_function("excerpt", 1, excerpt, deterministic=True)
    db.conn.create_function("without_keys", 1, without_keys, deterministic=True)
    db.conn.create_function("stable_id", -1, stable_id, deterministic=True)
    db.conn.create_function("time_rank", 2, time_rank, deterministic=True)
    db.conn.create_function("tier", 1, lambda tier: "full" if private else tier or HAND_TIER, deterministic=True)
    for name, ids in _asked(asked).items():
        db.execute(f"create temp table {name} (id integer primary key)")
        db.conn.executemany(f"insert into {name} values (?)", [(number,) for number in ids])
    among = _AMONG if asked else dict.fromkeys(_AMONG, "")
    for name, sql in _SCOPES.items():
        db.execute(f"create temp table {name} (id integer primary key)")
        db.execute(f"insert or ignore into {name} {sql} {among.get(name, '')}")
    for table in TABLES:
        if table.copied_columns and not table.is_private:
            db.execute(_copy_sql(table))
    for sql in _REPAIRS:
        db.execute(sql)


def _asked(asked: Asked | None) -> dict[str, Iterable[int]]:
    if asked is None:
        return {}
    return {"asked_article": asked.articles, "asked_incident": asked.incidents, "asked_entity": asked.entities}


def _copy_sql(table: Table) -> str:
    columns = list(table.copied_columns)
    values = [_EXPRESSIONS.get((table.name, column), f"t.{column}") for column in columns]
    extra = _EXTRA.get(table.name, {})
    key = TABLE[table.name].columns[0].name
    return (
        f"insert into main.{table.name} ({', '.join([*columns, *extra])})"
        f" select {', '.join([*values, *extra.values()])} from work.{table.name} t {_WHERE.get(table.name, '')}"
        f" order by t.{key}"
    )


# Which articles, incidents and entities are seen at all; each step reads those before it. A `+` keeps SQLite from
# looking each mention up in each article.
_SCOPES = {
    "hidden": "select article_id from work.removals where undone_at is null",
    "seen_article": """
        select id from work.articles
        where (is_relevant or language != 'en') and id not in (select id from hidden)
    """,
    "seen_mention": """
        select id from work.mentions
        where article_id in (select id from seen_article) and (kind != 'person' or entity_id is not null)
    """,
    "seen_incident": """
        select incident_id from work.incident_articles where article_id in (select id from seen_article)
    """,
    "seen_entity": """
        with used as (
          select entity_id as id from work.mentions
            where article_id in (select id from seen_article) and +id in (select id from seen_mention)
          union select entity_id from work.violation_parties join work.violations v on v.id = violation_id
            where v.article_id in (select id from seen_article)
          union select rule_entity_id from work.violations where article_id in (select id from seen_article)
          union select speaker_entity_id from work.quotes where article_id in (select id from seen_article)
          union select affiliation_entity_id from work.quotes where article_id in (select id from seen_article)
          union select subject_entity_id from work.relations where article_id in (select id from seen_article)
          union select object_entity_id from work.relations where article_id in (select id from seen_article)
          union select id from work.entities where is_reviewed
        ), family as (
          select id from used where id is not null
          union select parent_id from work.entities join family using (id) where parent_id is not null
        )
        select id from family
    """,
}
_AMONG = {
    "seen_article": "and id in (select id from asked_article)",
    "seen_incident": "and incident_id in (select id from asked_incident)",
    "seen_entity": "union select id from asked_entity",
}
_OF_ARTICLE = "where t.article_id in (select id from seen_article)"
_OF_INCIDENT = "where t.incident_id in (select id from seen_incident)"
_WHERE = {
    "sources": "where t.is_active or t.id in (select source_id from work.articles)",
    "articles": "left join work.sources s on s.id = t.source_id where t.id in (select id from seen_article)",
    "article_text": """
        join work.articles a on a.id = t.article_id left join work.sources s on s.id = a.source_id
        where t.article_id in (select id from seen_article) and tier(s.text_tier) != 'facts' and a.word_count > 0
    """,
    "article_versions": """
        join work.articles a on a.id = t.article_id left join work.sources s on s.id = a.source_id
        where t.article_id in (select id from seen_article)
    """,
    "hops": _OF_ARTICLE,
    "article_copies": f"{_OF_ARTICLE} and t.copy_of_id in (select id from seen_article)",
    "entities": "where t.id in (select id from seen_entity)",
    "aliases": "where t.entity_id in (select id from seen_entity)",
    "mentions": f"{_OF_ARTICLE} and +t.id in (select id from seen_mention)",
    "relations": _OF_ARTICLE,
    "quotes": _OF_ARTICLE,
    "violations": _OF_ARTICLE,
    "violation_parties": """
        join work.violations v on v.id = t.violation_id where v.article_id in (select id from seen_article)
    """,
    "spans": f"{_OF_ARTICLE} and (t.fact_type != 'mention' or t.fact_id in (select id from seen_mention))",
    "incidents": "where t.id in (select id from seen_incident)",
    "incident_articles": f"{_OF_ARTICLE} and t.incident_id in (select id from seen_incident)",
    "incident_violations": """
        join work.violations v on v.id = t.violation_id
        where v.article_id in (select id from seen_article) and t.incident_id in (select id from seen_incident)
    """,
    "incident_status": _OF_INCIDENT,
    "contradictions": """
        join work.violations one on one.id = t.violation_id join work.violations other on other.id = t.other_id
        where one.article_id in (select id from seen_article) and other.article_id in (select id from seen_article)
          and t.incident_id in (select id from seen_incident)
    """,
    "incident_merges": "where t.into_id in (select id from seen_incident)",
    "removals": "where t.undone_at is null",
}
_EXPRESSIONS = {
    ("sources", "url"): "without_keys(t.url)",
    ("articles", "summary"): "iif(tier(s.text_tier) = 'facts', null, t.summary)",
    ("article_text", "text"): "iif(tier(s.text_tier) = 'full', t.text, excerpt(t.text))",
    ("quotes", "speaker"): """
        iif(t.speaker_kind = 'person' and t.speaker_entity_id is null and t.role is null and t.affiliation is null,
          null, t.speaker)
    """,
    ("article_versions", "text"): "iif(tier(s.text_tier) = 'full', t.text, null)",
}
_EXTRA = {
    "articles": {"text_tier": "tier(s.text_tier)", "rowid": "time_rank(t.published_from, t.id)"},
    "article_text": {"rowid": "time_rank(a.published_from, a.id)"},
}
# Ties to what is not seen are cut.
_REPAIRS = (
    "update articles set copy_of_id = null where copy_of_id not in (select id from articles)",
    """
    update incident_status set article_id = null, words = null
    where article_id is null or article_id not in (select id from articles)
    """,
)
