"""How the site words things: a violation is always a claim, a date never more exact than the page it stands on."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

Row = Mapping[str, Any]
"""A row of the database, by column name."""

STATUS = {
    "hypothetical": ("Hypothetical", "Said to be possible; nobody says it happened."),
    "alleged": ("Alleged", "Somebody says so; no authority or court has decided."),
    "under_investigation": (
        "Under investigation",
        "An authority, or whoever made the rule, is reported to be looking into it.",
    ),
    "found": ("Reported as found", "A court, authority or rule owner is reported to have found or punished it."),
    "admitted": ("Reported as admitted", "The one accused is reported to have admitted it."),
    "settled": ("Reported as settled", "The parties are reported to have settled; that admits nothing."),
    "dismissed": ("Reported as dismissed", "The claim is reported to have been dismissed or dropped."),
    "denied": ("Denied", "The one accused is reported to deny it, and nobody has decided."),
}
"""Status → badge, and what it means."""
_CLAIMS = {
    "hypothetical": "{who} could {verb[0]} {rule}",
    "alleged": "{who} is alleged to have {verb[1]} {rule}",
    "under_investigation": "{who} is reported to be under investigation over {rule}",
    "found": "{who} is reported to have been found to have {verb[1]} {rule}",
    "admitted": "{who} is reported to have admitted {verb[2]} {rule}",
    "settled": "{who} is reported to have settled a claim over {rule}",
    "dismissed": "A claim that {who} {verb[3]} {rule} is reported to have been dismissed",
    "denied": "{who} is reported to deny having {verb[1]} {rule}",
}
_BROKEN = ("break", "broken", "breaking", "broke")
_INFRINGED = ("infringe", "infringed", "infringing", "infringed")
_RIGHTS = ("copyright", "trademark", "patent", "trade_secret", "publicity_rights")
"""Rules that somebody owns and others infringe."""
_SOMEBODYS = ("terms_of_service", "licence", "contract")
"""Rules of which a reader asks at once whose they are."""
_RULE_TYPES = {
    "terms_of_service": "terms of service",
    "licence": "a licence",
    "publicity_rights": "publicity rights",
    "export_control_sanctions": "export controls or sanctions",
    "ai_regulation": "AI regulation",
    "court_order": "a court order",
    "crime": "criminal law",
    "unspecified": "a rule that the article does not name",
    "voluntary_commitment": "a voluntary commitment",
    "internal_policy": "its own policy",
    "competition": "competition law",
    "securities": "securities law",
    "privacy": "privacy or data protection law",
    "safety": "safety rules",
    "labour": "labour law",
    "discrimination": "rules against discrimination",
    "consumer_protection": "consumer protection law",
    "election": "election law",
    "insurance": "insurance law",
    "content_regulation": "content regulation",
    "professional_conduct": "rules of professional conduct",
    "computer_misuse": "computer misuse law",
    "trademark": "a trademark",
    "trade_secret": "a trade secret",
}
KINDS = {
    "company": ("Company", "Companies"),
    "project": ("Project", "Projects and products"),
    "person": ("Person", "People"),
    "authority": ("Authority", "Authorities and courts"),
    "outlet": ("Outlet", "Outlets"),
    "rule": ("Rule", "Laws and rules"),
    "organisation": ("Organisation", "Organisations of unknown kind"),
}
HOPS = {
    "copy_of": "says it is a copy of",
    "credited": "credits",
    "document": "rests on",
}
TIES = {
    "maker_of": "makes",
    "owner_of": "owns",
    "parent_of": "is the parent of",
    "spokesperson_of": "speaks for",
    "employee_of": "works for",
}
QUOTE_KINDS = {"direct": "quote", "mixed": "partly quoted", "indirect": "paraphrase"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}


def badge(status: str) -> str:
    """What the badge of a status says.

    >>> badge("found")
    'Reported as found'
    """
    return STATUS[status][0] if status in STATUS else plain(status)


def claim(violation: Row) -> str:
    """One violation as a claim, never as a fact.

    >>> claim({"status": "alleged", "violator": "Quillby AI", "rule": "terms of service",
    ...        "rule_type": "terms_of_service", "rule_owner": "Marrowgate Labs"})
    'Quillby AI is alleged to have broken Marrowgate Labs’ terms of service'
    """
    who = violation["violator"] or "somebody not named"
    verb = _INFRINGED if violation["rule_type"] in _RIGHTS else _BROKEN
    form = _CLAIMS.get(violation["status"], _CLAIMS["alleged"])
    sentence = form.format(who=who, rule=rule(violation), verb=verb)
    return sentence[0].upper() + sentence[1:]


def rule(violation: Row) -> str:
    """The rule of a violation and whose it is, as a phrase.

    >>> rule({"rule": "Equal Work Act", "rule_type": "discrimination", "rule_owner": None})
    'the Equal Work Act'
    >>> rule({"rule": "Marrowgate’s terms", "rule_type": "terms_of_service", "rule_owner": "Marrowgate Labs"})
    'Marrowgate’s terms'
    >>> rule({"rule": "its terms", "rule_type": "terms_of_service", "rule_owner": "Marrowgate"})
    'Marrowgate’s terms'
    >>> rule({"rule": None, "rule_type": "terms_of_service", "rule_owner": None})
    'terms of service (whose, is not known here)'
    """
    named, owner = violation["rule"] or rule_type(violation["rule_type"]), violation["rule_owner"]
    if owner and not _says_whose(named, owner):
        bare = re.sub(r"(?i)^(?:the|an?|its|their|his|her|our)\s+", "", named)
        return f"{possessive(owner)} {bare}"
    if not owner and violation["rule_type"] in _SOMEBODYS and not re.search(r"['’]s?\s", named):
        return f"{named} (whose, is not known here)"
    return f"the {named}" if re.search(r"\b(?:Act|Code|Law|Directive|Regulation|Ordinance)$", named) else named


def possessive(name: str) -> str:
    """A name as the owner of something.

    >>> possessive("Marrowgate"), possessive("Marrowgate Labs")
    ('Marrowgate’s', 'Marrowgate Labs’')
    """
    return f"{name}’" if name.casefold().endswith("s") else f"{name}’s"


def _says_whose(named: str, owner: str) -> bool:
    """Does the rule name its owner, in full or by the first word of the name with a possessive."""
    short = re.escape(owner.split()[0])
    return owner.casefold() in named.casefold() or bool(re.search(rf"(?i)\b{short}['’]", named))


def rule_type(code: str) -> str:
    """A code of `RULE_TYPES` in plain words.

    >>> rule_type("copyright"), rule_type("crime")
    ('copyright', 'criminal law')
    """
    return _RULE_TYPES.get(code, plain(code))


def says_who(violation: Row) -> str:
    """Who makes the claim: the claimant that the article names, else the outlet that reports it."""
    return str(violation["claimant"] or violation["outlet"])


def plain(code: str) -> str:
    """A code in plain words.

    >>> plain("account_suspension")
    'account suspension'
    """
    return code.replace("_", " ")


def money(amount: float | None, currency: str | None) -> str:
    """An amount for reading; empty if there is none.

    >>> money(4200000.0, "EUR"), money(750000, "CHF"), money(None, None)
    ('€4.2 million', 'CHF 750,000', '')
    """
    if amount is None:
        return ""
    sign = _SYMBOLS.get(currency or "", f"{currency} " if currency else "")
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if amount >= size:
            return f"{sign}{amount / size:,.3f}".rstrip("0").rstrip(".") + f" {word}"
    return f"{sign}{amount:,.2f}".removesuffix(".00")


@lru_cache(maxsize=20_000)  # the days of fifty years
def interval(first: str | None, last: str | None) -> str:
    """Two ISO days as one date, no more exact than they are.

    >>> interval("2025-03-03", "2025-03-03"), interval("2023-12-01", "2023-12-31"), interval(None, None)
    ('3 March 2025', 'December 2023', 'date unknown')
    >>> interval("2025-03-03", "2025-04-09"), interval("2023-01-01", "2023-12-31")
    ('between 3 March and 9 April 2025', '2023')
    """
    if not first:
        return "date unknown"
    start = date.fromisoformat(first[:10])
    end = date.fromisoformat((last or first)[:10])
    if start == end:
        return _day(start)
    is_from_first = start.day == 1
    is_to_last = (date.fromordinal(end.toordinal() + 1)).day == 1
    if is_from_first and is_to_last and start.year == end.year:
        if start.month == end.month:
            return f"{_MONTHS[start.month - 1]} {start.year}"
        if (start.month, end.month) == (1, 12):
            return str(start.year)
    left = _day(start).removesuffix(f" {end.year}")
    return f"between {left} and {_day(end)}"


def day(moment: str | None) -> str:
    """An ISO day or moment as a date.

    >>> day("2026-11-24T03:39:18Z"), day(None)
    ('24 November 2026', 'date unknown')
    """
    return _day(date.fromisoformat(moment[:10])) if moment else "date unknown"


def moment(stamp: str | None) -> str:
    """A stored time for reading.

    >>> moment("2026-11-24T03:39:18Z")
    '24 November 2026, 03:39 UTC'
    """
    return f"{day(stamp)}, {stamp[11:16]} UTC" if stamp and len(stamp) > 10 else day(stamp)


def month(code: str | None) -> str:
    """A stored month for reading.

    >>> month("2025-03")
    'March 2025'
    """
    return f"{_MONTHS[int(code[5:7]) - 1]} {code[:4]}" if code else "month unknown"


def count(number: int | None, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "copy", "copies"), count(1200, "quote")
    ('1 copy', '1,200 quotes')
    """
    return f"{number or 0:,} {one if number == 1 else many or one + 's'}"


def told_with(quote: Row) -> str:
    """How the article passes on what is not all in the speaker's words: a denial must not read as what it denies.

    >>> told_with({"kind": "indirect", "cue": "denied"}), told_with({"kind": "direct", "cue": "said"})
    (' (“denied”)', '')
    """
    return f" (“{quote['cue']}”)" if quote["kind"] != "direct" and quote["cue"] else ""


def outward(url: str | None) -> str | None:
    """The address, if it is one that a reader may be sent to; ``None`` for any other.

    >>> outward("https://paper.example/a"), outward("javascript:alert(1)"), outward("https:evil")
    ('https://paper.example/a', None, None)
    """
    if not url or any(ord(c) < 33 for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def host(url: str | None) -> str:
    """The host of an address, for people."""
    return urlsplit(url).netloc.removeprefix("www.") if outward(url) and url else ""


def _day(moment: date) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
