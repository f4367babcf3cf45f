"""What it cost: sums of money with their currency, imposed or sought, and how long something lasts."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

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
    "r": "ZAR",
    "rm": "MYR",
    "rp": "IDR",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "czk": "CZK",
    "huf": "HUF",
    "zar": "ZAR",
    "mxn": "MXN",
    "brl": "BRL",
    "sgd": "SGD",
    "hkd": "HKD",
    "nzd": "NZD",
    "try": "TRY",
    "฿": "THB",
    "₱": "PHP",
    "₫": "VND",
    "₪": "ILS",
    "₴": "UAH",
    "kč": "CZK",
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
    "hong kong dollar": "HKD",
    "new zealand dollar": "NZD",
    "taiwan dollar": "TWD",
    "baht": "THB",
    "dirham": "AED",
    "ringgit": "MYR",
    "rupiah": "IDR",
    "riyal": "SAR",
    "hryvnia": "UAH",
    "hryvnias": "UAH",
    "lei": "RON",
    "taka": "BDT",
    "czech crown": "CZK",
    "czech koruna": "CZK",
    "danish crown": "DKK",
    "danish krone": "DKK",
    "norwegian crown": "NOK",
    "norwegian krone": "NOK",
    "swedish crown": "SEK",
    "swedish krona": "SEK",
    "mexican peso": "MXN",
    "chilean peso": "CLP",
    "argentine peso": "ARS",
    "colombian peso": "COP",
    "philippine peso": "PHP",
    "kenyan shilling": "KES",
}
_SCALE = {
    "k": 1e3,
    "thousand": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "crores": 1e7,
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
_ONES = {word: n for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], 1)}
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {
    w: 10 * n for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_NUMERALS = {**_ONES, **{word: n for n, word in enumerate(_TEENS, 10)}, **_TENS, "a": 1}
_PARTS = {"half a": 0.5, "a quarter of a": 0.25, "three quarters of a": 0.75}
_ONE = "|".join(_ONES)
_BELOW_100 = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{_ONE}))?|{'|'.join(_TEENS)}"
_SPELT = (
    rf"(?:{'|'.join(_PARTS)})|(?:{_ONE}) and a half"
    rf"|(?:{_ONE}|a) hundred(?: and)?(?: (?:{_BELOW_100}|{_ONE}))?|{_BELOW_100}|{_ONE}"
)
_SPACES = "\u00a0\u2007\u2009\u202f "  # that stand between thousands
_NUMBER = rf"\d{{1,3}}(?:[,.{_SPACES}]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d{{1,2}}(?!\d)|\.\d+)?"
_INSIDE = r"(?<![\w-])(?<!hundred )(?<!thousand )(?<!million )(?<!billion )(?<!hundred and )"  # not half a number
_SCALES = r"thousand|lakhs?|crores?|million|billion|trillion|mln|mn|bn|tn|k|m|b"
_RAND = r"(?-i:R)(?=\d+(?:\.\d+)? ?(?:m|bn|million|billion)\b|\d{1,3}[, ]\d{3})"  # no "model R1"
# In capitals only: "try" is a verb.
_CODES = "EUR|USD|GBP|CHF|INR|KRW|RMB|AUD|CAD|JPY|SEK|NOK|DKK|PLN|CZK|HUF|ZAR|MXN|BRL|SGD|HKD|NZD|TRY|CNY|RM|R[pP]"
_NATIONS = (
    r"us |australian |canadian |singapore |swiss |danish |swedish |norwegian |czech |hong kong |new zealand |taiwan "
    r"|mexican |chilean |argentine |colombian |philippine |kenyan |indian |south african |brazilian |polish |turkish "
)
_COINS = (
    "dollar|euro|pound|yen|won|rupee|yuan|renminbi|franc|zloty|krona|kronor|krone|kroner|crown|koruna|reais|real|ruble"
    "|rouble|lira|naira|rand|peso|shekel|forint|baht|dirham|ringgit|rupiah|riyal|hryvnia|lei|taka|shilling"
)
MONEY = re.compile(
    rf"(?P<symbol>(?:us|a|c|ca|au|s|hk|nz|r|nt)?\$|€|£|cn¥|¥|₩|₹|₺|₽|฿|₱|₫|₪|\b(?:(?-i:{_CODES})|rs\.?|{_RAND}))\s?(?P<n1>{_NUMBER})"
    rf"(?:[\s-]?(?P<s1>{_SCALES})\b)?"
    rf"|{_INSIDE}(?P<n2>{_NUMBER}|a(?= (?:thousand|million|billion))|{_SPELT})"
    rf"(?:[\s-]?(?P<s2>{_SCALES}))?"
    rf"(?:[\s-](?P<word>(?:{_NATIONS})?(?:{_COINS})s?|eur|usd|gbp|chf|krw|sek|nok|dkk|pln|czk)\b"
    r"|\s?(?P<after>€|zł|₽|₺|₴|kč)(?![\w\d]))",
    re.IGNORECASE,
)
_GAPPED = re.compile(r"\b(?P<n>\d[\d,]*(?:\.\d+)?) (?P<scale>thousand|million|billion)(?= (?:on|against) )")
"""A sum without its coin, told by the one before it: "24 million euros on X and 17 million on Y"."""
_A_NUMBER = re.compile(rf"\d|{_COINS}")
# Words that a sanction's amount hangs on, and words whose amounts are something else.
_PAYS = re.compile(
    r"\b(?:fin(?:e|es|ed|ing)|penalt(?:y|ies)|pay|pays|paid|paying|payment|payout|damages|compensation|settle\w*"
    r"|penalis\w+|penaliz\w+|restitution|refunds?|redress|awarded?|award|forfeit\w*|sanction(?:s|ed)?|ordered|judgment"
    r"|reimburse|repay|disgorge\w*|compensate|surcharge|charged|cough|fork|shell|stump|hand(?:s|ed|ing)? over"
    r"|part(?:s|ed|ing)? with|remit\w*|surrender\w*|forgiv\w*|(?:to|will) share|figure is|is in for|bears?|shoulders?"
    r"|demand draft|che(?:ck|que)|contribut\w+|stipulat\w+|compromise"
    r"|must find|to find|ow(?:e|es|ed|ing)|bill|transfers?|the hook|docked|confiscat\w+|verdict"
    r"|decree|donat\w+|the sum|sum of|the figure|put (?:it )?at|arrived at|set at|fixed at|levy|levied|agreed on"
    r"|impos\w+|assess(?:es|ed)?"
    r"|stung|slugged|walloped|whacked|clobbered|collected|landed with"
    r"|fund|give up|gives up|price|for (?:his|her|their) (?:trouble|distress|loss(?:es)?|pains))\b",
    re.IGNORECASE,
)
_OTHER_MONEY = re.compile(
    r"(?:\b(?:worth|valued? at|value (?:was|of)|valuation of|revenues? (?:of|was|were)|turnover (?:of|was)|turned over"
    r"|took in|raised|raising|invest(?:ed|ment|ing)|bought|acquired?|acquisition|funding|deal|sales of|budget of"
    r"|market value|(?<!to )(?<!will )shares?|costs?"
    r"|ceiling of|limit of|cap of|up to|as much as|maximum(?: of)?|down from|reduced from"
    r"|instead of|rather than|originally|earlier|salary|profits?(?: of)?|profited|earned|per (?:year|month)|bail"
    r"|stole|stealing|laundered|lost|defraud\w*|out of|per violation|each(?! (?:bears?|pays?|owes?|must|to))"
    r"|capped at|bond|sold|price|priced at|spent"
    r"|rang(?:e|es|ed|ing) (?:from|between)(?: [^.;]{1,24})?"
    r"|a year|a month|earning|scam\w*|owed|offered|put in|put aside|provisions? of|loans?|grants? of|savings of"
    r"|wages? of|rent of|subscription of|disbursed|collected|can reach|could reach|may reach|might reach)"
    r"\W+(?:\w+\W+){0,3})$",
    re.IGNORECASE,
)
_WORTH = re.compile(
    r"\b(?:settlement|deal|fine|penalty|accord)\b[^.;]{0,60}\b(?:worth|valued at|costs?)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"\b(?:giv(?:e|es|en|ing) up|disgorg\w+|forfeit\w*|surrender\w*|hand(?:s|ed|ing)? (?:over|back)"
    r"|pa(?:y|ys|id) back|confiscat\w+)"
    r" (?:\w+ ){0,3}(?:profits?|proceeds|gains|earnings|fees)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_HANDED_BACK = re.compile(
    r"\b(?:giv(?:e|es|en|ing) up|gave up|disgorg\w+|forfeit\w*|surrender\w*|pa(?:y|ys|id) back|confiscat\w+)"
    r" (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
_AFTER_OTHER = re.compile(
    r"^\W*(?:a (?:month|year|day|week)|per (?:month|year|day|violation|user|week)|an hour|in (?:revenue"
    r"|funding|sales|profits?|fees|bail|turnover|annual|investment|savings)|valuation|bail|(?:of|from|to) investors"
    r"|worth of|startup|start-up|company|chips|takeover|acquisition|deal|contract|(?:last|that|this) (?:business )?year"
    r"|in penalties from|in fines from)",
    re.IGNORECASE,
)
_ONLY_CONSIDERED = re.compile(
    r"^[^.;]{0,24}\b(?:had|was|were) (?:been )?(?:considered|proposed|demanded|sought|requested|discussed|possible)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"^\W*(?:each|apiece|for (?:each|every)|per \w+)\b", re.IGNORECASE)
_IN_ALL = re.compile(r"^\W*(?:in (?:all|total)|altogether|overall|all told)\b", re.IGNORECASE)
_IN_ALL_BEFORE = re.compile(
    r"\b(?:total(?:s|ling|ing|led)?|altogether|in all|combined)\W+(?:\w+\W+){0,3}$", re.IGNORECASE
)
_SOUGHT = re.compile(
    r"\b(?:seek\w*|sought|demand\w*|ask\w*|sues?|suing|sued|want\w*|could|may|might|would|face[sd]?|facing|up to"
    r"|threat\w*|risk\w*|claim(?:s|ing)?|propos\w+|lawsuit|pressed for|argued for|hoped for)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_IMPOSED = re.compile(
    r"\b(?:fined|ordered|must|have to|paid|agreed|settled?|awarded|settlement|settling|charged)\b", re.IGNORECASE
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
    is_total: bool = False
    """Of all that is paid: "in all", "a total of"."""
    is_each: bool = False
    """A part that is paid many times: "for each book", "apiece"."""


@lru_cache(256)
def amounts(text: str) -> tuple[Amount, ...]:
    """The sums that hang on a fine, a settlement or damages, in the order of the text.

    >>> [(a.value, a.currency) for a in amounts("was fined €4.5m; the firm is worth $2 billion")]
    [(4500000.0, 'EUR')]
    >>> [(a.value, a.currency) for a in amounts("a fine of 900 000 €")]
    [(900000.0, 'EUR')]
    """
    if _A_NUMBER.search(text.lower()) is None:
        return ()
    found = []
    for match in MONEY.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _OTHER_MONEY.search(before[-60:]) and not (_WORTH.search(before[-90:]) or _GIVEN_UP.search(before[-60:])):
            continue
        if _AFTER_OTHER.search(after[:30]) and not _HANDED_BACK.search(before[-40:]):
            continue
        window = before[-90:] + " " + after[:60]
        if not _PAYS.search(window) and not _WORTH.search(before[-90:]):
            continue
        sought = _SOUGHT.search(before[-80:]) is not None and not _IMPOSED.search(before[-60:])
        sought = sought or _ONLY_CONSIDERED.search(after) is not None
        is_total = _IN_ALL.search(after[:20]) is not None or _IN_ALL_BEFORE.search(before[-40:]) is not None
        found.append(
            Amount(
                start=match.start(),
                end=match.end(),
                value=value(match),
                currency=currency(match),
                is_sought=sought,
                is_total=is_total,
                is_each=_EACH.search(after[:24]) is not None,
            )
        )
    return tuple(found)


def with_gapped(text: str) -> tuple[Amount, ...]:
    """The sums that hang on a fine, and behind the first those that share its coin.

    >>> [a.value for a in with_gapped("fined 24 million euros, on X, and 17 million on Y")]
    [24000000.0, 17000000.0]
    """
    found = amounts(text)
    return found and (
        *found,
        *(
            replace(found[0], start=m.start(), end=m.end(), value=float(m["n"].replace(",", "")) * _SCALE[m["scale"]])
            for m in _GAPPED.finditer(text, found[0].end)
        ),
    )


def value(match: re.Match[str]) -> float:
    """What a match of `MONEY` comes to."""
    number = match["n1"] or match["n2"]
    scale = _SCALE.get((match["s1"] or match["s2"] or "").lower(), 1)
    if not number[0].isdigit():
        return round(_spelt(number.lower()) * scale, 2)
    if re.fullmatch(rf"\d{{1,3}}(?:[,{_SPACES}]\d{{3}})+(?:\.\d+)?", number):
        number = re.sub(f"[,{_SPACES}]", "", number)
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+", number) and scale == 1:
        number = number.replace(".", "")
    elif re.fullmatch(r"\d+,\d{1,2}", number):  # "1,2 million"
        number = number.replace(",", ".")
    return round(float(number.replace(",", "")) * scale, 2)


def _spelt(words: str) -> float:
    """What a number in words comes to.

    >>> _spelt("one hundred and twenty-five")
    125.0
    """
    if words in _PARTS:
        return _PARTS[words]
    hundreds, _, rest = words.rpartition("hundred")
    below = sum(_NUMERALS.get(word, 0) for word in re.split(r"[\s-]", rest.removesuffix(" and a half")))
    return 100.0 * _NUMERALS.get(hundreds.strip(), 0) + below + 0.5 * rest.endswith(" and a half")


def currency(match: re.Match[str]) -> str | None:
    """ISO 4217 code of a match of `MONEY`."""
    if symbol := match["symbol"] or match["after"]:
        return _SYMBOL.get(symbol.lower())
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
