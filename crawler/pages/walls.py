"""Why there is nothing to read on a page: walls, soft 404s, forms, players and fronts, by what the page says."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What stands where the article should."""

    reason: str
    """One of `crawler.failures.REASONS`."""
    words: str
    """The words or the mark-up that say so."""


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.I)


_BOT_MARKS = _any(
    r"cf-browser-verification", r"/cdn-cgi/challenge-platform", r"cf_chl_opt", r"_Incapsula_Resource", r"px-captcha",
    r"captcha-delivery\.com", r"distil_r_captcha", r"sucuri_cloudproxy_js", r"ak_bmsc_challenge", r"awswaf\.com",
)  # fmt: skip
_BOT_WORDS = _any(
    r"\bjust a moment\b",
    r"\bchecking (?:if the site connection is secure|your browser)",
    r"\bverify(?:ing)? (?:that )?you are (?:a )?human",
    r"\bare you a (?:robot|human)\b",
    r"\bunusual (?:traffic|activity) (?:from|on)",
    r"\battention required\b",
    r"\bplease enable (?:js|javascript) and (?:disable|cookies)",
    r"\baccess (?:to this page has been )?denied\b",
    r"\bprove you['’]re not a robot",
    r"\bpardon our interruption\b",
    r"\brequest (?:was )?(?:blocked|unsuccessful)\b",
)
_CONSENT_WORDS = _any(
    r"\bbefore you continue\b",
    r"\bwe (?:and our (?:\w+ )?partners )?(?:value|care about|respect) your privacy\b",
    r"\baccept (?:all )?(?:cookies )?(?:and|to) continue\b",
    r"\bcookies? (?:consent|wall|einstellungen|to continue)\b",
    r"\byour (?:privacy|cookie) (?:choices|settings)\b",
    r"\bconsent to (?:the use of )?cookies\b",
    r"\bwir (?:brauchen|benötigen) (?:ihre|deine) (?:zustimmung|einwilligung)",
    r"\bmit werbung weiterlesen\b",
    r"\bavant d['’]accéder\b",
    r"\baccepter et continuer\b",
)
_PAYWALL_WORDS = _any(
    r"\bsubscribe (?:now )?to (?:continue reading|read|unlock|keep reading)",
    r"\bsubscribers? only\b",
    r"\balready a subscriber\?",
    r"\bthis (?:article|story|content) is (?:only )?(?:for|available to|reserved for|exclusive to) "
    r"(?:our )?(?:paid |paying )?(?:subscribers|members)",
    r"\bto (?:continue|keep) reading,? (?:please )?(?:subscribe|sign up|log in|create)",
    r"\bregister (?:for free )?to (?:continue|read)",
    r"\bunlock (?:this|the full) (?:article|story)",
    r"\byou['’]ve reached your (?:\w+ )?limit",
    r"\bfree articles? (?:left|remaining)",
    r"\bréservé aux abonnés\b",
    r"\bnur für abonnenten\b",
)
_PAYWALL_MARKS = re.compile(r"[\"']isAccessibleForFree[\"']\s*:\s*[\"']?false", re.I)
_MISSING_WORDS = _any(
    r"\bpage (?:could )?(?:not|cannot be|can['’]t be|was not|isn['’]t) (?:be )?(?:found|available)",
    r"\b404\b(?! media)",
    r"\b(?:page|article|story|content) (?:you(?:['’]| a)re looking for )?(?:does not|doesn['’]t|no longer) exists?",
    r"\b(?:page|article|story) (?:has been )?(?:removed|deleted|no longer available)\b",
    r"\bnothing (?:was )?found\b",
    r"\bsorry, (?:we|this page)",
    r"\bseite nicht gefunden",
    r"\bpage introuvable",
    r"\bpágina no encontrada",
)
_LOGIN_TITLE = re.compile(r"^\W*(?:log ?in|sign ?in|login required|anmelden|se connecter|register)\b", re.I)
_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.I)
_TAGS = re.compile(r"<(script|style|noscript|template)\b.*?</\1\s*>|<!--.*?-->|<[^>]{1,5000}>", re.I | re.S)
_TITLE = re.compile(r"<title[^>]*>([^<]{0,500})|<h1[^>]*>(.{0,500}?)</h1>", re.I | re.S)

_SHORT = 900
"""Characters of text below which a page can be a wall: a wall has a few sentences, an article more."""


def wall(html: str, *, url: str, text: str, title: str | None = None) -> Wall | None:
    """What stands where the article should, judged by the page and the text that could be read from it.

    ``text`` is what the reader found, "" if nothing. A page with a full text is never a wall, whatever its banners say.
    """
    if len(text) >= 2 * _SHORT and not _PAYWALL_MARKS.search(html):
        return None
    heads = " ".join([title or "", *(a or b for a, b in _TITLE.findall(html[:200_000]))])
    shown = _shown(html)
    for found in (_bot(html, heads, shown), _missing(heads, shown), _consent(heads, shown), _login(html, heads)):
        if found and len(text) < _SHORT:
            return found
    return _paywall(html, shown, text)


def _bot(html: str, heads: str, shown: str) -> Wall | None:
    found = _BOT_WORDS.search(heads) or (len(shown) < 3 * _SHORT and _BOT_WORDS.search(shown))
    if not found and len(shown) < _SHORT:
        found = _BOT_MARKS.search(html)
    return Wall(reason="bot_wall", words=found[0]) if found else None


def _missing(heads: str, shown: str) -> Wall | None:
    found = _MISSING_WORDS.search(heads) or (len(shown) < _SHORT and _MISSING_WORDS.search(shown))
    return Wall(reason="soft_404", words=found[0]) if found else None


def _consent(heads: str, shown: str) -> Wall | None:
    found = _CONSENT_WORDS.search(heads) or (len(shown) < 3 * _SHORT and _CONSENT_WORDS.search(shown))
    return Wall(reason="consent_wall", words=found[0]) if found else None


def _login(html: str, heads: str) -> Wall | None:
    found = _LOGIN_TITLE.search(heads) and _PASSWORD.search(html)
    return Wall(reason="login", words=found[0]) if found else None


def _paywall(html: str, shown: str, text: str) -> Wall | None:
    marked = _PAYWALL_MARKS.search(html)
    said = _PAYWALL_WORDS.search(shown)
    if marked and (said or len(text) < 2 * _SHORT):
        return Wall(reason="paywalled", words=marked[0])
    return Wall(reason="paywalled", words=said[0]) if said and len(text) < _SHORT else None


def _shown(html: str) -> str:
    """The words of a page, cheaply: enough to look for phrases in."""
    return " ".join(_TAGS.sub(" ", html[:500_000]).split())
