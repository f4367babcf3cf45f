"""A published file in the formats that others read: CSV, JSON lines, Parquet, and the papers that go with them."""

import csv
import json
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from sqlite_utils import Database

from data.rows import Row
from data.schema import PUBLISHED, TABLE

_TYPES = {"integer": "integer", "real": "number", "text": "string"}
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""Beginnings of what spreadsheets calculate, some of them from full-width signs too, or skip on their way to it."""


def write_tables(db: Database, folder: Path) -> None:
    """Each table as CSV and JSON lines and, where pyarrow is installed, as Parquet."""
    for form in ("csv", "jsonl"):
        (folder / form).mkdir(mode=0o750)
    for table in PUBLISHED:
        _write_csv(db, table, folder / "csv" / f"{table}.csv")
        with (folder / "jsonl" / f"{table}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(db, table))
    if find_spec("pyarrow"):
        (folder / "parquet").mkdir(mode=0o750)
        for table in PUBLISHED:
            _write_parquet(db, table, folder / "parquet" / f"{table}.parquet")


def safe(row: Iterable[Any]) -> list[Any]:
    """Its cells, none of which a spreadsheet takes for a formula.

    >>> safe(["=1+1", -3, "plain"])
    ["'=1+1", -3, 'plain']
    >>> safe(["\\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "1＝1"])
    ["'\\n=1+1", "'＝1+1", "'＋1", "'－1", "'＠SUM(A1)", '1＝1']
    """
    return [f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value for value in row]


def _rows(db: Database, table: str) -> Iterator[Row]:
    yield from db.query(f"select * from {table} order by {PUBLISHED[table][0]}")


def _write_csv(db: Database, table: str, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = list(_column_types(db, table))
        writer.writerow(columns)
        writer.writerows(safe(row[name] for name in columns) for row in _rows(db, table))


def _write_parquet(db: Database, table: str, path: Path) -> None:
    from pyarrow import Table, field, float64, int64, schema, string  # an extra that most do without
    from pyarrow.parquet import write_table

    kinds = {"integer": int64(), "number": float64(), "string": string()}
    fields = schema([field(name, kinds[kind]) for name, kind in _column_types(db, table).items()])
    write_table(Table.from_pylist(list(_rows(db, table)), schema=fields), path, compression="zstd")


def _column_types(db: Database, table: str) -> dict[str, str]:
    """Of each column integer, number or string; a release issued again may be of an older version, with fewer."""
    there = db.table(table).columns_dict
    return {c.name: _TYPES[c.sql.split()[1]] for c in TABLE[table].columns if c.in_public and c.name in there}


def write_papers(db: Database, folder: Path, *, release: str, day: str, changes: list[str]) -> None:
    """Data package, dictionary, citation, changes and licence."""
    words = {(row["table_name"], row["column_name"]): row["description"] for row in db["dictionary"].rows}
    package = json.dumps(_package(db, release, day, words), ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(package + "\n", "utf-8")
    (folder / "DICTIONARY.md").write_text("\n".join(_dictionary(db, words)) + "\n", "utf-8")
    citation = yaml.safe_dump(_citation(release, day), sort_keys=False, allow_unicode=True)
    (folder / "CITATION.cff").write_text(citation, "utf-8")
    (folder / "CHANGES.md").write_text("\n".join([f"# {release}", "", *changes]) + "\n", "utf-8")
    (folder / "COVERAGE.md").write_text("\n".join(_coverage(db)) + "\n", "utf-8")
    (folder / "LICENCE.md").write_text(_LICENCE, "utf-8")


def _package(db: Database, release: str, day: str, words: dict[tuple[str, str | None], str]) -> dict[str, Any]:
    resources = [
        {
            "name": table.replace("_", "-"),
            "path": f"csv/{table}.csv",
            "description": words.get((table, None), ""),
            "schema": {
                "primaryKey": PUBLISHED[table][0],
                "fields": [
                    {"name": name, "type": kind, "description": words.get((table, name), "")}
                    for name, kind in _column_types(db, table).items()
                ],
            },
        }
        for table in PUBLISHED
    ]
    (build,) = next(iter(db.execute("select value from release where name = 'build'")))
    licences = [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]
    about = {"name": "blotter", "title": _TITLE, "version": release, "created": day, "build": build}
    return about | {"licenses": licences, "resources": resources}


def _dictionary(db: Database, words: dict[tuple[str, str | None], str]) -> Iterator[str]:
    yield "# Data dictionary"
    for table in PUBLISHED:
        yield f"\n## {table}\n\n{words.get((table, None), '')}\n"
        yield from (
            f"* `{name}` ({kind}): {words.get((table, name), '')}" for name, kind in _column_types(db, table).items()
        )


def _citation(release: str, day: str) -> dict[str, Any]:
    return {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite this release.",
        "title": _TITLE,
        "type": "dataset",
        "version": release,
        "date-released": day,
        "license": "CC-BY-4.0",
        "authors": [{"name": "The Blotter authors"}],
    }


def _coverage(db: Database) -> Iterator[str]:
    yield "# Coverage\n\nArticles by source and month of publication; what is not listed here was not read.\n"
    yield "| source | month | articles | on topic | other language | not open |\n|---|---|---|---|---|---|"
    for row in db.query("select * from coverage order by source_id, month"):
        numbers = " | ".join(str(row[name]) for name in ("articles", "relevant_articles", "other_language", "not_open"))
        yield f"| {row['source_id'] or 'added by hand'} | {row['month'] or 'unknown'} | {numbers} |"


_TITLE = "Blotter: reported violations of rules in AI policy news"
_LICENCE = """# Licence

The facts in these files are published under CC BY 4.0, https://creativecommons.org/licenses/by/4.0/.
The articles, and the words quoted from them, belong to their publishers.
Every violation is a claim that an article reports, not a verdict: read its source before you repeat it.
"""
