"""What it cost: sums of money with their currency, imposed or sought, and how long something lasts."""

import re
from dataclasses import dataclass

_SYMBOL = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "¥": "JPY",
    "jpy": "JPY",
    "₩": "KRW",
    "krw": "KRW",
    "₹": "INR",
    "rs": "INR",
    "rs.": "INR",
    "inr": "INR",
    "a$": "AUD",
    "aud": "AUD",
    "c$": "CAD",
    "cad": "CAD",
    "ca$": "CAD",
    "au$": "AUD",
    "s$": "SGD",
    "hk$": "HKD",
    "nz$": "NZD",
    "r$": "BRL",
    "chf": "CHF",
    "rmb": "CNY",
    "cny": "CNY",
    "cn¥": "CNY",
    "₺": "TRY",
    "₽": "RUB",
    "₦": "NGN",
    "zł": "PLN",
    "nt$": "TWD",
}
_WORD = {
    "dollar": "USD",
    "us dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "yen": "JPY",
    "won": "KRW",
    "rupee": "INR",
    "yuan": "CNY",
    "renminbi": "CNY",
    "franc": "CHF",
    "swiss franc": "CHF",
    "zloty": "PLN",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "NOK",
    "kroner": "NOK",
    "danish kroner": "DKK",
    "norwegian kroner": "NOK",
    "swedish kronor": "SEK",
    "real": "BRL",
    "reais": "BRL",
    "ruble": "RUB",
    "rouble": "RUB",
    "lira": "TRY",
    "australian dollar": "AUD",
    "canadian dollar": "CAD",
    "singapore dollar": "SGD",
    "naira": "NGN",
    "rand": "ZAR",
    "peso": "MXN",
    "shekel": "ILS",
    "forint": "HUF",
}
_SCALE = {
    "k": 1e3,
    "thousand": 1e3,
    "lakh": 1e5,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "crore": 1e7,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_NUMBER = r"\d{1,3}(?:[,.\u00a0 ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES = r"thousand|lakh|crore|million|billion|trillion|mln|mn|bn|tn|k|m|b"
MONEY = re.compile(
    rf"(?P<symbol>(?:us|a|c|ca|au|s|hk|nz|r|nt)?\$|€|£|cn¥|¥|₩|₹|₺|₽|₦|\b(?:eur|usd|gbp|chf|inr|rs\.?|krw|rmb|aud"
    rf"|cad|jpy))\s?(?P<n1>{_NUMBER})(?:[\s-]?(?P<s1>{_SCALES})\b)?"
    rf"|\b(?P<n2>{_NUMBER}|one|two|three|four|five|six|seven|eight|nine|ten|half a)(?:[\s-]?(?P<s2>{_SCALES}))?[\s-]"
    r"(?P<word>(?:us |australian |canadian |singapore |swiss |danish |swedish |norwegian )?(?:dollar|euro|pound"
    r"|yen|won|rupee|yuan|renminbi|franc|zloty|krona|kronor|krone|kroner|reais|real|ruble|rouble|lira|naira|rand"
    r"|peso|shekel|forint)s?|eur|usd|gbp|chf|krw)\b",
    re.IGNORECASE,
)
_NUMERALS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "half a": 0.5,
}
# Words that a sanction's amount hangs on, and words whose amounts are something else.
_PAYS = re.compile(
    r"\b(?:fin(?:e|es|ed|ing)|penalt(?:y|ies)|pay|pays|paid|paying|payment|payout|damages|compensation|settle\w*"
    r"|penalis\w+|penaliz\w+|restitution|refunds?|redress|awarded?|award|forfeit\w*|sanction(?:s|ed)?|ordered|judgment|"
    r"reimburse|disgorge\w*|compensate)\b",
    re.IGNORECASE,
)
_OTHER_MONEY = re.compile(
    r"(?:\b(?:worth|valued at|valuation of|revenues? of|turnover of|raised|raising|invest(?:ed|ment|ing)|bought"
    r"|acquired?|acquisition|funding|deal|sales of|budget of|market value|shares?|costs?|"
    r"up to|as much as|maximum|down from|reduced from|earlier|salary|profit(?:s|ed)?|earned|per (?:year|month)"
    r"|bail|stole|stealing|laundered|lost|defraud\w*|out of|per violation|each|capped at|bond|sold|price|spent|a"
    r" year|a month|earning|scam\w*|owed)\W+(?:\w+\W+){0,3})$",
    re.IGNORECASE,
)
_WORTH = re.compile(
    r"\b(?:settlement|deal|fine|penalty|accord)\b[^.;]{0,60}\b(?:worth|valued at|costs?)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_AFTER_OTHER = re.compile(
    r"^\W*(?:a (?:month|year|day)|per (?:month|year|day|violation|user)|each|in (?:revenue|funding|sales|profits?"
    r"|bail|turnover|annual|investment)|valuation|bail|(?:of|from|to) investors|worth of|startup|start-up|company"
    r"|chips|takeover|acquisition|deal|contract)",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"\b(?:seek\w*|demand\w*|ask\w*|sues?|suing|sued|want\w*|could|may|might|would|face[sd]?|facing|up to"
    r"|threat\w*|risk\w*|claim(?:s|ing)?|propos\w+|lawsuit)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty|thirty)[\s-](?P<unit>day"
    r"|week|month|year)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money with offsets into the text it was read from."""

    start: int
    end: int
    value: float
    currency: str | None
    is_sought: bool = False
    """Asked for or threatened, not imposed."""


def amounts(text: str) -> list[Amount]:
    """The sums that hang on a fine, a settlement or damages, in the order of the text.

    >>> [(a.value, a.currency) for a in amounts("was fined €4.5m; the firm is worth $2 billion")]
    [(4500000.0, 'EUR')]
    """
    found = []
    for match in MONEY.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _OTHER_MONEY.search(before[-60:]) and not _WORTH.search(before[-90:]):
            continue
        if _AFTER_OTHER.search(after[:30]):
            continue
        window = before[-90:] + " " + after[:60]
        if not _PAYS.search(window):
            continue
        sought = _SOUGHT.search(before[-80:]) is not None and not re.search(
            r"\b(?:fined|ordered|must|paid|agreed|settled?|awarded|settlement|settling)\b", before[-60:], re.IGNORECASE
        )
        found.append(
            Amount(start=match.start(), end=match.end(), value=value(match), currency=currency(match), is_sought=sought)
        )
    return found


def value(match: re.Match[str]) -> float:
    """What a match of `MONEY` comes to."""
    number = match["n1"] or match["n2"]
    scale = _SCALE.get((match["s1"] or match["s2"] or "").lower(), 1)
    if number.lower() in _NUMERALS:
        return _NUMERALS[number.lower()] * scale
    if re.fullmatch(r"\d{1,3}(?:[,\u00a0 ]\d{3})+(?:\.\d+)?", number):
        number = re.sub(r"[,\u00a0 ]", "", number)
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+", number) and scale == 1:
        number = number.replace(".", "")
    return round(float(number.replace(",", "")) * scale, 2)


def currency(match: re.Match[str]) -> str | None:
    """ISO 4217 code of a match of `MONEY`."""
    if match["symbol"]:
        return _SYMBOL.get(match["symbol"].lower())
    word = match["word"].lower()
    return (
        _WORD.get(word.removesuffix("s"))
        or _WORD.get(word)
        or _WORD.get(word.rpartition(" ")[2].removesuffix("s"))
        or _SYMBOL.get(word)
    )


def duration(text: str) -> str | None:
    """The stretch of time in a sentence about a sanction, as written.

    >>> duration("was sentenced to four years in prison")
    'four years'
    """
    match = _DURATION.search(text)
    return match[0] if match else None
