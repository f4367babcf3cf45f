"""The indexes of both databases and the full-text search of the published one, as data."""

import re

from sqlite_utils import Database

WORK_INDEXES = {
    "jobs": ("url, kind", "kind, host, due_at", "source_id", "reason, article_id"),
    "failures": ("url", "at"),
    "fetches": ("url", "at"),
    "articles": (
        "extracted_with",
        "text_sha256",
        "record_sha256",
        "copy_of_id",
        "published_from",
        "source_id, first_seen_at",
        "source_id, published_month, language, access, is_relevant",
    ),
    "article_versions": ("article_id, n",),
    "hops": ("article_id",),
    "origins": ("article_id",),
    "cuts": ("article_id",),
    "article_copies": ("article_id", "copy_of_id"),
    "entities": ("parent_id",),
    "aliases": ("entity_id",),
    "mentions": ("entity_slug",),
    "relations": ("article_id", "subject_slug", "object_slug"),
    "quotes": ("article_id", "speaker_slug"),
    "violations": ("article_id",),
    "violation_parties": ("violation_id", "entity_slug"),
    "incident_articles": ("incident_id", "article_id"),
    "incident_violations": ("incident_id", "violation_id"),
    "incident_status": ("incident_id, n",),
    "contradictions": ("incident_id", "violation_id", "other_id"),
    "removals": ("article_id", "url_sha256"),
    "removal_marks": ("sha256",),
}

PUBLIC_INDEXES = {
    "sources": ("articles desc, id",),
    "articles": (
        "published_from desc, id", "first_seen_at desc, id", "changed_at desc, id", "violations desc, id",
        "quotes desc, id", "copies desc, id", "source_id, published_from desc", "publisher, published_from desc",
        "published_month, published_from desc", "access, published_from desc", "language", "copy_of_id",
        "rowid, publisher, published_month, access",
    ),
    "article_text": ("rowid, article_id",),
    "article_versions": ("article_id, n", "seen_at desc, id"),
    "hops": ("article_id", "target_id", "name", "kind"),
    "article_copies": ("article_id", "copy_of_id"),
    "entities": (
        "parent_id", "kind, mentions desc", "kind, articles desc", "mentions desc, id", "articles desc, id",
        "as_violator desc, id", "as_rule_owner desc, id", "as_speaker desc, id", "first_seen desc, id",
        "last_seen desc, id", "country, articles desc", "is_reviewed, articles desc", "name",
    ),
    "aliases": ("entity_id", "alias"),
    "entity_merges": ("slug", "into_id"),
    "mentions": ("article_id", "entity_id, id, kind, method", "kind", "name", "method"),
    "relations": ("article_id", "subject_entity_id", "object_entity_id", "kind"),
    "quotes": (
        "article_id", "reported_on desc, id", "confidence desc, id", "speaker_entity_id, reported_on desc",
        "affiliation_entity_id, reported_on desc", "kind, reported_on desc", "speaker_kind, reported_on desc",
        "is_rule_text, reported_on desc", "group_id", "rowid, kind, speaker_kind, is_rule_text, is_copy",
    ),
    "quote_groups": ("articles desc, id", "first_on desc, id"),
    "violations": (
        "article_id", "reported_on desc, id", "confidence desc, id", "amount desc, id", "violator_id, reported_on desc",
        "rule_owner_id, reported_on desc", "status, reported_on desc", "rule_type, reported_on desc",
        "sanction, reported_on desc", "rule, reported_on desc", "enforcer_id", "claimant_id",
        "violator_id, rule_type, rule_owner_id", "rule_entity_id", "incident_id",
        "rowid, status, rule_type, sanction, is_copy",
    ),
    "violation_parties": ("violation_id", "entity_id, role", "role"),
    "spans": ("fact_id", "article_id, start_char", "fact_type, role"),
    "incidents": (
        "last_on desc, id", "first_on desc, id", "reports desc, id", "articles desc, id", "violations desc, id",
        "status, last_on desc", "rowid, status, reports",
    ),
    "incident_articles": ("incident_id, n", "article_id"),
    "incident_violations": ("incident_id", "violation_id"),
    "incident_status": ("incident_id, n", "article_id", "recorded_at desc, id"),
    "incident_merges": ("slug", "into_id"),
    "contradictions": ("incident_id", "violation_id", "other_id", "violator_id"),
    "incident_links": ("incident_id",),
    "corrections": ("target_id", "article_id", "decided_on desc, id"),
    "removals": ("removed_at desc, id", "incident_id"),
    "coverage": ("source_id, month", "month desc, id"),
    "entity_months": ("entity_id, month", "month"),
    "entity_pairs": ("entity_id, articles desc", "other_id"),
    "rule_breaks": (
        "violations desc, id", "violations desc, last_on desc, id", "violator_id", "rule_owner_id", "rule_type",
    ),
    "row_counts": ("table_name, one, two, three, four, rows",),
    "dictionary": ("table_name",),
}  # fmt: skip
"""Each column that a table can be sorted by has its own, with the key behind it; one that is counted by leads one in
the usual order: a page is then read from one place of one index. Where the search index is in the order of time, what
it finds is looked up by ``rowid`` with the facets behind it."""

FULL_TEXT = {
    "articles": ("title", "summary", "publisher", "authors"),
    "article_text": ("text",),
    "entities": ("name", "description"),
    "aliases": ("alias",),
    "quotes": ("content", "speaker", "affiliation"),
    "violations": ("evidence", "violator", "rule", "rule_owner", "act"),
    "incidents": ("title",),
}
"""Table of blotter.db → columns that its search reads."""


def make_indexes(db: Database, indexes: dict[str, tuple[str, ...]]) -> None:
    """Make the indexes that are missing, named after what they hold."""
    for table, columns in indexes.items():
        for names in columns:
            name = f"{table}_{'_'.join(re.findall(r'[a-z0-9_]+', names))}"
            db.execute(f"create index if not exists {name} on {table} ({names})")
