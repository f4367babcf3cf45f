"""The site in headless Chromium: nothing runs, nothing spills, the keyboard reaches all, axe finds nothing.

The check with axe runs where ``BLOTTER_AXE`` names a copy of axe.min.js (``npm install axe-core``).
"""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browser import SIZES, Browser, chromium
from served import OPENER, served
from site_database import ATTACK, FINED, HOSTILE, INCIDENT, SUSPENDED, site_home

from data.releases import release
from data.site.editors import CORRECTIONS_URL

pytestmark = pytest.mark.browser
TAB = "\ue004"
NUMBER_WHAT_CAN_BE_REACHED = """
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
      .filter(e => e.type != 'hidden' && e.checkVisibility()).map((e, n) => e.dataset.n = String(n))
"""
AXE = """
    const done = arguments[arguments.length - 1];
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
    axe.run(document, {runOnly: {type: "tag", values: tags}})
      .then(r => done(r.violations.map(v => v.id + ": " + v.nodes[0].html)), e => done([String(e)]));
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server on the fixture's database."""
    home = site_home(tmp_path_factory.mktemp("browser"))
    release(home, on=date(2026, 3, 2))
    with pytest.MonkeyPatch.context() as operator:
        operator.setenv(CORRECTIONS_URL, "https://host.example/new?title={title}&body={entry}")
        with served(home.public_db) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(root: str) -> dict[str, str]:
    """Kind → address, one or more of each kind."""

    def first(table: str, where: str = "") -> str:
        with OPENER.open(f"{root}/blotter/{table}.json?_shape=array&_size=1&{where}", timeout=20) as answer:
            return f"/blotter/{table}/{json.load(answer)[0]['id']}"

    claim = first("violations")
    return {
        "home": "/", "search": "/search?q=Marrowgate", "nothing found": "/search?q=zeppelin", "about": "/about",
        "status": "/status", "correct": f"/correct?violation={claim.rpartition('/')[2]}", "questions": "/blotter",
        "not found": "/nothing", "sql": "/blotter?sql=select+1", "wrong sql": "/blotter?sql=select+from",
        "article": f"/blotter/articles/{SUSPENDED}", "cut article": f"/blotter/articles/{FINED}",
        "hostile article": f"/blotter/articles/{HOSTILE}", "incident": f"/blotter/incidents/{INCIDENT}",
        "claim": claim, "hostile claim": first("violations", f"article_id={HOSTILE}"),
        "quote": first("quotes", f"article_id={SUSPENDED}"), "hostile quote": first("quotes", f"article_id={HOSTILE}"),
        "company": first("entities", "slug=marrowgate-labs"), "law": first("entities", "kind=rule"),
        "source": "/blotter/sources/ledger", "hostile source": "/blotter/sources/evil", "mention": first("mentions"),
        "claims": "/blotter/violations", "all columns": "/blotter/violations?_all=1", "quotes": "/blotter/quotes",
        "filtered": "/blotter/violations?status=alleged&_search=terms", "articles": "/blotter/articles",
        "companies": "/blotter/entities?kind=company", "no rows": "/blotter/removals", "sources": "/blotter/sources",
        "releases": "/releases", "release": "/releases/latest", "no release": "/releases/2020-01-01.1",
        "searched": "/blotter/articles?_search=quillby&access=open", "incidents": "/blotter/incidents",
        "authority": first("entities", "kind=authority"),
        "contradictions": "/blotter/where_reports_differ", "who breaks": "/blotter/who_breaks_whose_rules",
        "timeline": "/blotter/company_timeline?company=Quillby+AI",
        "question": "/blotter/violations_by_company?company=Quillby", "empty question": "/blotter/quotes_by_person",
    }  # fmt: skip


def test_nothing_runs_and_nothing_is_missing(browser, root, pages):
    browser.console()
    for kind, path in pages.items():
        browser.open(root + path)
        assert browser.run("return document.title") != "broken", kind
        assert browser.run("return document.querySelectorAll('script, img, iframe, object, [onerror]').length") == 0, (
            kind
        )
        assert browser.run("return [...document.links].filter(a => !/^https?:/.test(a.href)).length") == 0, kind
        errors = [line for line in browser.console() if "the server responded with a status of 40" not in line]
        assert errors == [], kind


def test_hostile_words_are_read_as_words(browser, root, pages):
    browser.open(root + pages["hostile article"])
    assert ATTACK in browser.run("return document.querySelector('h1').textContent")


@pytest.mark.parametrize("size", sorted(SIZES))
def test_no_page_scrolls_sideways(browser, root, pages, size):
    browser.resize(*SIZES[size])
    wide = {}
    for kind, path in pages.items():
        browser.open(root + path)
        wide[kind] = browser.run("return document.documentElement.scrollWidth - window.innerWidth")
    assert {kind: over for kind, over in wide.items() if over > 0} == {}


def test_the_keyboard_reaches_all(browser, root, pages):
    """Tab walks through every link and field once, beginning with the way past the navigation, each with a ring."""
    browser.resize(*SIZES["wide"])
    for kind in ("home", "article", "incident", "claims", "search", "question"):
        browser.open(root + pages[kind])
        wanted = browser.run(NUMBER_WHAT_CAN_BE_REACHED)
        reached = []
        for _ in wanted:
            browser.press(TAB)
            reached.append(browser.run("return document.activeElement.dataset.n"))
            ring = browser.run("return getComputedStyle(document.activeElement).outlineStyle")
            assert ring not in ("none", ""), (kind, reached[-1])
        assert reached == wanted, kind


def test_the_marked_words_are_shown_at_their_address(browser, root, pages):
    browser.resize(*SIZES["wide"])
    browser.open(root + pages["claim"])
    address = browser.run("return document.querySelector('a.button').href")
    browser.open(address)
    marked = browser.run("return document.querySelector(':target').textContent")
    words = browser.run("return document.querySelector('blockquote.evidence p').textContent")
    assert words in marked
    assert 0 <= browser.run("return document.querySelector(':target').getBoundingClientRect().top") < 900


@pytest.mark.parametrize("size", sorted(SIZES))
def test_one_of_the_two_drawings_of_a_chart_is_seen_on_screen_on_paper_and_in_the_dark(browser, root, size):
    browser.resize(*SIZES[size])
    browser.open(root + "/")
    for switch in (lambda _: None, browser.print_media, browser.dark):
        switch(True)
        seen, bar, paper = browser.run("""
            const bar = document.querySelector('.chart rect'), drawn = document.querySelectorAll('.chart svg');
            return [[...drawn].filter(e => e.getBoundingClientRect().width > 0).length,
                    getComputedStyle(bar).fill, getComputedStyle(document.body).backgroundColor]""")
        switch(False)
        assert seen == 1
        assert bar != paper


def test_print_shows_the_text_without_the_tools(browser, root, pages):
    browser.open(root + pages["article"])
    browser.print_media(True)
    assert browser.run("return document.querySelector('nav').checkVisibility()") is False
    assert browser.run("return document.querySelector('.text').checkVisibility()") is True
    browser.print_media(False)


@pytest.mark.skipif("BLOTTER_AXE" not in os.environ, reason="BLOTTER_AXE does not name a copy of axe.min.js")
@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(browser, root, pages, size, dark):
    axe = Path(os.environ["BLOTTER_AXE"]).read_text("utf-8")
    browser.resize(*SIZES[size])
    browser.dark(dark)
    found = {}
    for kind, path in pages.items():
        browser.open(root + path)
        if wrong := browser.wait(f"{axe};{AXE}"):
            found[kind] = wrong
    browser.dark(False)
    assert found == {}
