"""How a cell of a stock table looks: numbers that point somewhere become links, codes become words."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from datasette.utils import to_css_class
from markupsafe import Markup

from data.site import words
from data.site.headings import heading
from data.site.layout import shown

_TABLE_OF = {
    "article_id": "articles",
    "copy_of_id": "articles",
    "target_id": "articles",
    "source_id": "sources",
    "incident_id": "incidents",
    "violation_id": "violations",
    "quote_id": "quotes",
    "entity_id": "entities",
    "violator_id": "entities",
    "rule_owner_id": "entities",
    "enforcer_id": "entities",
    "claimant_id": "entities",
    "speaker_entity_id": "entities",
    "affiliation_entity_id": "entities",
    "rule_entity_id": "entities",
    "subject_entity_id": "entities",
    "object_entity_id": "entities",
    "other_id": "entities",
    "parent_id": "entities",
    "into_id": "entities",
    "company_id": "entities",
    "person_id": "entities",
}
_LINK_WORDS = {
    "articles": "article", "sources": "source", "incidents": "incident", "violations": "claim", "quotes": "quote",
    "entities": "page",
}  # fmt: skip
_DAYS = {"reported_on", "published_from", "published_to", "first_on", "last_on", "first_seen", "last_seen",
         "decided_on", "from_day"}  # fmt: skip
_MOMENTS = {"seen_at", "recorded_at", "removed_at", "purged_at", "last_new_at", "fetched_at", "first_seen_at",
            "changed_at", "modified_at", "published_at"}  # fmt: skip


_LONGEST = 280
_BY_ARTICLE = Markup('<span class="quiet">according to the article</span>')
_NOT_STATED = Markup('<span class="quiet" title="not stated">–</span>')


def cell(value: object, column: str, table: str | None, url_of: Callable[[str, object], str]) -> Markup | None:
    """How a value is shown; ``None`` leaves it to Datasette. ``url_of`` gives the address of a table's row."""
    if isinstance(value, dict):
        return _labelled(value, column, url_of)
    if value is None or value == "":
        return _empty(column, table)
    if column in ("status", "status_now") and value in words.STATUS and table != "fetches":
        return status_badge(str(value))
    if column in _TABLE_OF and isinstance(value, int | str):
        target = _TABLE_OF[column]
        return _link(url_of(target, value), _LINK_WORDS[target])
    if column.endswith("url") and isinstance(value, str):
        return _address(value)
    if isinstance(value, str):
        return _words(value, column)
    return None


def _labelled(value: dict[str, object], column: str, url_of: Callable[[str, object], str]) -> Markup | None:
    """A row that is pointed to, by its label; Datasette would add the number."""
    if column not in _TABLE_OF:
        return None
    target = url_of(_TABLE_OF[column], value["value"])
    return _link(target, str(value["label"] or value["value"]))


def text(value: object) -> Markup:
    """A value as part of a page."""
    return Markup(shown(value))


@lru_cache(maxsize=100)
def status_badge(status: str) -> Markup:
    """The status of a claim as words in a frame; what they mean is its tooltip."""
    meaning = words.STATUS[status][1] if status in words.STATUS else ""
    label = shown(words.badge(status))
    return Markup(f'<span class="badge badge-{shown(status)}" title="{shown(meaning)}">{label}</span>')


def day(first: str | None, last: str | None) -> Markup:
    """A date that is no more exact than it is, on one line if it is short."""
    told = words.interval(first, last)
    return _unbroken(told) if len(told) < 20 else text(told)


def attributes(column: str, kind: str = "") -> Markup:
    """Those of a cell's element: its column and type for the style sheet, its heading for a narrow screen."""
    names = f"col-{to_css_class(column)}" + (f" type-{kind.lower()}" if kind else "")
    return Markup(f' class="{names}" data-label="{shown(heading(column))}"')


def line(cells: Iterable[tuple[Markup, Markup | str]]) -> Markup:
    """The cells of a row, each with its attributes, in one piece: a template takes three times as long over each."""
    return Markup("".join([f"<td{names}>{shown(value)}</td>" for names, value in cells]))


def cut(value: object) -> Markup:
    """A value as text, its beginning if it is long."""
    told = str(value)
    return text(told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…")


def _empty(column: str, table: str | None) -> Markup:
    return _BY_ARTICLE if table == "violations" and column == "claimant" else _NOT_STATED


def _address(value: str) -> Markup:
    """A link only if it leads to the web."""
    if words.outward(value) is None:
        return text(value)
    return Markup(f'<a href="{shown(value)}" rel="nofollow noopener">{shown(words.host(value))}</a>')


def _words(value: str, column: str) -> Markup | None:
    if column == "reported" or column in _DAYS:
        return _date(value)
    if column in _MOMENTS:
        return _unbroken(value.replace("T", " ").replace("Z", " UTC"))
    if column == "rule_type":
        return text(words.rule_type(value))
    if column == "kind" and value in words.QUOTE_KINDS:
        return text(words.QUOTE_KINDS[value])
    if column in ("sanction", "sanction_threatened", "response", "method", "subkind", "published_basis"):
        return text(words.plain(value))
    return None


def _date(value: str) -> Markup | None:
    """A day, a month, or two days as "DAY to DAY"; ``None`` for what a reader's own SQL calls a date and is none."""
    first, _, last = value.partition(" to ")
    try:
        told = words.month(value) if len(value) == 7 else words.interval(first, last or first)
    except (ValueError, IndexError):
        return None
    return _unbroken(told) if not last else text(told)


def _unbroken(told: str) -> Markup:
    return Markup(f'<span class="nowrap">{shown(told)}</span>')


def _link(url: str, label: str) -> Markup:
    """Put together by hand, for a page has hundreds: ``Markup.format`` takes ten times as long."""
    return Markup(f'<a href="{shown(url)}">{shown(label)}</a>')
