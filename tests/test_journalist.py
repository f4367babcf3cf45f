"""The journalist's journey in a browser, on the demo and on the sample: from a search to a quote to be printed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

import feedparser
import pytest
from browser import SIZES, Browser, chromium
from commands import SHARED, blotter
from served import OPENER, served

pytestmark = pytest.mark.browser
SEED = SHARED / "seed" / "article.txt"
HEDGES = ("alleged", "reported", "under investigation", "could break", "deny")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A site, and the matter that is looked for on it."""

    root: str
    asked: str
    accused: str
    owner: str


def _sample(folder: Path) -> Path:
    for words in (("add", SEED, "--fetched", "2024-10-15"), ("extract", "--quiet"), ("publish",)):
        done: subprocess.CompletedProcess[str] = blotter(*words, home=folder / "home", cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder / "home" / "blotter.db"


@pytest.fixture(scope="module", params=["demo", "sample"])
def matter(
    request: pytest.FixtureRequest, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Matter]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "demo":
        file = Path(shutil.copytree(demo_home, folder / "home", symlinks=True)) / "blotter.db"
        asked, accused, owner = "Quillby suspended", "Quillby AI", "Marrowgate"
    elif SEED.exists():
        file = _sample(folder)
        asked, accused, owner = "ByteDance suspended", "ByteDance", "OpenAI"
    else:
        pytest.skip("the sample article is not here")
    with served(file) as root:
        yield Matter(root=root, asked=asked, accused=accused, owner=owner)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        opened.resize(*SIZES["wide"])
        yield opened


def _words(browser: Browser, selector: str = "main") -> str:
    found: str = browser.run("return document.querySelector(arguments[0]).innerText", selector)
    return found


def _follow(browser: Browser, selector: str) -> None:
    browser.open(browser.run("return document.querySelector(arguments[0]).href", selector))


def _claim(browser: Browser, matter: Matter) -> None:
    """Open a claim against the accused."""
    browser.open(f"{matter.root}/search?kind=violations&q={quote_plus(matter.accused)}")
    _follow(browser, "[data-violation] a[href*='/violations/']")


def test_the_home_page_says_what_this_is(browser, matter):
    browser.console()
    browser.open(matter.root)
    words = _words(browser, "body")
    for said in ("AI policy, as reported", "Check the source before you publish", "Last change", "CC BY 4.0"):
        assert said in words
    assert browser.run("return document.querySelectorAll('.counts a').length") >= 3
    assert browser.run("return performance.getEntriesByType('navigation')[0].duration") < 2000
    assert browser.console() == []


def test_the_incident_is_the_top_hit_and_stands_once(browser, matter):
    browser.open(f"{matter.root}/search?q={quote_plus(matter.asked)}")
    first = "main section li a"
    assert "/incidents/" in browser.run("return document.querySelector(arguments[0]).href", first)
    assert matter.accused in _words(browser, first)
    assert browser.run("return document.querySelectorAll('.snippet mark').length") > 0


def test_the_incident_is_hedged_and_leads_to_its_reports(browser, matter):
    browser.open(f"{matter.root}/search?q={quote_plus(matter.asked)}")
    _follow(browser, "main section li a")
    assert any(hedge in _words(browser, "h1").lower() for hedge in HEDGES)
    assert "according to" in _words(browser)
    _follow(browser, "main a[href*='/articles/']")
    assert browser.run("return document.querySelectorAll('.chain li').length") >= 1


def test_the_claim_says_who_whose_rule_and_when(browser, matter):
    _claim(browser, matter)
    head, words = _words(browser, "h1"), _words(browser)
    assert matter.accused in head
    assert matter.owner in words
    assert any(hedge in head.lower() for hedge in HEDGES)
    assert "according to" in words
    assert "20" in _words(browser, ".page-head")
    assert browser.run("return document.querySelectorAll('a.words').length") > 0


def test_the_evidence_is_marked_in_the_article(browser, matter):
    _claim(browser, matter)
    stored = " ".join(_words(browser, "blockquote.evidence p").split())
    _follow(browser, "a.button")
    labels = "for (const label of words.querySelectorAll('.vh')) label.remove()"  # for screen readers alone
    marked: str = browser.run(
        f"const words = document.querySelector(':target').cloneNode(true); {labels}; return words.textContent"
    )
    assert marked.strip()
    assert " ".join(marked.split()) in stored or stored in " ".join(marked.split())


def test_a_quote_has_its_speaker_and_no_paraphrase_passes_for_one(browser, matter):
    browser.open(f"{matter.root}/blotter/quotes.json?_shape=array&kind=direct&speaker__notblank=1")
    found = json.loads(_words(browser, "body"))[0]
    browser.open(f"{matter.root}/blotter/quotes/{found['id']}")
    words = _words(browser)
    assert " ".join(found["content"].split()) in " ".join(words.split())
    assert found["speaker"] in words
    browser.open(f"{matter.root}/blotter/articles/{found['article_id']}")
    unlabelled = "q => q.querySelector('.indirect') && !q.innerText.includes('paraphrase')"
    assert browser.run(f"return [...document.querySelectorAll('figure.quote')].filter({unlabelled}).length") == 0


def test_the_company_page_shows_what_else(browser, matter):
    browser.open(f"{matter.root}/search?kind=names&q={quote_plus(matter.accused)}")
    _follow(browser, "main section li a[href*='/entities/']")
    assert _words(browser, "h1") == matter.accused
    assert browser.run("return document.querySelectorAll('#accused [data-violation]').length") > 0
    browser.open(f"{matter.root}/blotter/violations")
    _follow(browser, ".facet a")
    assert browser.run("return document.querySelectorAll('tr[data-violation]').length") > 0


def test_the_feed_can_be_followed(browser, matter):
    browser.open(matter.root)
    address = browser.run("return document.querySelector('link[type=\"application/atom+xml\"]').href")
    with OPENER.open(address, timeout=20) as answer:
        feed = feedparser.parse(answer.read())
    assert not feed.bozo
    ids = [entry.id for entry in feed.entries]
    assert ids
    assert len(ids) == len(set(ids))


def test_a_mistake_can_be_reported(browser, matter):
    _claim(browser, matter)
    number = browser.run("return location.pathname.split('/').pop()")
    _follow(browser, "a[href*='/correct?violation=']")
    assert f"fact: {number}" in _words(browser)
