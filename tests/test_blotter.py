"""The command line, run as a user runs it: real files, real processes, real exit codes."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commands import blotter

from crawler.demo.news import load_stories
from crawler.demo.web import serve_web
from data.home import Home

PAGE = """<!doctype html><html lang="en"><head><title>Quarrel over a chatbot | The Veldania Ledger</title>
<meta property="og:title" content="Quarrel over a chatbot">
<meta property="og:site_name" content="The Veldania Ledger"></head>
<body><article><h1>Quarrel over a chatbot</h1>
<p>The Veldanian Data Protection Authority has fined Quillby AI, a start-up, €2 million for training its chatbot on
private letters without the consent of those who wrote them.</p>
<p>“Letters are not training data,” said Maren Odelind, the head of the authority, at a news conference on Monday.</p>
<p>Quillby AI said in a statement that it would appeal against the decision and that the letters had been bought.</p>
</article></body></html>"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return path


def rows(home: Path, sql: str, file: str = "work.db") -> list[sqlite3.Row]:
    with closing(sqlite3.connect(home / file)) as db:
        db.row_factory = sqlite3.Row
        return db.execute(sql).fetchall()


def test_a_saved_page_becomes_a_published_fact(home, page, tmp_path):
    added = blotter("add", page, "--url", "https://ledger.example/quarrel", home=home, cwd=tmp_path)
    assert (added.returncode, added.stdout) == (0, "added: 1 new\n")
    assert blotter("extract", "--quiet", home=home, cwd=tmp_path).returncode == 0
    assert blotter("publish", home=home, cwd=tmp_path).returncode == 0
    (article,) = rows(home, "select * from articles", "blotter.db")
    assert (article["title"], article["publisher"]) == ("Quarrel over a chatbot", "The Veldania Ledger")
    assert [r["content"] for r in rows(home, "select content from quotes where kind = 'direct'", "blotter.db")] == [
        "“Letters are not training data,”"
    ]
    (violation,) = rows(home, "select * from violations", "blotter.db")
    assert (violation["violator"], violation["sanction"], violation["amount"]) == ("Quillby AI", "fine", 2_000_000)
    assert blotter("check", home=home, cwd=tmp_path).returncode == 0


def test_what_is_written_is_for_owner_and_group_alone(home, page, tmp_path):
    assert blotter("add", page, home=home, cwd=tmp_path).returncode == 0
    modes = {path.name[:7]: oct(path.stat().st_mode & 0o777) for path in home.rglob("*")}
    assert modes == {"work.db": "0o640", "lock": "0o640", "archive": "0o750", "blotter": "0o640"}


def test_every_verb_may_be_run_twice(home, page, tmp_path):
    verbs = (("add", page, "--quiet"), ("extract", "--quiet"), ("publish",))
    first, second = ([blotter(*verb, home=home, cwd=tmp_path) for verb in verbs] for _ in range(2))
    assert [done.returncode for done in (*first, *second)] == [0] * 6
    assert second[0].stdout == "added: 1 unchanged\n"
    assert second[1].stdout.startswith("extracted: nothing")
    assert second[2].stdout.startswith("nothing new")


def test_a_mixture_is_added_and_what_fails_is_named(home, page, tmp_path):
    (tmp_path / "note.txt").write_text("A headline about a chatbot\n\nThe first paragraph of a short note.", "utf-8")
    (tmp_path / "empty.html").write_bytes(b"")
    words = ["-", tmp_path / "note.txt", tmp_path / "empty.html"]
    done = blotter("add", *words, home=home, cwd=tmp_path, stdin=f"https://ledger.example/quarrel\t{page}\n")
    assert done.returncode == 1
    assert done.stdout == "added: 2 new, 1 failures\n"
    assert "empty.html: an empty file, expected HTML or plain text" in done.stderr
    assert [r["reason"] for r in rows(home, "select reason from failures")] == ["empty"]


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" * 40, 3, "a binary file, expected HTML or plain text"),
        ("empty.html", b"", 3, "an empty file, expected HTML or plain text"),
        ("folder/", None, 2, "is a folder, expected a file or an address"),
        ("missing.html", None, 2, "no such file"),
        ("broken.warc.gz", b"no WARC at all", 2, "expected a WARC file"),
    ],
)
def test_bad_input_gets_one_line_and_the_right_code(home, tmp_path, name, content, code, message):
    path = tmp_path / name.rstrip("/")
    if name.endswith("/"):
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    done = blotter("add", path, home=home, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_page_that_is_not_there_is_a_failure(home, tmp_path):
    with serve_web(lambda: datetime.now(UTC)) as web:
        url = web.news.origins["ledger"] + "/no-such-story"
        words = ("add", url, "--contact", "desk@newsroom.example", "--allow-network", "127.0.0.0/8")
        done = blotter(*words, home=home, cwd=tmp_path)
    assert done.returncode == 3
    assert "not_found" in done.stderr
    assert [r["reason"] for r in rows(home, "select reason from failures")] == ["not_found"]


def test_an_address_is_fetched_and_read(home, tmp_path):
    with serve_web(lambda: datetime.now(UTC)) as web:
        url = web.news.url(web.news.stories["tessaluna-sues"])
        words = ("add", url, "--contact", "desk@newsroom.example", "--allow-network", "127.0.0.0/8")
        assert blotter(*words, home=home, cwd=tmp_path).returncode == 0
    (article,) = rows(home, "select * from articles")
    assert article["url"] == url
    assert list((home / "archive").glob("*.warc.gz"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("crawl",), "--contact or BLOTTER_CONTACT"),
        (("crawl", "--contact", "desk@newsroom.example", "--source", "nobody"), "no source is called 'nobody'"),
        (("extract", "--model", "en_core_web_huge"), "no spaCy model named 'en_core_web_huge'"),
        (("publish",), "nothing to publish"),
        (("serve",), "nothing is published yet"),
        (("status",), "no work.db here"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_wrong_use_is_refused_in_one_line(home, tmp_path, words, message):
    done = blotter(*words, home=home, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_key_in_a_list_of_sources_is_named(home, tmp_path):
    mine = tmp_path / "mine.yml"
    mine.write_text("mine: {name: Mine, kind: feed, link: https://a.example/feed}", "utf-8")
    done = blotter("crawl", "--contact", "desk@newsroom.example", "--sources", mine, home=home, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{mine}: mine: unknown key 'link'" in done.stderr


def test_a_home_that_cannot_be_written_is_refused(page, tmp_path):
    (tmp_path / "file").write_text("not a folder", "utf-8")
    done = blotter("add", page, home=tmp_path / "file" / "home", cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot be the home" in done.stderr


def test_a_second_run_finds_the_home_locked(home, page, tmp_path):
    with Home(home).lock():
        done = blotter("add", page, home=home, cwd=tmp_path)
    assert done.returncode == 75
    assert "another run holds this home" in done.stderr


def test_the_demo_finds_the_news_of_an_invented_country(own_demo_home, tmp_path):
    home = own_demo_home
    changed = rows(home, "select title from articles where versions > 1")
    assert [r["title"] for r in changed] == ["Marrowgate suspends Quillby AI’s account over chatbot training"]
    assert {r["reason"] for r in rows(home, "select reason from failures")} == {"paywalled", "robots_disallowed"}
    assert rows(home, "select title from articles where not is_relevant")[0]["title"].startswith("How to smoke herring")
    violators = {r["violator"] for r in rows(home, "select violator from violations", "blotter.db")}
    assert {"Quillby AI", "Hollowbrook Health", "Marrowgate Labs", "Pendrick Staffing"} <= violators
    repeated = rows(home, "select content, articles from quote_groups where speaker = 'Maren Odelind'", "blotter.db")
    assert [tuple(r) for r in repeated] == [("“Patients came for treatment, not to become training data,”", 3)]
    again = blotter("publish", home=home, cwd=tmp_path)
    assert again.stdout.startswith("nothing new")
    first = rows(home, "select counts, report from runs order by id")[0]
    assert json.loads(first["counts"])["new"] > 10
    report = json.loads(first["report"])
    assert report["sources"]["ledger"] | {"links": 4, "polls": 1} == report["sources"]["ledger"]
    assert report["failures"] == {"paywalled": 1, "robots_disallowed": 1}


SUSPENDED = "account_suspension"
CLAIMS = {
    (
        "account-suspended",
        "Quillby AI",
        "Marrowgate Labs",
        "terms_of_service",
        "under_investigation",
        "account_suspension",
    ),
    ("hollowbrook-appeals", "Hollowbrook Health", None, "privacy", "found", "fine"),
    ("hollowbrook-fined", "Hollowbrook Health", None, "privacy", "found", "fine"),
    ("osprenta-probe", "Osprenta Robotics", None, "safety", "under_investigation", None),
    ("pendrick-class-action", "Pendrick Staffing", None, "discrimination", "alleged", None),
    ("project-heron", "Quillby AI", "Marrowgate Labs", "terms_of_service", "alleged", SUSPENDED),
    ("quillby-settles", "Quillby AI", "Marrowgate Labs", "terms_of_service", "settled", "settlement_payment"),
    ("tessaluna-claim-dismissed", "Marrowgate Labs", "Tessaluna Images", "trademark", "dismissed", None),
    ("tessaluna-sues", "Marrowgate Labs", None, "copyright", "alleged", None),
}


def test_what_the_demo_claims_is_what_its_articles_say(demo_home):
    names = {story.title: story.id for story in load_stories().values() if story.copy_of is None}
    sql = "select * from violations join articles on articles.id = article_id where not is_copy"
    found = [(names[row["title"]], row) for row in rows(demo_home, sql, "blotter.db")]
    fields = ("violator", "rule_owner", "rule_type", "status", "sanction")
    assert {(name, *(row[field] for field in fields)) for name, row in found} == CLAIMS
    why = {name: (row["status_cue"], row["evidence"]) for name, row in found}
    assert why["account-suspended"][0] == "while we look into"
    assert why["account-suspended"][1].startswith("Marrowgate Labs has suspended the account")
    assert why["project-heron"][1].startswith("Quillby AI, the maker of the chatbot QuillChat, is accused")


def test_a_run_tells_what_each_source_named(demo_run):
    _, done = demo_run
    told = dict(re.findall(r"^(\w+): (\d+) new links$", done.stderr.partition("extracting")[0], re.MULTILINE))
    assert told == {"ledger": "4", "wire": "3", "kettle": "5", "byte": "3", "mash": "2"}
