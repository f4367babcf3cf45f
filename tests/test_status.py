"""What the operator is told: how the home is doing, what is new, and why."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from matter import LATER, NOW, TEXT, article, fill, incident, made, reading
from test_queue import ONE, TWO, failure

from crawler.items import Fetch, Link
from data.commands import COMMANDS
from data.digest import digest, news, tell
from data.home import LEAST_FREE, Home, Refusal
from data.publish import publish
from data.status import status
from data.store import Store
from data.why import why

VERB = {command.name: command for command in COMMANDS}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return made(tmp_path, 11, 12, 13)


def run(home: Home, verb: str, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(VERB[verb], ["--home", str(home.path), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def test_a_failing_source_needs_a_look(home):
    with Store(home.work_db) as store:
        store.register_sources([ONE, TWO], now=NOW)
        queue = store.queue()
        one, two = queue.lease(2, now=NOW)
        queue.fail(one, failure(one.url), again_at=LATER)
        queue.unchanged(two, again_at=LATER)
    code, output = run(home, "status")
    assert code == 1
    assert re.search(r" failing +never +never +- +2026-03-02 12:00 +0  1 times in a row: timeout\n", output)
    assert re.search(r" live +2026-03-01 12:00 +never +- +2026-03-02 12:00 +0\n", output)


@pytest.mark.parametrize(
    ("reason", "weight", "again_at", "state"),
    [
        ("forbidden", 1.0, LATER, "refused"),
        ("robots_disallowed", 1.0, LATER, "refused"),
        ("server_error", 30.0, NOW + timedelta(days=30), "set aside"),
        ("gone", 2.0, None, "set aside"),
        ("timeout", 0.5, LATER, "failing"),
    ],
)
def test_a_source_that_does_not_work_is_told_apart(home, reason, weight, again_at, state):
    with Store(home.work_db) as store:
        store.register_sources([ONE], now=NOW)
        queue = store.queue()
        (job,) = queue.lease(1, now=NOW)
        assert [one.state for one in status(store.db, home, now=NOW).sources] == ["not asked yet"]
        queue.fail(job, replace(failure(job.url), reason=reason, weight=weight), again_at=again_at)
        (one,) = status(store.db, home, now=NOW).sources
    publish(home)
    with closing(sqlite3.connect(home.public_db)) as db:
        assert db.execute("select state from sources").fetchall() == [(state,)]
    assert (one.state, one.needs_a_look) == (state, True)


def test_status_as_json_tells_the_report_of_the_last_run(home):
    with Store(home.work_db) as store:
        number = store.start_run("crawl", now=NOW)
        report = {"failures": {"timeout": 1}, "sources": {"one": {"links": 3}}}
        store.finish_run(number, exit_code=1, counts={"new": 2}, report=report, now=LATER)
    found = json.loads(run(home, "status", "--json")[1])
    assert found["last_run"]["report"] == report
    assert (found["last_run"]["counts"], found["counts"]["articles"]) == ({"new": 2}, 3)


def test_a_run_under_way_is_told_from_one_that_was_killed(home):
    with Store(home.work_db) as store:
        store.start_run("crawl", now=NOW)
    with home.lock():
        assert "crawl began at 2026-03-01T12:00:00Z and is under way" in run(home, "status")[1]
    assert "crawl began at 2026-03-01T12:00:00Z and did not finish" in run(home, "status")[1]


def test_a_quiet_source_needs_a_look_after_a_month(home):
    with Store(home.work_db) as store:
        store.register_sources([replace(ONE, expect_min=3)], now=NOW)
        queue = store.queue()
        queue.unchanged(queue.lease(1, now=NOW)[0], again_at=LATER)
        assert [one.state for one in status(store.db, home, now=LATER).sources] == ["live"]
        (one,) = status(store.db, home, now=NOW + timedelta(days=40)).sources
        assert (one.state, one.why) == ("quiet", "0 new in a month, expected 3")


def test_a_correction_set_aside_needs_a_look(home):
    home.corrections.write_text(
        "- {action: reject, fact: 1, article: 11, kind: quote, why: x, who: y, decided: 2026-01-01}"
    )
    assert "correction set aside: reject quote 1" in run(home, "publish")[1]
    code, output = run(home, "status")
    assert code == 1
    assert "set aside" in output


def test_why_tells_each_stage(home):
    with Store(home.work_db) as store:
        store.register_sources([ONE], now=NOW)
        queue = store.queue()
        (poll,) = queue.lease(1, now=NOW)
        url = article(11).url
        queue.keep_links(poll, [Link(url=url, title="As announced", found_in=ONE.url)], validators=None, poll_at=LATER)
        (job,) = queue.lease(1, now=NOW)
        queue.log_fetch(Fetch(url=url, final_url=url, status=200, at=NOW, size=9, warc_file="a.warc.gz", warc_offset=7))
        queue.keep_article(job, article(11), validators=None, recheck_at=None)
        lines = "\n".join(why(store.db, url))
        assert why(store.db, "11")
    for words in ("As announced", "kept in a.warc.gz at 7", "title from json-ld", "cut (chrome, 0.10): “Subscribe”",
                  "source chain: credited Other Outlet", "on topic with 0.90 (ai: model; policy: terms)",
                  "3 mentions", "in incident matter-1, its first article",
                  "text as excerpt (added by hand)"):  # fmt: skip
        assert words in lines


def test_why_of_what_waits_and_of_what_failed(home):
    url = "https://one.example/page"
    with Store(home.work_db) as store:
        store.register_sources([ONE], now=NOW)
        queue = store.queue()
        (poll,) = queue.lease(1, now=NOW)
        queue.keep_links(poll, [Link(url=url, source_id="one")], validators=None, poll_at=LATER)
        assert why(store.db, url) == [
            "queued 2026-03-01T12:00:00Z as article for one", "next try 2026-03-01T12:00:00Z; no failure",
        ]  # fmt: skip
        (job,) = queue.lease(1, now=NOW)
        queue.fail(job, failure(url), again_at=LATER)
        assert why(store.db, url)[1:] == [
            "next try 2026-03-02T12:00:00Z; 1 failure since it last went well",
            f"failed 2026-03-01T12:00:00Z at fetch: timeout: {failure(url).detail}",
        ]


def test_why_tells_what_editors_decided(home):
    with Store(home.work_db) as store:
        (claim,) = store.db["violations"].rows_where("article_id = 11")
    run(home, "correct", "set", str(claim["id"]), "status", "found", "--why", "an order", "--who", "A. Editor",
        "--now", "2026-03-02")  # fmt: skip
    line = f"corrected 2026-03-02 by A. Editor: set violation {claim['id']} status found: an order"
    assert line in run(home, "why", "11")[1].splitlines()
    assert line not in run(home, "why", "12")[1].splitlines()


def test_why_of_what_was_never_heard_of(home):
    assert run(home, "why", "https://nowhere.example/")[0] == 2


def test_the_digest_tells_what_is_new_and_no_more(home):
    with Store(home.work_db) as store:
        later = NOW + timedelta(days=3)
        store.add_article(replace(article(20), text=f"{TEXT} Another day."), now=later)
        store.keep_reading(reading(20), extracted_with="1")
        number = next(store.db["violations"].rows_where("article_id = 20"))["id"]
        store.keep_incidents([incident(1, (11, 12, 20), (number,), status="found")], now=later)
        publish(home)
        lines = digest(store.db, home, since=NOW + timedelta(days=2), now=later)
    assert [line.split(":")[0] for line in lines] == ["new", "incident matter-1"]
    assert "Brightloom, alleged" in lines[0]
    assert "now found, before: alleged" in lines[1]


def test_the_digest_tells_claims_as_they_were_corrected(home):
    with Store(home.work_db) as store:
        rejected, changed = [row["id"] for row in store.db["violations"].rows_where("article_id in (11, 12)")]
    publish(home)
    assert sum(line.startswith("new: Brightloom, alleged") for line in news(home, since=NOW)) == 2
    run(home, "correct", "reject", str(rejected), "--why", "another company")
    run(home, "correct", "set", str(changed), "status", "dismissed", "--why", "the court's word")
    publish(home)
    assert [line[:26] for line in news(home, since=NOW) if line.startswith("new: ")] == ["new: Brightloom, dismissed"]


def test_the_operators_command_gets_the_digest(home, tmp_path):
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
    tell(f"{sys.executable} -c {json.dumps(script)} {tmp_path / 'told'}", ["one", "two"])
    assert (tmp_path / "told").read_text() == "one\ntwo\n"
    with pytest.raises(Refusal, match="no-such-command"):
        tell("no-such-command", ["one"])


def test_the_verbs_from_the_command_line(home):
    publish(home)
    code, output = run(home, "remove", "12", "--reason", "legal", "--dry-run")
    assert (code, "5 facts" in output) == (0, True)
    assert run(home, "remove", "12")[0] == 2
    assert "published without them" in run(home, "remove", "12", "--reason", "legal")[1]
    assert run(home, "check") == (0, "all is well\n")
    code, output = run(home, "purge", "--now", "--quiet")
    assert (code, output) == (0, "purged 1 articles, 0 archive files written anew, 0 releases issued again\n")
    assert "release 2026-03-02.1" in run(home, "publish", "--release", "--now", "2026-03-02")[1]
    file = str(home.public_db)
    assert CliRunner().invoke(VERB["diff"], [file, file]).output == "no fact differs\n"
    assert run(home, "correct", "alias", "quillmere", "QM", "--why", "short name", "--who", "A. Editor")[0] == 0
    assert run(home, "correct", "rename", "--why", "x")[0] == 2


def test_a_check_that_reads_much_says_how_far_it_has_come(home):
    publish(home)
    run(home, "remove", "12", "--reason", "legal")
    assert re.search(r"^purging: 50 \S+\n", run(home, "purge", "--now")[1])
    assert re.fullmatch(r"checking: 50 \S+\n(checking: \d+ \S+\n)*all is well\n", run(home, "check")[1])
    assert run(home, "check", "--quiet") == (0, "all is well\n")


def test_a_home_without_a_database_is_refused(tmp_path):
    for verb in ("status", "check", "why", "remove", "purge", "digest", "correct", "publish", "serve"):
        words = {"why": ["x"], "remove": ["x", "--reason", "legal"], "digest": ["--since", "2026-03-01"],
                 "correct": ["confirm", "1", "--why", "x"]}.get(verb, [])  # fmt: skip
        code, output = run(Home(tmp_path / "empty"), verb, *words)
        assert (verb, code, output.count("\n")) == (verb, 2, 1)


def test_a_full_disk_is_told_before_the_run(home, monkeypatch):
    usage = shutil.disk_usage(home.path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=LEAST_FREE - 1))
    with pytest.raises(Refusal, match="MB free"), home.lock():
        pass


def test_reading_again_gives_the_same_bytes(home):
    publish(home)
    before = home.public_db.read_bytes()
    with Store(home.work_db) as store:
        store.forget_derived()
        assert store.counts()["violations"] == 0
        fill(store, 11, 12, 13)
    publish(home)
    assert home.public_db.read_bytes() == before


def test_a_disk_that_fills_up_on_the_way_loses_nothing(home):
    publish(home)
    before = home.public_db.read_bytes()
    script = (
        "import resource, sys; from pathlib import Path; from data.home import Home; from data.publish import publish\n"
        "home = Home(Path(sys.argv[1])); resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "with home.lock(): publish(home)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home.path)], capture_output=True, text=True, check=False)
    assert "data.home.Refusal" in done.stderr
    assert "what was stored before is still there" in done.stderr
    assert home.public_db.read_bytes() == before
    assert run(home, "check")[0] == 0
