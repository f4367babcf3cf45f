"""Real pages of the evaluation sets, where they are."""

import gzip
import json

import pytest
from commands import SHARED

ARTICLES = SHARED / "eval" / "articles"


def saved_pages(*sets: str, most: int | None = None) -> list[tuple[str, str]]:
    """Markup and address of the pages of some sets, the first so many of each; skips the test where there are none."""
    if not ARTICLES.exists():
        pytest.skip("the evaluation pages are not here")
    found = []
    for name in sets:
        truth = json.loads((ARTICLES / name / "truth.json").read_text("utf-8"))
        for id in sorted(truth)[:most]:
            markup = gzip.decompress((ARTICLES / name / "html" / f"{id}.html.gz").read_bytes()).decode(
                "utf-8", "replace"
            )
            found.append((markup, truth[id].get("url") or "https://outlet.example/story"))
    return found
