"""A reader's correction comes to the editors filled in, by the form or the mailbox that the operator names."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from commands import blotter
from served import free_port
from site_client import Page, Site
from site_database import HERON, HOSTILE, INCIDENT, NOW, SETTLED, site_home

from data.corrections import add_correction, decision
from data.home import Refusal
from data.publish import publish
from data.serve import serve_command
from data.site.editors import CORRECTIONS_URL
from data.store import Store

Opened = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_home(tmp_path_factory.mktemp("editors")).public_db


@pytest.fixture
def opened(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Gives a page of the site whose operator names an address."""
    sites = []

    def page(address: str, path: str) -> Page:
        monkeypatch.setenv(CORRECTIONS_URL, address)
        sites.append(Site(file))
        return sites[-1].get(path)

    yield page
    for site in sites:
        site.close()


def sent(page: Page) -> str:
    """Where the button leads."""
    (address,) = re.findall(r'<a class="button" href="([^"]*)"[^>]*>Send this to the editors</a>', page.text)
    return unescape(address)


def lines(page: Page) -> str:
    """Those to copy."""
    (found,) = re.findall(r"<pre>(.*?)</pre>", page.text, re.S)
    return unescape(found)


def test_a_form_gets_what_it_has_placeholders_for(opened):
    page = opened("https://host.example/new?title={title}&body={entry}&at={url}", f"/correct?article={SETTLED}")
    form = urlsplit(sent(page))
    assert (form.scheme, form.netloc, form.path) == ("https", "host.example", "/new")
    given = parse_qs(form.query)
    assert given["body"] == [lines(page)]
    assert given["title"][0].startswith("Correction: the article “")
    assert given["at"] == [f"http://localhost/blotter/articles/{SETTLED}"]
    assert page.text.index("Send this to the editors") < page.text.index("<pre>")


def test_a_form_without_placeholders_gets_the_lines_as_body(opened):
    page = opened("https://host.example/new?labels=mistake", f"/correct?article={SETTLED}")
    assert parse_qs(urlsplit(sent(page)).query) == {"labels": ["mistake"], "body": [lines(page)]}


@pytest.mark.parametrize("scheme", ["", "mailto:"])
def test_a_mailbox_gets_a_mail_with_a_subject(opened, scheme):
    page = opened(f"{scheme}corrections@newsroom.example", f"/correct?article={SETTLED}")
    mail = urlsplit(sent(page))
    assert (mail.scheme, mail.path) == ("mailto", "corrections@newsroom.example")
    given = parse_qs(mail.query)
    assert given.keys() == {"subject", "body"}
    assert given["body"][0].endswith(lines(page).replace("\n", "\r\n"))
    assert given["body"][0].startswith(f"http://localhost/blotter/articles/{SETTLED}\r\n\r\n")


@pytest.mark.parametrize("address", ["https://host.example/{title}?a={title}#{entry}", "corrections@newsroom.example"])
@pytest.mark.parametrize("kind", ["article", "violation", "quote"])
def test_hostile_words_are_no_more_than_filled_in(opened, address, kind):
    number = HOSTILE
    if kind != "article":
        about = f"/blotter/{kind}s.json?_shape=array&article_id={HOSTILE}"
        number = json.loads(opened(address, about).text)[0]["id"]
    page = opened(address, f"/correct?{kind}={number}")
    assert re.fullmatch(r"[!#-;=?-~]+", sent(page))
    assert quote("<script>", safe="") in sent(page)
    assert not re.search("<(script|img)", page.text)
    assert "script-src" not in page.headers["content-security-policy"]


def test_a_long_title_makes_no_longer_address(opened):
    page = opened("https://host.example/?t={title}", f"/correct?article={HOSTILE}")
    assert len(parse_qs(urlsplit(sent(page)).query)["t"][0]) < 220


def test_without_an_address_and_without_an_entry_nothing_is_sent(opened):
    assert "Send this" not in opened("", f"/correct?article={SETTLED}").text
    assert "Send this" not in opened("corrections@newsroom.example", "/correct").text


def test_of_a_source_the_editors_get_the_address_and_no_lines(opened):
    page = opened("corrections@newsroom.example", "/correct?source=ledger")
    assert parse_qs(urlsplit(sent(page)).query)["body"] == ["http://localhost/blotter/sources/ledger\r\n\r\n"]
    assert "<pre>" not in page.text


def test_every_page_tells_what_was_corrected_by_whom_when_and_why(tmp_path):
    home = site_home(tmp_path)
    with Store(home.work_db) as store:
        ((claim,),) = store.db.execute("select id from violations where article_id = ?", [SETTLED]).fetchall()
        ((quote_id,),) = store.db.execute("select id from quotes where article_id = ?", [SETTLED]).fetchall()
        ((rejected,),) = store.db.execute("select id from violations where article_id = ?", [HERON]).fetchall()
        for words in (
            ("set", str(claim), "status", "settled"), ("set", str(quote_id), "role", "founder"),
            ("reject", str(rejected)), ("set", f"article:{SETTLED}", "published", "2025-04-17"),
            ("set", f"incident:quillby-terms-{INCIDENT}", "title", "A matter of terms"),
            ("rename", "quillby-ai", "Quillby"), ("merge", "osprenta", "hollowbrook-health"),
        ):  # fmt: skip
            entry = decision(store.db, words[0], words[1:], why="it was read again", who="A. Editor", on=NOW.date())
            add_correction(home.corrections, entry)
    publish(home)
    end = ". it was read again (A. Editor)"
    of_claim = f"10 June 2025: set status{{}} from “admitted” to “settled”{end}"
    of_rejected = f"10 June 2025: reject of violation {rejected}{end}"
    told = {
        f"/blotter/violations/{claim}": [of_claim.format("")],
        f"/blotter/quotes/{quote_id}": [f"10 June 2025: set role from “chief executive” to “founder”{end}"],
        f"/blotter/articles/{SETTLED}": [
            f"10 June 2025: set published from “2025-04-18” to “2025-04-17”{end}",
            of_claim.format(f" of violation {claim}"),
        ],
        f"/blotter/articles/{HERON}": [of_rejected],
        f"/blotter/incidents/{INCIDENT}": [
            f"to “A matter of terms”{end}", of_claim.format(f" of violation {claim}"), of_rejected,
        ],
        "/entities/quillby-ai": [f"10 June 2025: rename from “Quillby AI” to “Quillby”{end}"],
        "/entities/osprenta": [f"merge of entity osprenta from “Osprenta Robotics” to “hollowbrook-health”{end}"],
    }  # fmt: skip
    site = Site(home.public_db)
    try:
        for path, lines_of_page in told.items():
            page = site.get(path)
            page = site.get(page.headers["location"]) if page.status == 302 else page
            assert [line for line in lines_of_page if line not in page.words] == [], page.words
    finally:
        site.close()


REFUSED = [
    "javascript:alert(1)", "JavaScript:alert(1)//@host.example", "data:text/html,x", "ftp://host.example/",
    "//host.example/", "https:", "https:///new", "https://{url}/", "https://host.example/\nx", " javascript:alert(1)",
    "newsroom", "mailto:", "mailto:newsroom", "https://host.example/{enrty}", "https://[host", "a@b.example,x:y",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_any_other_address_is_refused(file, monkeypatch, address):
    monkeypatch.setenv(CORRECTIONS_URL, address)
    with pytest.raises(Refusal, match=f"^{CORRECTIONS_URL}: "):
        serve_command(file, host="127.0.0.1", port=8001)


def test_serve_refuses_in_one_line(file):
    home = file.parent
    ended = blotter("serve", "--port", str(free_port()), home=home, cwd=home, BLOTTER_CORRECTIONS_URL="javascript:x")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert CORRECTIONS_URL in ended.stderr
