"""metadata.yml: the words for every table and column, where the site and the data dictionary find them."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import yaml

from data.ids import stable_id
from data.rows import Row

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C takes a tenth of the time
FIGURES_PATH = Path(__file__).parent / "figures.yml"
"""How well the extraction reads the project's own cases."""


def load_figures() -> list[Row]:
    """Those figures, a row a question."""
    found: list[Row] = yaml.load(FIGURES_PATH.read_text("utf-8"), _LOADER) if FIGURES_PATH.exists() else []
    return found


def metadata_path() -> Path:
    """The file, in the installed package or at the root of a checkout."""
    with as_file(files("data") / "metadata.yml") as installed:
        return installed if installed.exists() else installed.parent.parent / "metadata.yml"


def site_path(folder: str) -> Path:
    """A folder of what Datasette shows: templates, plugins, static."""
    with as_file(files("data") / "site" / folder) as path:
        return path


def load_metadata() -> dict[str, Any]:
    """What the file says."""
    found: dict[str, Any] = yaml.load(metadata_path().read_text("utf-8"), _LOADER)
    return found


def dictionary_rows(metadata: dict[str, Any]) -> list[Row]:
    """The data dictionary: one row a table, one a column."""
    tables = metadata.get("databases", {}).get("blotter", {}).get("tables", {})
    rows: list[Row] = []
    for table, words in tables.items():
        rows.append(_entry(table, None, words.get("description", "")))
        rows.extend(_entry(table, column, text) for column, text in words.get("columns", {}).items())
    return sorted(rows, key=lambda row: int(row["id"]))


def _entry(table: str, column: str | None, description: str) -> Row:
    return {
        "id": stable_id("dictionary", table, column or ""),
        "table_name": table,
        "column_name": column,
        "description": " ".join(description.split()),
    }
