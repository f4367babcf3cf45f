"""Where things are: addresses within the site, below whatever path it is served."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from datasette.utils import tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette

DATABASE = "blotter"
_NAVIGATION: tuple[tuple[str, str | None, dict[str, str]], ...] = (
    ("Home", None, {}),
    ("Search", "search", {}),
    ("Violations", "violations", {"is_copy": "0"}),
    ("Incidents", "incidents", {}),
    ("Companies", "entities", {"kind": "company"}),
    ("Quotes", "quotes", {"is_copy": "0"}),
    ("Articles", "articles", {}),
    ("Questions", "", {}),
    ("About", "about", {}),
)
_PAGES = {"search", "about"}
_DIGITS = 18  # no more than SQLite takes for an integer


def number_in(words: str) -> int | None:
    """The number that part of an address is; ``None`` if it is none, or larger than any in a file of ours.

    >>> number_in("17"), number_in("²"), number_in("-1"), number_in("9" * 19)
    (17, None, None, None)
    """
    return int(words) if words.isascii() and words.isdecimal() and len(words) <= _DIGITS else None


class Addresses:
    """Addresses within the site, below whatever path it is served."""

    def __init__(self, datasette: "Datasette") -> None:
        self._root = str(datasette.setting("base_url"))

    @property
    def navigation(self) -> list[tuple[str, str]]:
        """Address and label of each entry of the main navigation."""
        return [(self._entry(place, args), label) for label, place, args in _NAVIGATION]

    def row(self, table: str, key: object) -> str:
        """That of a row's page."""
        plain = isinstance(key, int) or (isinstance(key, str) and number_in(key) is not None)
        return f"{self._root}{DATABASE}/{table}/{key if plain else tilde_encode(str(key))}"

    def table(self, table: str, **filters: object) -> str:
        """That of a table, filtered."""
        return self.path(f"{DATABASE}/{tilde_encode(table)}" + (f"?{urlencode(filters)}" if filters else ""))

    def path(self, path: str) -> str:
        """That of a path below the root."""
        return self._root + path

    def _entry(self, place: str | None, args: Mapping[str, str]) -> str:
        if place is None:
            return self.path("")
        if not place:
            return self.path(DATABASE)
        return self.path(place) if place in _PAGES else self.table(place, **args)
