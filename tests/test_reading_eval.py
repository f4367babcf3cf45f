"""The reader against annotated pages of real publishers, where they are: nothing may fall below what it reached.

The text figures are far above what new pages will get, since the trees were trained on these pages: on publishers left
out (``tests/bench/train_reader.py --cv 5``) it is F1 0.964 with 38 % of the texts exactly right,
and 4.5 % of the pages under 0.8, half of these because their annotation stops early or is of another version.
"""

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import scoring

from crawler.pages import PageError

SETS = Path(__file__).parent.parent.parent / "shared" / "eval" / "articles"
pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not SETS.exists(), reason="the annotated pages are not on this machine"),
]
TEXT = {"sah": (0.982, 0.48), "naeb": (0.965, 0.435), "fundus80": (0.99, 0.5), "fundus_pub": (0.975, 0.55)}
FIELDS = {
    "naeb": {"title": 0.955, "date": 0.86, "authors": 0.925},
    "fundus_pub": {"title": 0.87, "date": 0.99, "authors": 0.898},
    "htmldate": {"date": 0.93},
}


def corpus() -> ModuleType:
    spec = importlib.util.spec_from_file_location("articles_corpus", SETS / "corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def answers(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    truth = json.loads((SETS / name / "truth.json").read_text("utf-8"))
    found = []
    for page, entry in sorted(truth.items()):
        html = gzip.decompress((SETS / name / "html" / f"{page}.html.gz").read_bytes()).decode("utf-8", "replace")
        try:
            found.append((entry, scoring.article(html, entry.get("url"))))
        except PageError:
            found.append((entry, {}))
    return found


@pytest.mark.parametrize("name", sorted(TEXT | FIELDS))
def test_reading_does_not_fall_back(name: str) -> None:
    metrics, read = corpus(), answers(name)
    if name in TEXT:
        scores = metrics.text_scores((entry["text"], got["text"]) for entry, got in read if entry.get("text"))
        assert (scores["f1"], scores["exact"]) >= (TEXT[name][0], 0)
        assert scores["exact"] >= TEXT[name][1]
    for field, floor in FIELDS.get(name, {}).items():
        scores = metrics.field_scores(field, [(entry.get(field), got.get(field)) for entry, got in read])
        assert scores["exact"] >= floor, field
