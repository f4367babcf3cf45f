"""Names of outlets as articles write them, and the sites they own."""

import re
from urllib.parse import urlsplit

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

_OUTLET = re.compile(
    r"(?:Times|Post|Journal|News|Herald|Tribune|Gazette|Guardian|Chronicle|Telegraph|Daily|Press|Courier|Observer|"
    r"Standard|Register|Globe|Mail|Mirror|Bulletin|Dispatch|Review|Ledger|Wire|Magazine|Today|TV|Radio|Verge|Insider|"
    r"Independent|Enquirer|Examiner|Network|NETWORK|Media|Sentinel|Argus|Echo|Advertiser)$"
)
DOMAIN = r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+"
"""A domain as texts write it."""
# What a run of capitalised words may begin with that is no part of a name.
_DAY = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|\d{4}"
)
_BEFORE_NAME = re.compile(
    rf"^(?:(?:On|In|Since|Last|This)\s+(?:{_DAY})\s+|(?:And|But|As|When|While|Since|After|Because|Yet|Then)\s+)+"
)
# An abbreviation ends a sentence when a word follows it that opens one.
_NEXT_SENTENCE = re.compile(
    r"(?<=\.)\s+(?:The|A|An|On|In|At|It|Its|He|She|They|We|But|And|As|That|This|These|Those|When|After|For|If)\b.*$"
)
_PERSONS_TITLE = re.compile(r"(?:Dr|Mrs?|Ms|Prof|Sir|Dame|Sen|Rep|Gov)")
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "gouv"}


def site_of(url: str) -> str:
    """The registered domain of an address, near enough: what one publisher owns.

    A bare address may serve several sites, each on its port.

    >>> site_of("https://news.example.co.uk/a"), site_of("http://127.0.0.2:80/a"), site_of("http://127.0.0.2:8311/a")
    ('example.co.uk', '127.0.0.2', '127.0.0.2:8311')
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host if port in (None, 80, 443) else f"{host}:{port}"
    if len(labels) < 3:
        return host
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def site_named(name: str) -> str:
    """The site that a name is the domain of, "" for other names."""
    return site_of(f"http://{bare_domain(name)}") if re.fullmatch(DOMAIN, name) else ""


def bare_domain(name: str) -> str:
    """A domain without what browsers put before it."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", name)


def is_own_name(name: str, url: str, publisher: str | None) -> bool:
    """Whether a name is that of the site itself: an agency's dateline on its own pages says nothing of copying."""
    label = site_of(url).partition(".")[0].replace("-", "")
    names = {squeezed(name), *(squeezed(alias) for alias, known in AGENCIES.items() if known == name)}
    if publisher:
        words = re.findall(r"\w+", publisher.casefold())
        if squeezed(publisher) in names or "".join(word[0] for word in words) in names:
            return True
        if is_short_form(name, publisher):
            return True
    return any(each == label or (len(each) > 1 and label.startswith(each)) for each in names)


def is_short_form(name: str, whole: str) -> bool:
    """Whether a name is the end of a longer one that outlets bear.

    >>> is_short_form("the Post", "The Lowmere Post"), is_short_form("Lowmere", "The Lowmere Post")
    (True, False)
    """
    short, words = _bare(name).split(), _bare(whole).split()
    return is_outlet(name) and 0 < len(short) < len(words) and words[-len(short) :] == short


def outlet_names(words: str) -> list[str]:
    """The outlets that a run of capitalised words names, without what else such a run may hold.

    >>> outlet_names("On Monday The Lowmere Post"), outlet_names("the Lowmere Post’s Ann Lee"), outlet_names("X. The")
    (['The Lowmere Post'], ['Lowmere Post'], ['X'])
    >>> outlet_names("The Kettle Times and The Lowmere Post"), outlet_names("AP"), outlet_names("Dr")
    (['The Kettle Times', 'The Lowmere Post'], ['Associated Press'], [])
    """
    name = _BEFORE_NAME.sub("", in_sentence(words.strip()))
    owner = re.match(r"(.+?)[’']s\s+(\S+\s+)?", name)
    if owner and (is_outlet(owner[1]) or (owner[2] and not is_outlet(name))):  # else as in "Reader’s Digest"
        name = owner[1]
    several = re.split(r"\s+and\s+(?=[Tt]he\s)", name)
    names = several if all(is_outlet(each) for each in several) else [name]
    return [tidy for each in names if (tidy := _tidy(each)) and not _PERSONS_TITLE.fullmatch(tidy)]


def in_sentence(words: str) -> str:
    """The words up to where an abbreviation ends their sentence.

    >>> in_sentence("Emails seen by the K.B.T. The")
    'Emails seen by the K.B.T.'
    """
    return _NEXT_SENTENCE.sub("", words)


def _tidy(name: str) -> str:
    name = re.sub(r"^the\s+|[’']s$", "", name.strip().rstrip(".,;:’'"))
    known = AGENCIES.get(name.replace(".", "").casefold())
    return known or (bare_domain(name) if re.fullmatch(DOMAIN, name) else name)


def _bare(name: str) -> str:
    return re.sub(r"^the\s+", "", " ".join(name.casefold().split()))


def squeezed(name: str) -> str:
    """A name as addresses bear it: lower case, without its article, spaces and marks."""
    return re.sub(r"\W+", "", _bare(name))


def is_outlet(name: str) -> bool:
    """Whether a name is an agency's or ends as newspapers' and stations' names do."""
    return name.casefold() in AGENCIES or bool(_OUTLET.search(name))
