"""Which characters a page's bytes stand for, and text that is fit to be kept."""

import codecs
import re
import unicodedata
from collections.abc import Iterator

MAX_BYTES = 5_000_000
"""What is read of a page; beyond that stand inlined images and attacks, not articles."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What browsers take a label for, where Python takes it more narrowly (WHATWG Encoding).
_BROAD = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "tis-620": "cp874", "iso8859-11": "cp874",
}  # fmt: skip
# Text codecs that no browser takes from a page, some of them a way to smuggle markup.
_REFUSED = {"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem", "utf-8"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_UNFIT = re.compile(
    # controls, soft hyphen and zero width marks, marks that turn the direction, lone surrogates, non-characters
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")


def decoded(raw: bytes, content_type: str | None = None) -> str:
    """The page as text: a byte order mark first, then valid UTF-8, then the header's and the page's own word."""
    raw = raw[:MAX_BYTES]
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if raw[:2000].count(0) > 200 and (name := next(_named(raw, content_type), "")).startswith("utf-16"):
        return raw.decode(name, "replace")
    if b"\x1b" in raw[:20000] and "iso2022_jp" in _named(raw, content_type):
        return raw.decode("iso2022_jp", "replace")
    text = raw.decode("utf-8", "replace")
    if _is_mostly(text):
        return text
    single = (name for name in _named(raw, content_type) if not name.startswith("utf-16"))
    return raw.decode(next(single, "cp1252"), "replace")


def _named(raw: bytes, content_type: str | None) -> Iterator[str]:
    """The character sets that the header names, then the one that the page does."""
    from bs4.dammit import EncodingDetector  # here: few pages need it, and it takes as long as five take to read

    labels = [found[1] for found in _CHARSET.finditer(content_type or "")]
    if declared := EncodingDetector.find_declared_encoding(raw[:8192], is_html=True, search_entire_document=True):
        labels.append(declared)
    return (name for label in labels if (name := _codec(label)))


def _is_mostly(text: str) -> bool:
    """Whether UTF-8 was right but for a few broken bytes: a page cut off, a character split by a gateway."""
    bad = text.count("\ufffd")
    return bad == 0 or bad * 20 < len(text) - len(text.encode("ascii", "ignore"))


def _codec(label: str) -> str | None:
    """Python's name for a character set; ``None`` for what is unknown or no character set of pages."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    if name in _REFUSED or name in {"hex", "base64", "bz2", "zlib", "uu", "quopri", "rot13"}:
        return None
    return _BROAD.get(name, name)


def cleaned(text: str) -> str:
    """Text in one normal form, without characters that nobody reads: NFC, ``\\n`` for every line end, no controls.

    >>> cleaned("Ame\u0301lie\\r\\nsaid\\x00 so")
    'Amélie\\nsaid so'
    """
    if text.isascii() and text.isprintable():  # as most are, and then there is nothing to look for
        return text
    return unicodedata.normalize("NFC", _UNFIT.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """Cleaned text with every run of white space as one space.

    >>> one_line("  A\\u00a0 title\\n")
    'A title'
    """
    return " ".join(cleaned(text).split())
