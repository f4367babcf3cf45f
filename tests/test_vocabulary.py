"""The lexicon: what ships is whole and quick to load, and a wrong file is refused with its line."""

import time
from pathlib import Path

import pytest

from extract.vocabulary import Lexicon, LexiconError, load_lexicon, load_words, read_yaml, slug_of

LEAST = {"company": 250, "project": 250, "authority": 150, "rule": 80, "outlet": 120, "person": 150}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize("kind", LEAST)
def test_enough_ships(lexicon: Lexicon, kind: str) -> None:
    assert sum(record.kind == kind for record in lexicon.records.values()) >= LEAST[kind]


@pytest.mark.bench
def test_loads_in_half_a_second() -> None:
    assert min(_seconds_to_load() for _ in range(3)) < 0.5


def _seconds_to_load() -> float:
    start = time.process_time()
    load_lexicon()
    return time.process_time() - start


def test_owner_of_a_project_is_its_maker(lexicon: Lexicon) -> None:
    owner = lexicon.owner_of("tiktok")
    assert owner is not None
    assert owner.slug == "bytedance"


def test_nothing_has_no_owner(lexicon: Lexicon) -> None:
    assert lexicon.owner_of(None) is None
    assert lexicon.get("no-such-slug") is None


def test_outlet_is_found_by_its_domain_and_those_below_it(lexicon: Lexicon) -> None:
    domain, slug = next(iter(lexicon.domains.items()))
    assert lexicon.by_domain(domain) == lexicon.by_domain(f"www.{domain.upper()}") == lexicon.get(slug)
    assert lexicon.by_domain("nowhere.invalid") is None


def test_names_lead_to_slugs(lexicon: Lexicon) -> None:
    assert lexicon.names["OpenAI"] == ("openai",)


def test_slugs_are_plain() -> None:
    assert slug_of("Zoë O’Brien & Søn") == "zoe-o-brien-son"


def test_extra_record_replaces_the_one_of_the_same_slug(tmp_path: Path) -> None:
    file = tmp_path / "companies.yml"
    file.write_text("openai: {name: OpenAI, aliases: [Open Brain]}\nvelmara: {name: Velmara}\n", encoding="utf-8")
    lexicon = load_lexicon(tmp_path)
    assert lexicon.records["openai"].aliases == ("Open Brain",)
    assert lexicon.records["velmara"].kind == "company"


WRONG = {
    "unknown-key": ("velmara:\n  name: Velmara\n  colour: red\n", "companies.yml:1: velmara: unknown key 'colour'"),
    "no-name": ("velmara: {country: US}\n", "companies.yml:1: velmara: no name"),
    "doubled-slug": ("velmara: {name: A}\nvelmara: {name: B}\n", "companies.yml:2: 'velmara' is there already"),
    "doubled-alias": ("a: {name: Velmara}\nb: {name: Velmar, aliases: [Velmara]}\n", "companies.yml:2: b: 'Velmara'"),
    "doubled-in-one-record": ("a: {name: Velmara, aliases: [Velmara]}\n", "companies.yml:1: a: 'Velmara'"),
    "unknown-parent": ("a: {name: A, parent: nobody}\n", "companies.yml:1: a: 'nobody' is no record"),
    "parent-of-wrong-kind": ("a: {name: A, parent: chatgpt}\n", "companies.yml:1: a: 'chatgpt' is a project"),
    "unknown-kind": ("a: {name: A, kind: shop}\n", "companies.yml:1: a: kind must be company, lab or nonprofit"),
    "country-read-as-no": ("a: {name: A, country: NO}\n", "companies.yml:1: a: country must be text"),
    "alias-no-list": ("a: {name: A, aliases: B}\n", "companies.yml:1: a: aliases must be a list"),
    "context-no-flag": ("a: {name: A, context: perhaps}\n", "companies.yml:1: a: context must be true or false"),
    "no-yaml": ("a: {name: A\n", "companies.yml:2"),
    "a-list": ("- a\n", "companies.yml:1: expected keys and values"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_file_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    content, message = WRONG[case]
    (tmp_path / "companies.yml").write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        load_lexicon(tmp_path / "companies.yml")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_file_of_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "firms.yml").write_text("", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"expected a file named companies\.yml"):
        load_lexicon(tmp_path / "firms.yml")


def test_missing_file_and_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no such file"):
        load_lexicon(tmp_path / "companies.yml")
    with pytest.raises(LexiconError, match="no file of the lexicon here"):
        load_lexicon(tmp_path)


def test_unknown_enforcer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text("a: {name: Some Act, type: privacy, enforcers: [nobody]}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"rules\.yml:1: a: 'nobody' is no record"):
        load_lexicon(tmp_path)


_WORD_LISTS = [
    "false_friends", "measures", "people_words", "places", "relevance", "shapes", "violation_words",
]  # fmt: skip


@pytest.mark.parametrize("stem", _WORD_LISTS)
def test_word_lists_hold_each_word_once(stem: str) -> None:
    for key, words in load_words(stem).items():
        doubled = sorted({word for word in words if words.count(word) > 1})
        assert not doubled, (stem, key)


def test_false_friends_are_names_that_ship(lexicon: Lexicon) -> None:
    assert [name for name in load_words("false_friends") if name not in lexicon.names] == []


def test_key_that_stands_twice_is_refused() -> None:
    assert read_yaml("jail: {verb: [get]}") == {"jail": {"verb": ["get"]}}
    with pytest.raises(LexiconError, match="'jail' stands twice"):
        read_yaml("frames:\n  jail: [get]\n  fine: [pay]\n  jail: [give]\n")
