"""What the site shows: every page kind, every claim hedged, every fact on its words."""

import csv
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from site_client import Page, Site
from site_database import (
    ATTACK,
    COPY,
    FINED,
    FOREIGN,
    HERON,
    HOSTILE,
    INCIDENT,
    PATIENTS,
    SETTLED,
    SUSPENDED,
    site_home,
)  # fmt: skip

from data.corrections import load_corrections
from data.schema import PUBLISHED
from data.site.words import STATUS

TABLES = ("articles", "entities", "incidents", "violations", "quotes", "sources", "hops", "mentions", "spans")
PAGES = [
    "/", "/search", "/search?q=terms", "/about", "/status", "/correct", "/blotter", "/blotter?sql=select+1",
    "/blotter/violations_by_company?company=Quillby", "/blotter/where_reports_differ", "/blotter/company_timeline",
    *(f"/blotter/{table}" for table in TABLES), *(f"/blotter/{table}?_all=1" for table in TABLES),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(site_home(tmp_path_factory.mktemp("site")).public_db)
    yield served
    served.close()


def rows(site: Site, table: str, where: str = "") -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(site.get(f"/blotter/{table}.json?_shape=array&{where}").text)
    return found


def every_page(site: Site) -> dict[str, Page]:
    own = [f"/blotter/{table}/{row['id']}" for table in TABLES for row in rows(site, table)]
    paths = [*PAGES, *own]
    return dict(zip(paths, site.all(paths), strict=True))


def test_every_page_is_there_and_well_made(site):
    for path, page in every_page(site).items():
        assert page.status == 200, path
        assert page.text.count("<h1") == 1, path
        assert '<html lang="en">' in page.text, path
        assert 'id="main"' in page.text, path
        assert "<script" not in page.text, path
        assert " style=" not in page.text, path
        assert not re.search(r"\son\w+=", re.sub(r"&[#\w]+;", "", re.sub(r'"[^"]*"|>[^<]*<', "", page.text))), path


def test_nothing_comes_from_elsewhere(site):
    for path, page in every_page(site).items():
        loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|img|script)[^>]*?(?:href|src)="([^"]+)"', page.text)
        assert all(url.startswith("/") for url in loaded), path


def check_claims(site: Site) -> None:
    """Each claim of the database is shown, and wherever it is, with its status and with who says so."""
    claims = {str(row["id"]): row for row in rows(site, "violations")}
    seen = set()
    for path, page in every_page(site).items():
        for number, words in page.elements("data-violation").items():
            seen.add(number)
            assert STATUS[str(claims[number]["status"])][0] in words, (path, number)
            assert "according to " in words, (path, number)
    assert seen == claims.keys()


def test_every_claim_stands_with_its_status_and_its_claimant(site):
    check_claims(site)


def check_headlines(site: Site) -> None:
    """The headline of each claim hedges."""
    hedges = ("alleged", "reported", "could be")
    for row in rows(site, "violations"):
        (head,) = re.findall(r"<h1>(.*?)</h1>", site.get(f"/blotter/violations/{row['id']}").text, re.S)
        assert any(hedge in head for hedge in hedges), head


def test_headlines_of_claims_never_assert(site):
    check_headlines(site)


def test_nothing_in_the_demo_asserts_guilt(demo_home):
    """On what the demo finds in its invented news, read by the real pipeline."""
    site = Site(demo_home / "blotter.db")
    check_claims(site)
    check_headlines(site)
    site.close()


def test_a_denial_never_reads_as_what_it_denies(demo_home):
    """On the page of the quote, in its title and citation, in the article, the search, the questions and the feed."""
    site = Site(demo_home / "blotter.db")
    (denial,) = rows(site, "quotes", "cue=denied")
    words, speaker, article = denial["content"], denial["speaker"], denial["article_id"]
    page = site.get(f"/blotter/quotes/{denial['id']}")
    assert f"{speaker} (“denied”): {words}" in re.sub(r"\s+", " ", unescape(page.text.partition("</title>")[0]))
    for shown in (page, site.get(f"/blotter/articles/{article}"), site.get(f"/search?kind=quotes&q={quote(words)}")):
        assert "(“denied”)" in shown.words
    for question in (f"quotes_containing?words={quote(words)}", f"quotes_by_person?person={quote(speaker)}"):
        assert re.search(rf"denied\W+{words}", site.get(f"/blotter/{question}").words), question
    assert f"{speaker} (“denied”)" in site.get(f"/feeds/questions/quotes_by_person.atom?person={quote(speaker)}").text
    site.close()


def test_every_incident_stands_with_its_status(site):
    for path, page in every_page(site).items():
        for words in page.elements("data-incident").values():
            assert any(badge in words for badge, _ in STATUS.values()), path


def test_home_says_what_it_is_and_how_fresh(site):
    words = site.get("/").words
    assert "Check the source before you publish." in words
    assert "5 claimed violations" in words
    assert re.search(r"build [0-9a-f]{12}", words)
    assert "11 June 2025" in words


def test_home_lists_only_companies_that_an_article_names(site):
    words = site.get("/").words
    assert "Hollowbrook Health" in words
    assert "Osprenta Robotics" not in words


def test_the_original_comes_first_on_an_article(site):
    page = site.get(f"/blotter/articles/{SUSPENDED}")
    assert "Read the original at ledger.veldania.example" in page.text
    assert page.text.index("Read the original") < page.text.index("Where it comes from")


def test_marked_words_are_the_stored_ones(site):
    page = site.get(f"/blotter/articles/{SUSPENDED}")
    (claim,) = rows(site, "violations", f"article_id={SUSPENDED}")
    (quote,) = rows(site, "quotes", f"article_id={SUSPENDED}")
    marked = page.elements("id")
    assert claim["evidence"] in marked[f"violation-{claim['id']}"]
    assert "“We suspended the account on Friday,”" in marked[f"quote-{quote['id']}"]
    assert marked["text-head"] == "The text, with what was found marked"


def test_each_anchor_stands_once(site):
    for row in rows(site, "articles"):
        ids = re.findall(r'\sid="([^"]+)"', site.get(f"/blotter/articles/{row['id']}").text)
        assert len(ids) == len(set(ids)), row["id"]


def test_what_changed_is_shown(site):
    words = site.get(f"/blotter/articles/{SUSPENDED}").words
    assert "Version 2, seen 11 June 2025" in words
    assert "New: Quillby AI denied the report on Tuesday." in words
    assert "It has changed" not in site.get(f"/blotter/articles/{SETTLED}").words


def test_a_text_that_may_not_be_shown_is_cut_to_its_facts(site):
    page = site.get(f"/blotter/articles/{FINED}")
    assert PATIENTS in page.words
    assert "has fined Hollowbrook Health €4.2 million" in page.words
    assert "forty houses between the port" not in page.words
    assert re.search(r"\[\d+ characters left out\]", page.words)
    assert "[the rest is left out]" in page.words
    assert "The text belongs to its publisher" in page.words


def test_a_month_is_shown_as_a_month(site):
    words = site.get(f"/blotter/articles/{COPY}").words
    assert "March 2025 (date from: relative, written “3 months ago”)" in words
    assert "1 March 2025" not in words
    assert "1 March 2025" not in site.get("/blotter/violations").words


def test_the_source_chain_leads_to_the_document(site):
    chain = re.search(r'<ol class="chain">(.*?)</ol>', site.get(f"/blotter/articles/{COPY}").text, re.S)
    assert chain
    names = re.findall(r"<b>(.*?)</b>", chain[1])
    assert names == ["Newsmash Ten", "The Veldania Ledger", "internal documents"]
    heron = site.get(f"/blotter/articles/{HERON}").words
    assert "credits The Veldania Ledger credited, not fetched" in heron


def test_copies_are_told_from_reports(site):
    words = site.get(f"/blotter/incidents/{INCIDENT}").words
    assert "according to 3 independent reports and 1 copy of them" in words
    assert words.index("first report") < words.index("Project Heron")


def test_status_history_and_differences_are_shown(site):
    words = site.get(f"/blotter/incidents/{INCIDENT}").words
    history = words[words.index("Status so far") :]
    assert history.index("Alleged") < history.index("Reported as admitted")
    assert "Where the reports differ" in words


def test_a_person_without_a_page_is_named_only_in_the_words(site):
    assert "Anneke Strool" not in {row["name"] for row in rows(site, "entities")}


def test_an_article_in_another_language_is_listed(site):
    assert "Bußgeld gegen Hollowbrook" in site.get(f"/blotter/articles/{FOREIGN}").words


def test_a_company_has_its_parts_apart(site):
    (company,) = rows(site, "entities", "slug=marrowgate-labs")
    words = site.get(f"/blotter/entities/{company['id']}").words
    assert "Also written Marrowgate" in words
    assert "Marrow-2" in words
    assert "Claims that others broke its rules" in words
    broke = words[words.index("Claims that Marrowgate Labs broke a rule") :]
    assert broke.index("None found") < broke.index("Claims that others broke its rules")


def test_a_rule_is_broken_and_breaks_none(site):
    broken = {row["rule_entity_id"] for row in rows(site, "violations") if row["rule_entity_id"]}
    assert broken
    for number in broken:
        page = site.get(f"/blotter/entities/{number}")
        assert "data-violation" in page.text[page.text.index("Claims that somebody broke it") :]
        assert "broke a rule" not in page.words
        assert "against it" not in page.words


def test_a_name_has_each_claim_once_and_no_count_that_leads_nowhere(site):
    for entity in rows(site, "entities"):
        page = site.get(f"/blotter/entities/{entity['id']}")
        claims = re.findall(r'data-violation="(\d+)"', page.text)
        assert len(claims) == len(set(claims)), entity["name"]
        counts = page.text[page.text.index('class="counts"') : page.text.index("</header>")]
        assert all(f'id="{anchor}"' in page.text for anchor in re.findall(r'href="#([^"]+)"', counts)), entity["name"]


def test_sources_that_disagree_stand_side_by_side_with_their_days(site):
    words = site.get("/blotter/where_reports_differ").words
    assert "1 row" in words
    assert re.search(r"Brine & Byte, 2025-\d\d-\d\d .*Veldania Ledger, 2025-\d\d-\d\d admitted", words)


def test_the_same_words_elsewhere_are_shown(site):
    (quote,) = rows(site, "quotes", f"article_id={SUSPENDED}")
    page = site.get(f"/blotter/quotes/{quote['id']}")
    assert "The same words elsewhere" in page.words
    assert "Newsmash Ten" in page.words


def test_a_mistake_is_reported_with_the_fact_filled_in(site):
    (claim,) = rows(site, "violations", f"article_id={SETTLED}")
    page = site.get(f"/correct?violation={claim['id']}")
    assert f"fact: {claim['id']}" in page.text
    assert f"article: {SETTLED}" in page.text
    assert "kind: violation" in page.text


def test_names_that_stay_lead_to_the_page(site):
    page = site.get("/incidents/quillby-terms-501")
    assert (page.status, page.headers["location"]) == (302, f"/blotter/incidents/{INCIDENT}")
    assert site.get("/incidents/nothing-of-the-kind").status == 404
    assert site.get(f"/blotter/incidents/{'9' * 30}").status == 404
    assert site.get("/entities/quillby-ai").status == 302


def test_json_stands_beside_each_page(site):
    for table in ("articles", "entities", "incidents", "violations", "quotes"):
        number = rows(site, table)[0]["id"]
        page = site.get(f"/blotter/{table}/{number}")
        (address,) = set(re.findall(rf'href="(/blotter/{table}/{number}\.json)"', page.text))
        assert json.loads(site.get(address).text)["rows"]


def test_hostile_words_stay_words(site):
    page = site.get(f"/blotter/articles/{HOSTILE}")
    assert ATTACK in unescape(page.text)
    for path, shown in every_page(site).items():
        assert "<img" not in shown.text, path
        assert not re.search(r'(href|src|action)="\s*(javascript|data|vbscript):', shown.text, re.I), path


def test_a_wrong_address_says_where_to_go(site):
    page = site.get("/blotter/articles/1")
    assert page.status == 404
    assert "There is nothing at this address" in page.words
    assert site.get("/blotter?sql=drop+table+articles").status == 400


def test_questions_ask_in_plain_words(site):
    page = site.get("/blotter/violations_by_company?company=Quillby")
    assert "Company (or part of its name)" in page.words
    assert "Quillby AI" in page.words
    assert "Custom SQL" not in page.words
    assert '<option value="Quillby AI">' in page.text


@pytest.mark.parametrize("name", ["violations", "quotes", "articles", "entities", "incidents", "mentions", "spans"])
def test_streamed_rows_are_as_many_as_there_are(site, name):
    (count,) = json.loads(site.get(f"/blotter.json?sql=select+count(*)+from+{name}&_shape=arrayfirst").text)
    lines = site.get(f"/blotter/{name}.csv?_stream=on&_size=2&_col=id").text.strip().splitlines()
    assert len(lines) - 1 == count


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_whole_table_comes_as_datasette_would_send_it_page_by_page(site, name):
    (count,) = json.loads(site.get(f"/blotter.json?sql=select+count(*)+from+{name}&_shape=arrayfirst").text)
    whole = site.get(f"/blotter/{name}.csv?_stream=on&_size=max")
    assert whole.text == site.get(f"/blotter/{name}.csv?_stream=on&_size=max&_nofacet=1").text
    assert len(list(csv.reader(whole.text.splitlines(keepends=True)))) - 1 == count
    assert "attachment" in site.get(f"/blotter/{name}.csv?_stream=on&_dl=on").headers["content-disposition"]


def test_this_file_is_read_with_the_sample(tmp_path: Path):
    """The fixture itself passes every gate of publish."""
    assert site_home(tmp_path).public_db.exists()


@pytest.mark.parametrize("kind", ["violation", "quote", "article", "incident", "entity", "mention", "relation"])
def test_the_lines_for_an_editor_are_such_as_corrections_are_made_of(site, tmp_path, kind):
    table = {"entity": "entities"}.get(kind, f"{kind}s")
    number = rows(site, table)[0]["id"]
    assert f"/correct?{kind}={number}" in site.get(f"/blotter/{table}/{number}").text
    lines = re.search(r"<pre>(.*?)</pre>", site.get(f"/correct?{kind}={number}").text, re.S)
    field = {"violation": "status", "quote": "speaker", "mention": "role"}.get(kind, "title")
    value = {"violation": "denied"}.get(kind, "B")
    filled = unescape(lines[1]).replace("field: ", f"field: {field}").replace("value: ", f"value: {value}")
    filled = filled.replace("why: ", "why: c").replace("who: ", "who: d").replace("decided: ", "decided: 2026-03-01")
    (tmp_path / "corrections.yml").write_text(filled, "utf-8")
    assert len(load_corrections(tmp_path / "corrections.yml")) == 1


@pytest.mark.parametrize(
    "sql",
    ["select 'no day at all' as reported_on", "select '2025-99-99' as reported", "select 'ab-cd-e' as first_on",
     "select 'x' as status, -1 as article_id, x'00' as url, 1e400 as amount"],
    ids=["day", "date", "month", "others"],
)  # fmt: skip
def test_a_readers_own_columns_may_hold_anything(site, sql):
    assert site.get(f"/blotter?sql={quote(sql)}").status == 200
