"""The feeds against RFC 4287, and as a feed reader sees them from build to build."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from site_client import Site
from site_database import INCIDENT, SETTLED, site_home
from sqlite_utils import Database

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = [
    "/feeds/violations.atom", "/feeds/entities/marrowgate-labs.atom", "/feeds/incidents/quillby-terms-501.atom",
    "/feeds/questions/violations_by_company.atom?company=Quillby", "/feeds/entities/vdpa.atom",
    "/feeds/questions/quotes_by_person.atom?person=Varnholt", "/feeds/questions/violations_by_company.atom",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(site_home(tmp_path_factory.mktemp("feeds")).public_db)
    yield served
    served.close()


def feed(site: Site, path: str) -> ElementTree.Element:
    page = site.get(path)
    assert page.status == 200
    assert page.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(page.text)


def entries(root: ElementTree.Element) -> dict[str, str]:
    """Id → when it changed."""
    return {text(entry, "id"): text(entry, "updated") for entry in root.findall(f"{ATOM}entry")}


def text(element: ElementTree.Element, name: str) -> str:
    (found,) = element.findall(f"{ATOM}{name}")
    return found.text or ""


@pytest.mark.parametrize("path", FEEDS)
def test_feed_has_what_the_standard_asks_for(site, path):
    root = feed(site, path)
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert text(element, "id").startswith("urn:uuid:")
        assert text(element, "title")
        assert datetime.fromisoformat(text(element, "updated")).tzinfo
    links = {(link.get("rel"), link.get("type")) for link in root.findall(f"{ATOM}link")}
    assert links == {("self", "application/atom+xml"), ("alternate", "text/html")}
    assert text(root.find(f"{ATOM}author"), "name")
    for entry in root.findall(f"{ATOM}entry"):
        (address,) = (link.get("href") for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate")
        assert site.get(address.removeprefix("http://localhost")).status == 200
        assert all(link.get("href").startswith(("http://", "https://")) for link in entry.findall(f"{ATOM}link"))
        assert text(entry, "summary")


def test_entries_stand_once_the_newest_change_first(site):
    root = feed(site, "/feeds/violations.atom")
    found = [(text(entry, "id"), text(entry, "updated")) for entry in root.findall(f"{ATOM}entry")]
    assert len({number for number, _ in found}) == len(found) == 5
    assert [updated for _, updated in found] == sorted((updated for _, updated in found), reverse=True)
    assert text(root, "updated") == found[0][1]


def test_titles_are_claims(site):
    for entry in feed(site, "/feeds/violations.atom").findall(f"{ATOM}entry"):
        assert ", according to " in text(entry, "title")


def test_an_incident_is_an_entry_among_its_claims(site):
    root = feed(site, "/feeds/incidents/quillby-terms-501.atom")
    assert len(entries(root)) == 4
    assert any(f"/incidents/{INCIDENT}" in (link.get("href") or "") for link in root.iter(f"{ATOM}link"))


def test_what_does_not_exist_has_no_feed(site):
    for path in ("/feeds/entities/nobody.atom", "/feeds/questions/nothing.atom", "/feeds/questions/removals_log.atom"):
        assert site.get(path).status == 404


def test_a_changed_claim_keeps_its_name_and_gets_a_date(tmp_path: Path):
    file = site_home(tmp_path).public_db
    before = Site(file)
    old = entries(feed(before, "/feeds/violations.atom"))
    before.close()
    later = "2025-07-01T00:00:00Z"
    with Database(file) as db:
        db.execute("update articles set changed_at = ? where id = ?", [later, SETTLED])
    after = Site(file)
    new = entries(feed(after, "/feeds/violations.atom"))
    after.close()
    assert new.keys() == old.keys()
    assert [number for number in new if new[number] != old[number]] == [n for n, at in new.items() if at == later]


def test_a_feed_reader_reads_it(site):
    for path in FEEDS:
        read = feedparser.parse(site.get(path).text.encode())
        assert not read.bozo
        assert len(read.entries) == len(entries(feed(site, path)))
