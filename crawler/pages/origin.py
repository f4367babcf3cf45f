"""Where a story really came from: copies, credited outlets and documents, each with the words that say so."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.items import Hop
from crawler.pages.decode import one_line
from crawler.pages.markup import Markup

AGENCIES = {
    "ap": "Associated Press", "the ap": "Associated Press", "associated press": "Associated Press",
    "the associated press": "Associated Press", "reuters": "Reuters", "thomson reuters": "Reuters", "afp": "AFP",
    "agence france-presse": "AFP", "upi": "UPI", "dpa": "dpa", "deutsche presse-agentur": "dpa", "pa media": "PA Media",
    "press association": "PA Media", "bloomberg": "Bloomberg", "xinhua": "Xinhua", "pti": "PTI", "ians": "IANS",
    "ani": "ANI", "aap": "AAP", "kyodo": "Kyodo", "kyodo news": "Kyodo", "yonhap": "Yonhap", "efe": "EFE",
    "ansa": "ANSA", "apa": "APA", "sda": "Keystone-SDA", "tass": "TASS", "cnn": "CNN",
    "the canadian press": "The Canadian Press",
}  # fmt: skip
"""Names of news agencies, lower case, and the one name each is given."""

_TOKEN = r"(?:(?:[A-Z]\.)+(?=\s)|[A-Z0-9][\w&'’-]*(?:\.[\w&'’-]+)*)"
_PROPER = rf"(?:[Tt]he\s+)?{_TOKEN}(?:[ \xa0](?:of|and|&|the|de|la)[ \xa0]{_TOKEN}|[ \xa0]{_TOKEN}){{0,4}}"
_NAME = rf"(?P<name>{_PROPER})"
_DOMAIN = r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+"
_PLACE = rf"(?P<name>(?i:{_DOMAIN})|(?-i:{_PROPER}))"
_APPEARED = (
    r"(?:originally|first|previously)\s+(?:appeared|published|posted|ran|printed|written)\s*(?:on|in|at|by|for|with)?"
)
_COPIES = (
    (
        "article-from", 0.95,
        rf"^\W*(?:article|story|news|content)\s+(?:from|source)\s*:\s*(?P<name>{_DOMAIN}|\S.{{1,60}}?)\s*$",
    ),
    (
        "originally-appeared", 0.9,
        r"\b(?:article|story|post|piece|column|report|essay|content|version)\b[^.\n]{0,60}?\b"
        rf"{_APPEARED}\s+{_PLACE}",
    ),
    ("originally-appeared", 0.9, rf"^\W*{_APPEARED}\s+{_PLACE}"),
    (
        "republished", 0.9,
        r"\b(?:re-?published|re-?printed|reproduced|syndicated)\s+(?:here\s+)?"
        rf"(?:with\s+(?:the\s+)?(?:kind\s+)?permission\s+)?(?:from|of|by)\s+{_PLACE}",
    ),
)  # fmt: skip
_DATELINE = re.compile(r"^(?P<place>[A-ZÀ-Þ][\w.,'’/ -]{2,60}?\s*)?\((?P<name>[A-Z][\w .-]{1,30})\)\s*[-–—]", re.M)
_WHEN = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d|\d",
    re.I,
)
_REPORT = (
    r"(?:(?:a|an|the|its|their|his|her)\s+)?(?:\w+\s+){0,2}?"
    r"(?:report|reports|article|story|investigation|scoop|interview|reporting)\s+"
    r"(?:by|from|in|published\s+by|published\s+in|with)\s+"
)
_SEEN = r"\s+(?:seen|obtained|reviewed|viewed)\s+by\s+"
_CREDITS = (
    ("according-to", 0.9, rf"\b[Aa]ccording to {_REPORT}{_NAME}"),
    ("report-by", 0.8, rf"\b(?:[Ff]ollowing|[Aa]fter|[Cc]iting|[Ii]n|[Ss]ays?) {_REPORT}{_NAME}"),
    ("first-reported", 0.9, rf"\b(?:first|earlier|previously|originally)\s+reported\s+(?:by|in|on)\s+{_NAME}"),
    ("first-reported", 0.9, rf"{_NAME}\s+(?:first|earlier|previously)\s+reported\b"),
    ("as-reported-by", 0.8, rf"\b(?:as|was|were|been)\s+reported\s+by\s+{_NAME}"),
    ("seen-by", 0.8, rf"\b(?i:documents?|memos?|emails?|letters?|filings?|recordings?|messages){_SEEN}{_NAME}"),
)
# These name an outlet only if the name looks like one: people report, and are told things, as well.
_MENTIONS = (
    ("told", rf"\b(?:told|tells|interview with|statement to|speaking to)\s+{_NAME}"),
    ("reported", rf"{_NAME}\s+(?:reported|reports|has reported)\b"),
    ("via", rf"(?:^|\()\s*(?:[Vv]ia|VIA)\s*:?\s+{_NAME}\s*(?:\)|$)"),
)
_OUTLET = re.compile(
    r"(?:Times|Post|Journal|News|Herald|Tribune|Gazette|Guardian|Chronicle|Telegraph|Daily|Press|Courier|Observer|"
    r"Standard|Register|Globe|Mail|Mirror|Bulletin|Dispatch|Review|Ledger|Wire|Magazine|Today|TV|Radio|Verge|Insider|"
    r"Independent|Enquirer|Examiner|Network|NETWORK|Media|Sentinel|Argus|Echo|Advertiser)$"
)
_DOCUMENTS = (
    re.compile(
        r"\b(?:internal|leaked|confidential|unsealed|court|regulatory|redacted)\s+(?:[A-Z][\w’'-]*\s+){0,3}"
        r"(?:documents?|memos?|emails?|filings?|records|papers|presentations?|files|messages)\b"
    ),
    re.compile(
        r"\b(?:[A-Z][\w-]*(?:\s+[A-Z][\w-]*){0,2})[’']s?\s+(?:own\s+)?(?:terms\s+of\s+(?:service|use)|privacy\s+policy|"
        r"usage\s+polic(?:y|ies)|acceptable\s+use\s+policy|licen[cs]e\s+agreement)\b"
    ),
    re.compile(r"\b(?:legal|securities|SEC|FTC)\s+(?:filings?|papers|documents?|records)\b"),
    re.compile(r"\b(?:documents?|memos?|emails?|letters?|filings?)(?=\s+(?:seen|obtained|reviewed|viewed)\s+by\s)"),
)
_REDIRECT = re.compile(
    r"""\s*(?:(?:window|top|self|document)\.)*location(?:\.href)?\s*(?:=|\.replace\(|\.assign\()\s*["'](https?://[^"']{4,500})["']"""
)
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "gouv"}


def site_of(url: str) -> str:
    """The registered domain of an address, near enough: what one publisher owns.

    >>> site_of("https://news.example.co.uk/a"), site_of("http://127.0.0.2:80/a")
    ('example.co.uk', '127.0.0.2')
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    labels = host.split(".")
    if len(labels) < 3 or labels[-1].isdigit() or ":" in host:
        return host
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def hops(
    text: str,
    rest: str,
    url: str,
    *,
    tree: HtmlElement | None = None,
    markup: Markup | None = None,
    own: str | None = None,
) -> tuple[Hop, ...]:
    """The source chain of an article, copies first.

    ``rest`` is what was cut from its text, ``own`` its publisher's name. A credited outlet's
    article was not fetched: such a hop has no ``url`` unless the page links it.
    """
    found: dict[tuple[str, str], Hop] = {}
    steps = [*_pointed(markup, tree, url)] if tree is not None and markup is not None else []
    steps += [*_copies(text, rest), *_credits(text), *_documents(text)]
    for hop in steps:
        if hop.url is None and tree is not None:
            hop = _with_address(hop, tree, url)
        if hop.kind == "document" or not (_is_own_site(hop, url) or _is_own_name(hop.name, url, own)):
            found.setdefault((hop.kind, hop.name.casefold()), hop)
    return tuple(found.values())


def _is_own_site(hop: Hop, url: str) -> bool:
    own = site_of(url)
    return bool(own) and _site_named(hop) == own


def _is_own_name(name: str, url: str, publisher: str | None) -> bool:
    """Whether a name is that of the site itself: an agency's dateline on its own pages says nothing of copying."""
    label = site_of(url).partition(".")[0].replace("-", "")
    names = {_squeezed(name), *(_squeezed(alias) for alias, known in AGENCIES.items() if known == name)}
    if publisher:
        words = re.findall(r"\w+", publisher.casefold())
        if _squeezed(publisher) in names or "".join(word[0] for word in words) in names:
            return True
    return any(each == label or (len(each) > 1 and label.startswith(each)) for each in names)


def _squeezed(name: str) -> str:
    return re.sub(r"\W+", "", re.sub(r"^the\s+", "", name.casefold()))


def _site_named(hop: Hop) -> str:
    if hop.url:
        return site_of(hop.url)
    return site_of(f"http://{hop.name}") if re.fullmatch(_DOMAIN, hop.name) else ""


def _pointed(markup: Markup, tree: HtmlElement, url: str) -> Iterator[Hop]:
    """Addresses on other sites that the markup gives as the article's own or its original."""
    based = markup.article.get("isBasedOn")
    candidates: list[tuple[str, float, Iterable[str]]] = [
        ("canonical", 0.9, [markup.links.get("canonical", "")]),
        ("original-source", 0.9, [*markup.meta.get("original-source", ()), *markup.meta.get("syndication-source", ())]),
        ("is-based-on", 0.9, _addresses(based)),
        ("og-url", 0.8, markup.meta.get("og:url", ())),
        ("main-entity", 0.7, _addresses(markup.article.get("mainEntityOfPage"))),
        ("refresh", 0.7, [value.partition("=")[2].strip(" '\"") for value in markup.meta.get("refresh", ())]),
        ("script-redirect", 0.6, _redirects(tree)),
    ]
    for method, confidence, values in candidates:
        for value in values:
            address = _absolute(value, url)
            if address and _is_article(address, method) and site_of(address) != site_of(url):
                yield Hop(
                    kind="copy_of",
                    name=urlsplit(address).hostname or "",
                    url=address,
                    method=method,
                    confidence=confidence,
                    words=value,
                )


def _is_article(address: str, method: str) -> bool:
    """Whether an address can be one article's: front pages and placeholders stand there by mistake."""
    parts = urlsplit(address)
    where = parts.path.strip("/") + parts.query
    if method == "main-entity":  # often left as a template had it, such as https://google.com/article
        return bool(re.search(r"[-\d_/]", where))
    return bool(parts.hostname and where)


def _addresses(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    found = [item.get("@id") or item.get("url") if isinstance(item, dict) else item for item in items[:10]]
    return [item for item in found if isinstance(item, str)]


def _redirects(tree: HtmlElement) -> list[str]:
    scripts = [element.text or "" for element in tree.iter("script") if len(element.text or "") < 500]
    return [found[1] for script in scripts if (found := _REDIRECT.match(script))]


def _absolute(value: str, url: str) -> str | None:
    try:
        address = urljoin(url, value.strip())
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def _copies(text: str, rest: str) -> Iterator[Hop]:
    edges = text[-1500:] + "\n" + rest
    for method, confidence, pattern in _COPIES:
        for found in re.finditer(pattern, edges, re.I | re.M):
            name = _tidy(found["name"])
            if name and not _WHEN.match(name):
                yield Hop(kind="copy_of", name=name, method=method, confidence=confidence, words=found[0].strip())
    if line := _DATELINE.search(text[:300]):
        name, place = line["name"].strip(), (line["place"] or "").strip()
        known = AGENCIES.get(name.casefold())
        if known or place.rstrip(",").isupper():
            confidence = 0.8 if known else 0.6
            yield Hop(
                kind="copy_of", name=known or name, method="dateline", confidence=confidence, words=line[0].strip()
            )


def _credits(text: str) -> Iterator[Hop]:
    for method, confidence, pattern in _CREDITS:
        for found in re.finditer(pattern, text):
            yield Hop(kind="credited", name=_tidy(found["name"]), method=method, confidence=confidence, words=found[0])
    for method, pattern in _MENTIONS:
        for found in re.finditer(pattern, text, re.M):
            name = _tidy(found["name"])
            if is_outlet(name):
                yield Hop(
                    kind="credited",
                    name=AGENCIES.get(name.casefold(), name),
                    method=method,
                    confidence=0.8,
                    words=found[0],
                )


def is_outlet(name: str) -> bool:
    """Whether a name is an agency's or ends as newspapers' and stations' names do."""
    return name.casefold() in AGENCIES or bool(_OUTLET.search(name))


def _documents(text: str) -> Iterator[Hop]:
    taken: list[tuple[int, int]] = []
    for pattern in _DOCUMENTS:
        for found in pattern.finditer(text):
            words = found[0].strip()
            if any(start <= found.start() and found.end() <= end for start, end in taken):
                continue
            taken.append(found.span())
            yield Hop(kind="document", name=words, method="document-named", confidence=0.7, words=words)


def _tidy(name: str) -> str:
    name = re.sub(r"^the\s+|[’']s$", "", name.strip().rstrip(".,;:’'"))
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", name) if re.fullmatch(_DOMAIN, name) else name


def _with_address(hop: Hop, tree: HtmlElement, url: str) -> Hop:
    """The hop with the address the page links its name to, if it does."""
    if hop.kind == "document":
        return hop
    wanted = hop.name.casefold()
    for element in tree.iter("a"):
        words = one_line(element.text_content()[:200])
        if words.casefold() == wanted or (words.casefold().startswith(f"{wanted} ") and len(words.split()) <= 6):
            address = _absolute(element.get("href") or "", url)
            if address and site_of(address) != site_of(url):
                return replace(hop, url=address, name=words)
    return hop
