"""How the columns of tables and questions are headed."""

from functools import lru_cache

_HEADINGS = {
    "as_violator": "Claims against it",
    "as_rule_owner": "Claims over its rules",
    "as_speaker": "Quotes",
    "copy_of_id": "Copy of",
    "from_day": "Day, or first day",
    "one": "One report",
    "one_says": "Says",
    "other": "Another",
    "other_says": "Says",
    "first_on": "First report",
    "is_copy": "In a copy",
    "is_confirmed": "Checked by an editor",
    "is_reviewed": "Known to the editors",
    "is_rule_text": "Text of a rule",
    "last_on": "Newest report",
    "published_from": "Published",
    "published_month": "Month",
    "publisher": "Outlet",
    "reported_on": "Reported",
    "rule_owner": "Whose rule",
    "rule_owner_id": "Whose rule",
    "rule_type": "Kind of rule",
    "speaker_kind": "Speaker is",
    "violations": "Claims",
    "violation_id": "Entry",
    "quote_id": "Entry",
    "violator": "Accused",
    "violator_id": "Accused",
}
_ABBREVIATIONS = {"id": "ID", "url": "address", "sha256": "SHA-256", "n": "number"}


@lru_cache(maxsize=1000)
def heading(column: str) -> str:
    """The name of a column as a heading.

    >>> heading("rule_owner_id"), heading("reported_on")
    ('Whose rule', 'Reported')
    """
    if column in _HEADINGS:
        return _HEADINGS[column]
    name = column.removesuffix("_id") if column != "id" else column
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in name.split("_"))
    return text[:1].upper() + text[1:]
