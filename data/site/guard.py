"""What protects the site and its readers: headers, limits of a connection, what crawlers may walk."""

import re
import sqlite3
from urllib.parse import parse_qsl, urlencode

HEADERS = (
    (b"content-security-policy",
     b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
     b" frame-ancestors 'none'; connect-src 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"interest-cohort=(), camera=(), geolocation=(), microphone=()"),
)  # fmt: skip
LONGEST = 2_000_000
"""Bytes of one value: above the longest article; without a limit one address makes an answer of 400 MB."""
_ROBOTS = """User-agent: *
Disallow: {base}*?
Disallow: {base}-/
Disallow: {base}search
Disallow: {base}correct
Disallow: {base}*.json$
Disallow: {base}*.csv$
Disallow: {base}*.db$
"""


def robots(base: str) -> str:
    """A robots.txt that lets the pages in and the endless queries out."""
    return _ROBOTS.format(base=base)


def tamed(query: bytes) -> bytes:
    """A query string without NUL and without a search for nothing: both would be answered with an error of SQL.

    >>> tamed(b"_search=%22&kind=company"), tamed(b"_search=fined")
    (b'kind=company', b'_search=fined')
    """
    query = query.replace(b"%00", b"+")
    if b"_search" not in query:
        return query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(k, v) for k, v in pairs if not k.startswith("_search") or re.search(r"\w", v)]).encode()


def limit(conn: sqlite3.Connection) -> None:
    """Bound what one query can make of a connection that only reads."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    conn.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 20_000)
    conn.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
