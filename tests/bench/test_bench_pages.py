"""What reading a page costs, text and every field, beside the best reader of text alone, and beside whole readers."""

import gzip
import importlib.util
import json

import pytest
from commands import SHARED
from figures import Bench, paired

from crawler.pages import PageError
from crawler.pages.generic import read_page

SETS = ("sah", "naeb")
PAGES = 60
pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not (SHARED / "eval").exists(), reason="the evaluation pages are not here"),
]


@pytest.fixture(scope="module")
def pages() -> list[tuple[str, str]]:
    """Markup and address of real pages."""
    found = []
    for name in SETS:
        folder = SHARED / "eval" / "articles" / name
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        for id in sorted(truth)[:PAGES]:
            markup = gzip.decompress((folder / "html" / f"{id}.html.gz").read_bytes()).decode("utf-8", "replace")
            found.append((markup, truth[id].get("url") or "https://outlet.example/story"))
    return found


def _read_all(pages: list[tuple[str, str]]) -> None:
    for markup, url in pages:
        try:
            read_page(markup, url, fetched=None)
        except PageError:
            continue


def test_a_page_with_all_its_fields_costs_no_more_than_its_text_alone_costs_trafilatura(bench: Bench, pages):
    import trafilatura

    def text_alone() -> None:
        for markup, url in pages:
            trafilatura.extract(markup, url=url, include_comments=False, favor_precision=True)

    bench.at_least(
        "pages a second / trafilatura precision, text alone", 1 / paired(lambda: _read_all(pages), text_alone), 1
    )


@pytest.mark.skipif(importlib.util.find_spec("newspaper") is None, reason="newspaper4k is not installed")
def test_a_page_is_read_faster_than_newspaper4k_reads_it(bench: Bench, pages):
    import newspaper

    def read_all() -> None:
        for markup, url in pages:
            article = newspaper.Article(url, fetch_images=False, language="en")
            article.download(input_html=markup)
            article.parse()

    bench.at_least("pages a second / newspaper4k", 1 / paired(lambda: _read_all(pages), read_all), 1)
