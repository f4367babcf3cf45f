"""Which characters a page's bytes stand for."""

import pytest

from crawler.pages.decode import MAX_BYTES, cleaned, decoded, one_line

WORDS = "Amélie said “no” – twice"


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (WORDS.encode(), None),
        (WORDS.encode(), "text/html; charset=iso-8859-1"),
        (b"<meta charset=windows-1252>" + WORDS.encode(), "text/html; charset=ascii"),
        (WORDS.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (b"<meta charset='iso-8859-1'>" + WORDS.encode("cp1252"), None),
        (b"<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>" + WORDS.encode("cp1252"), None),
        (WORDS.encode("cp1252"), None),
        (WORDS.encode("cp1252"), "text/html; charset=bogus"),
        (WORDS.encode("cp1252"), "text/html; charset=utf-7"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=cp1252"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "text/html; charset=utf-8"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), None),
    ],
)
def test_decoded(raw: bytes, content_type: str | None) -> None:
    assert decoded(raw, content_type).endswith(WORDS)


def test_one_broken_byte_does_not_change_the_character_set() -> None:
    raw = ("é" * 100).encode() + b"\xff" + "é".encode()
    assert decoded(raw) == "é" * 100 + "\ufffd" + "é"


@pytest.mark.parametrize("label", ["shift_jis", "euc-jp", "gb2312", "big5", "euc-kr", "koi8-r"])
def test_declared_character_sets(label: str) -> None:
    words = {"koi8-r": "Новости", "euc-kr": "뉴스 기사", "big5": "新聞報導", "gb2312": "新闻报道"}.get(
        label, "新聞の記事"
    )
    assert decoded(words.encode(label) * 5, f"text/html; charset={label}") == words * 5


def test_no_more_is_read_than_the_limit() -> None:
    assert len(decoded(b"a" * (MAX_BYTES + 5))) == MAX_BYTES


def test_cleaned_has_no_character_that_nobody_reads() -> None:
    assert cleaned("a\x00b\u200b\u202ec\ud800d\ufeff\x1b\r\ne\u2028f") == "abcd\ne\nf"
    assert cleaned("Ame\u0301lie") == "Amélie"
    assert one_line("  a\u00a0 b\n c ") == "a b c"
