"""Links to other databases: what editors enter is shown, what names nothing is told, a bad file is one line."""

import sqlite3
from pathlib import Path

import pytest
from matter import made

from data.home import Home, Refusal
from data.links import load_links
from data.publish import publish
from extract.facts import RULE_TYPES

REST = "  database: AIID\n  id: 007\n  url: https://incidents.example/7\n  source: A. Editor, 2026-03-01\n"


def published(home: Home, text: str) -> tuple[list[tuple[object, ...]], tuple[str, ...]]:
    home.links.write_text(text, "utf-8")
    idle = publish(home).idle
    with sqlite3.connect(home.public_db) as db:
        sql = "select incident_id, database, other_id, url, source from incident_links order by url"
        return db.execute(sql).fetchall(), idle


@pytest.mark.parametrize("target", ["incident: matter-1", "words: matter a"])
def test_a_link_is_shown(tmp_path: Path, target: str) -> None:
    rows, idle = published(made(tmp_path, 11, 12), f"- {target}\n{REST}")
    assert rows == [(1, "AIID", "007", "https://incidents.example/7", "A. Editor, 2026-03-01")]
    assert idle == ()


@pytest.mark.parametrize("target", ["incident: nowhere", "words: nothing of it"])
def test_a_link_that_names_nothing_is_told(tmp_path: Path, target: str) -> None:
    rows, idle = published(made(tmp_path, 11), f"- {target}\n{REST}")
    assert rows == []
    assert "link AIID 007 names no incidents" in idle[0]


def test_a_home_without_links_has_none(tmp_path: Path) -> None:
    home = made(tmp_path, 11)
    assert load_links(home.links) == ()
    assert published(home, "") == ([], ())


def test_kinds_of_rule_are_ours_and_have_a_class(tmp_path: Path) -> None:
    home = made(tmp_path, 11)
    publish(home)
    with sqlite3.connect(home.public_db) as db:
        rows = db.execute("select rule_type, code, name, source from rule_type_links").fetchall()
    assert {row[0] for row in rows} <= set(RULE_TYPES)
    assert ("privacy", "2.1") in {row[:2] for row in rows}
    assert all(all(row) for row in rows)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- [", "links.yml"),
        ("incident: a", "expected a list"),
        ("- 7", "expected keys"),
        (f"- slug: a\n{REST}", "unknown key 'slug'"),
        (f"-\n{REST}", "needs either 'incident' or 'words'"),
        (f"- incident: a\n  words: b\n{REST}", "needs either"),
        (f"- incident: [a]\n{REST}", "incident must be a word"),
        ("- incident: a\n  database: AIID\n  id: 7\n  source: x\n", "needs 'url'"),
        (f"- incident: a\n{REST}".replace("AIID", "AIDI"), "database must be one of AIID"),
        (f"- incident: a\n{REST}".replace("https", "gopher"), "url must begin with"),
        (f"- incident: a\n{REST}- incident: a\n{REST}", "entry 2: a has this link already"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "links.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        load_links(path)
    assert told in refused.value.message
    assert refused.value.exit_code == 2
    assert "\n" not in refused.value.message
