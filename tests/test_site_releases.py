"""Releases on the site: a page of each, every file whole or in part, and nothing else of the disk."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from served import OPENER, served
from site_client import Site
from site_database import site_home

from data.home import Home
from data.releases import release, withdraw


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = site_home(tmp_path_factory.mktemp("releases"))
    release(home, on=date(2026, 3, 2))
    return home


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Site]:
    opened = Site(home.public_db)
    yield opened
    opened.close()


def test_the_list_leads_to_each(site):
    assert 'href="/releases/2026-03-02.1"' in site.get("/releases").text


@pytest.mark.parametrize("name", ["2026-03-02.1", "latest"])
def test_a_release_says_what_is_in_it_and_how_to_check_and_cite_it(site, name):
    words = site.get(f"/releases/{name}").words
    for said in ("The first release.", "sha256sum --check", "release 2026-03-02.1", "CC BY 4.0", "DICTIONARY.md"):
        assert said in words


def test_every_file_is_served_as_its_sum_says(site, home):
    for line in (home.releases / "latest" / "SHA256SUMS").read_text().splitlines():
        sha256, _, name = line.partition("  ")
        answer = site.raw(f"/releases/2026-03-02.1/{name}")
        assert hashlib.sha256(answer.content).hexdigest() == sha256, name
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_download_goes_on_where_it_broke_off(site, home):
    whole = (home.releases / "latest" / "blotter.db").read_bytes()
    part = site.raw("/releases/latest/blotter.db", headers={"range": "bytes=1000-"})
    assert (part.status_code, part.content) == (206, whole[1000:])
    assert part.headers["content-range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"
    assert site.raw("/releases/latest/blotter.db", headers={"range": f"bytes={len(whole)}-"}).status_code == 416


@pytest.mark.parametrize(
    "path", ["../work.db", "%2e%2e/work.db", "latest/../../work.db", "2026-03-02.1", "2020-01-01.1/x"]
)
def test_nothing_else_of_the_disk_is_served(site, path):
    answer = site.raw(f"/releases/{path}")
    assert not answer.content.startswith(b"SQLite format 3")


def test_one_that_was_withdrawn_says_so(tmp_path: Path):
    home = site_home(tmp_path)
    withdraw(home, release(home, on=date(2026, 3, 2)), told="Withdrawn: an article was purged.")
    site = Site(home.public_db)
    page = site.get("/releases/2026-03-02.1")
    assert page.status == 404
    assert "an article was purged" in page.words
    assert "No release has been made yet" in site.get("/releases").words
    site.close()


def test_a_release_made_later_is_there_without_a_restart(tmp_path: Path):
    home = site_home(tmp_path)
    with served(home.public_db) as root:
        release(home, on=date(2026, 3, 3))
        with OPENER.open(f"{root}/releases/latest/SHA256SUMS", timeout=20) as answer:
            assert b"blotter.db" in answer.read()
