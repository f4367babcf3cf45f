"""Addresses: which one stands for an article, which id that gives, and which must not be connected to."""

import hashlib
import ipaddress
import posixpath
import re
import socket
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "at_", "ns_", "ga_", "hsa_", "wt_", "_hs", "oly_", "vero_", "guce_")
_TRACKING = {
    "cmp", "cmpid", "dclid", "fbclid", "ftag", "gclid", "gclsrc", "guccounter", "icid", "igshid", "ito", "mc_cid",
    "mc_eid", "mkt_tok", "mod", "msclkid", "ocid", "ref", "ref_src", "ref_url", "s_cid", "sh", "smid", "smtyp", "spm",
    "sref", "taid", "trk", "twclid", "yclid", "_ga", "_gl", "__twitter_impression",
}  # fmt: skip
# Parameters that ask for another view of the same article: for AMP, or to be printed.
_VIEWS = {
    ("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("print", ""), ("print", "1"), ("print", "true"),
    ("print", "yes"), ("print", "print"), ("printable", "1"), ("printable", "true"), ("view", "print"),
    ("output", "print"), ("format", "print"), ("mode", "print"), ("printerfriendly", "true"),
}  # fmt: skip
_PRINT_PATH = re.compile(r"(?<=[a-z\d]-)([a-z\d-]+)/print(?:er-friendly)?/?$", re.I)
"""Only after words joined by hyphens, as articles are called: a section may be called "print" as well."""
# Addresses through which others lead on, and the parameters in which they say where to.
_WRAPPERS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/url"), ("url", "q")),
    (re.compile(r"lm?\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"l\.instagram\.com/"), ("u",)),
    (re.compile(r"(?:www\.)?bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"duckduckgo\.com/l/"), ("uddg",)),
    (re.compile(r"[\w.]*\.safelinks\.protection\.outlook\.com/"), ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com/redirect"), ("q",)),
)
_AMP_CACHE = re.compile(r"^/(?:[acirv]/)?(?P<tls>s/)?(?P<rest>[^/]+\.[^/]+/.*)$")
_SAFE = "/%:@!$&'()*+,;=~-._"
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Of what `ipaddress` calls global: multicast; addresses that carry an IPv4 address inside (NAT64, 6to4 and its relays,
# Teredo, IPv4-compatible), behind which a translator could reach a private one; and the old site-local block.
_NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in (
        "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip


def canonical_url(url: str) -> str:
    """The one address under which an article is known; what is no web address is given back as it came.

    >>> canonical_url("HTTPS://Example.com/a/?utm_source=x&id=7#top")
    'https://example.com/a?id=7'
    >>> canonical_url("https://example-com.cdn.ampproject.org/c/s/example.com/news/story/amp/")
    'https://example.com/news/story'
    >>> canonical_url("https://www.google.com/url?q=https://example.com/oil-spill/print/&sa=D")
    'https://example.com/oil-spill'
    """
    parts = _unwrapped(_split(url))
    if parts.scheme not in _DEFAULT_PORTS:
        return url.strip()
    path = _path(parts.path)
    path = re.sub(r"(?<=[^/])/amp/?$|(?<=\w)\.amp(?=(?:\.html?)?$)", "", path)
    path = _PRINT_PATH.sub(r"\1", path)
    query = urlencode(sorted(_kept_parameters(parts.query, views=True)))
    return _joined(parts.scheme, _netloc(parts), path.rstrip("/") or "/", query)


def fetch_url(url: str) -> str:
    """The address as announced, to be asked for: without tracking parameters and fragment, in clean characters.

    >>> fetch_url(" http://Example.com:80/a b/?utm_medium=rss&q=1#x ")
    'http://example.com/a%20b/?q=1'
    """
    parts = _led_to(_split(url))
    if parts.scheme not in _DEFAULT_PORTS:
        return url.strip()
    return _joined(parts.scheme, _netloc(parts), _path(parts.path), urlencode(_kept_parameters(parts.query)))


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address with a host.

    >>> [is_web_address(u) for u in ("https://example.com/a", "ftp://example.com", "mailto:a@example.com", "http://[")]
    [True, False, False, False]
    """
    try:
        parts = _split(url)
    except ValueError:
        return False
    return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and len(url) <= 2048


def article_id(url: str) -> int:
    """53 bits of the SHA-256 of the canonical URL, exact in JavaScript; never 0.

    >>> article_id("https://example.com/a#b") == article_id("https://EXAMPLE.com/a/")
    True
    """
    digest = hashlib.sha256(canonical_url(url).encode("utf-8", "replace")).digest()
    return (int.from_bytes(digest[:7], "big") >> 3) or 1


def file_url(data: bytes) -> str:
    """The address of a file that came without one.

    >>> file_url(b"")[:23]
    'urn:sha256:e3b0c44298fc'
    """
    return f"urn:sha256:{hashlib.sha256(data).hexdigest()}"


def host_of(url: str) -> str:
    """The host of an address in lower case, "" if it has none.

    >>> host_of("https://News.Example.com:8443/a")
    'news.example.com'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def literal_address(host: str) -> IPAddress | None:
    """The IP address that a host is, in any of the ways to write one that a resolver takes; ``None`` for a name.

    >>> [str(literal_address(h)) for h in ("0x7f000001", "127.1", "[::1]", "example.com")]
    ['127.0.0.1', '127.0.0.1', '::1', 'None']
    """
    host = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except OSError:
        return None


def is_public_address(address: str | IPAddress) -> bool:
    """Whether an IP address belongs to a machine on the open internet.

    >>> [is_public_address(a) for a in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1")]
    [True, False, False, False, False]
    """
    ip = literal_address(address) if isinstance(address, str) else address
    if ip is None:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)


def _split(url: str) -> SplitResult:
    parts = urlsplit(re.sub(r"[\t\r\n]", "", url.strip()))
    _ = parts.port  # raises ValueError for a port that is no number
    return parts


def _unwrapped(parts: SplitResult) -> SplitResult:
    """What an AMP cache shows a copy of; the parts themselves if it is none."""
    parts = _led_to(parts)
    host = parts.hostname or ""
    path = parts.path
    if re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host) and path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    elif not host.endswith(".cdn.ampproject.org"):
        return parts
    if not (found := _AMP_CACHE.match(path)):
        return parts
    query = f"?{parts.query}" if parts.query else ""
    return _split(f"{'https' if found['tls'] else 'http'}://{found['rest']}{query}")


def _led_to(parts: SplitResult) -> SplitResult:
    """Where an address leads that only counts clicks; the parts themselves if it is none."""
    where = f"{parts.hostname or ''}{parts.path}"
    for pattern, names in _WRAPPERS:
        if pattern.fullmatch(where):
            given = [value for name, value in parse_qsl(parts.query) if name in names]
            return next((_split(value) for value in given if is_web_address(value)), parts)
    return parts


def _netloc(parts: SplitResult) -> str:
    """Host and port, without user, password and default port."""
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host)
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{parts.port}"


def _path(path: str) -> str:
    """The path without dot segments and with one spelling of escapes; a last slash stays."""
    path = re.sub(r"%[0-9a-fA-F]{2}", _one_spelling, quote(path, safe=_SAFE))
    if "/." in path:
        last = "/" if path.endswith(("/", "/.", "/..")) else ""
        path = posixpath.normpath(path).rstrip("/") + last
    return re.sub(r"^/{2,}", "/", path) or "/"


def _one_spelling(escape: re.Match[str]) -> str:
    char = chr(int(escape[0][1:], 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else escape[0].upper()


def _kept_parameters(query: str, *, views: bool = False) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=None, errors="surrogateescape")
        if name.lower() not in _TRACKING
        and not name.lower().startswith(_TRACKING_PREFIXES)
        and not (views and (name.lower(), value.lower()) in _VIEWS)
    ]


def _joined(scheme: str, netloc: str, path: str, query: str) -> str:
    return f"{scheme}://{netloc}{path}{'?' + query if query else ''}"
