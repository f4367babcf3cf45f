"""What `blotter add` makes of the words it is given."""

from pathlib import Path

import pytest

from crawler.inputs import Given, InputError, addresses, given, kind_of, saved


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><title>A</title>", "utf-8")
    return path


def test_addresses_and_files_may_be_mixed(page: Path) -> None:
    found = given(["https://a.example/1", str(page)], url=None, listed=[])
    assert found == [Given(url="https://a.example/1"), Given(path=page)]
    assert list(addresses(found)) == ["https://a.example/1"]


def test_a_dash_reads_addresses_and_files_from_the_list(page: Path) -> None:
    found = given(["-"], url=None, listed=["https://a.example/1\n", "\n", f"https://a.example/2\t{page}\n"])
    assert found == [Given(url="https://a.example/1"), Given(url="https://a.example/2", path=page)]


def test_url_names_the_address_of_one_file(page: Path) -> None:
    assert given([str(page)], url="https://a.example/1", listed=[]) == [Given(url="https://a.example/1", path=page)]


@pytest.mark.parametrize(
    ("words", "url", "listed", "message"),
    [
        (["nothing.html"], None, [], "nothing.html: no such file"),
        (["."], None, [], ".: is a folder"),
        (["-"], None, ["ftp://a.example/1\n"], "-: line 1: expected URL or URL<TAB>FILE"),
        (["https://a.example/1"], "https://a.example/2", [], "--url names the address of one file"),
    ],
    ids=["missing", "folder", "bad line", "url without file"],
)
def test_what_cannot_be_added_is_refused_in_one_line(words, url, listed, message) -> None:
    with pytest.raises(InputError) as refused:
        given(words, url=url, listed=listed)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_url_must_be_an_address(page: Path) -> None:
    with pytest.raises(InputError, match="expected an http or https address"):
        given([str(page)], url="a.example", listed=[])


def test_a_file_without_an_address_is_known_by_its_bytes(page: Path) -> None:
    first, second = (saved(Given(path=page), fetched=None) for _ in range(2))
    assert first.url.startswith("urn:sha256:")
    assert first == second


def test_utf_16_is_text_and_not_binary() -> None:
    assert kind_of("<html><p>A".encode("utf-16")) == "page"
    assert kind_of("A headline".encode("utf-16")) == "plain"
