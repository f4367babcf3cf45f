"""What reading a page costs, text and every field, beside the best reader of text alone, and beside whole readers.

The other readers stand in an environment of their own, whose Python ``BLOTTER_PEERS`` names:
``python3 -m venv peers && peers/bin/pip install newspaper4k news-please lxml_html_clean``.
"""

import json
import os
import statistics
import subprocess
from pathlib import Path

import pytest
from commands import SHARED
from figures import Bench, cpu, paired
from read_as_peer import PEERS
from saved_pages import saved_pages

from crawler.pages import PageError
from crawler.pages.generic import read_page

PYTHON = os.environ.get("BLOTTER_PEERS")
pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not (SHARED / "eval").exists(), reason="the evaluation pages are not here"),
]


@pytest.fixture(scope="module")
def pages() -> list[tuple[str, str]]:
    """Markup and address of real pages."""
    return saved_pages("sah", "naeb", most=60)


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


@pytest.mark.skipif(PYTHON is None, reason="BLOTTER_PEERS names no Python with the other readers")
@pytest.mark.parametrize("peer", PEERS)
def test_a_page_is_read_faster_than_a_peer_reads_it(bench: Bench, pages, peer: str, tmp_path: Path):
    file = tmp_path / "pages.json"
    file.write_text(json.dumps(pages), "utf-8")
    program = Path(__file__).with_name("read_as_peer.py")

    def of_peer() -> float:
        ran = subprocess.run([PYTHON, program, peer, file], capture_output=True, text=True, check=True)
        return float(ran.stdout.splitlines()[-1])

    ratio = statistics.median(of_peer() / cpu(lambda: _read_all(pages)) for _ in range(3))
    bench.at_least(f"pages a second / {peer}", ratio, 1)
