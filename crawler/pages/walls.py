"""Why there is nothing to read on a page: walls, soft 404s, forms, players and fronts, by what the page says."""

import re
from dataclasses import dataclass, replace

from crawler.items import Article
from crawler.pages import PageError


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
# A hint only: some publishers set the flag on everything.
_PAYWALL_MARKS = re.compile(r"[\"']isAccessibleForFree[\"']\s*:\s*[\"']?false", re.I)
_MISSING_WORDS = _any(
    r"\bpage (?:could )?(?:not|cannot be|can['’]t be|was not|isn['’]t) (?:be )?(?:found|available)",
    r"^\W*(?:error )?404\b(?! media)",
    r"\b(?:page|article|story|content) (?:you(?:['’]| a)re looking for )?(?:does not|doesn['’]t|no longer) exists?",
    r"\b(?:page|article|story) (?:has been )?(?:removed|deleted|no longer available)\b",
    r"^\W*(?:nothing|not) (?:was )?found\b",
    r"\bseite nicht gefunden",
    r"\bpage introuvable",
    r"\bpágina no encontrada",
)
_LOGIN_TITLE = re.compile(r"^\W*(?:log ?in|sign ?in|login required|anmelden|se connecter|register)\b", re.I)
_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.I)
_LIVE_MARKS = re.compile(r"[\"']@type[\"']\s*:\s*\[?\s*[\"']LiveBlogPosting", re.I)
_VIDEO_MARKS = re.compile(
    r"property=[\"']og:type[\"'][^>]+content=[\"']video|[\"']@type[\"']\s*:\s*\[?\s*[\"']VideoObject", re.I
)
_ARTICLE_MARKS = re.compile(
    r"[\"']@type[\"']\s*:\s*\[?\s*[\"']\w*(?:Article|BlogPosting|Report)\b|article:published_time|"
    r"property=[\"']og:type[\"'][^>]+content=[\"']article",
    re.I,
)
_FRONT_MARKS = re.compile(r"[\"']@type[\"']\s*:\s*\[?\s*[\"'](?:CollectionPage|ItemList|SearchResultsPage)", re.I)
_HEADLINE_LINK = re.compile(r"<a\b[^>]*href=[^>]*>\s*(?:<[^>]+>\s*)*([^<]{30,200})<", re.I)
_TAGS = re.compile(r"<(script|style|noscript|template)\b.*?</\1\s*>|<!--.*?-->|<[^>]{1,5000}>", re.I | re.S)
_HEADS = re.compile(r"<title[^>]*>([^<]{0,500})|<h1[^>]*>(.{0,500}?)</h1>", re.I | re.S)

_ENDS = (".", "!", "?", "…", "。")
_SHORT = 900
"""Characters of text below which a page can be a wall: a wall has a few sentences, an article more."""
_LEAST, _MOST = 100, 500_000
"""Characters that a text may have; the shortest real brief seen had two sentences."""


def judged(article: Article, html: str) -> Article:
    """The article, or its headline alone if it is for subscribers; `PageError` if something else stands there."""
    found = wall(html, text=article.text, title=article.title)
    if found and found.reason == "paywalled":
        kept = article.summary or (article.text[:300] or None)
        return replace(article, access="paywalled", text="", text_confidence=None, cuts=(), hops=(), summary=kept)
    if found:
        raise PageError(article.url, found.reason, f"the page says {found.words!r}")
    if len(article.text) < _LEAST:
        reason = "too_short" if article.text else "empty"
        raise PageError(article.url, reason, f"expected {_LEAST} characters of text, found {len(article.text)}")
    if len(article.text) > _MOST:
        raise PageError(article.url, "too_large", f"expected {_MOST} characters of text at most, found more")
    return article


def wall(html: str, *, text: str, title: str | None = None) -> Wall | None:
    """What stands where the article should, judged by the page and the text that could be read from it.

    ``text`` is what the reader found, "" if nothing. A page with a full text is no wall, whatever its banners say.
    """
    if len(text) >= _SHORT:
        return _front(html, text)
    heads = [title or "", *(_TAGS.sub(" ", a or b) for a, b in _HEADS.findall(html[:300_000])[:5])]
    shown = " ".join(_TAGS.sub(" ", html[:500_000]).split())
    # banners stand on every page: beside a text of some length the words count only if they are part of it
    body = shown if len(text) < _SHORT // 3 and len(shown) < 3 * _SHORT else text
    return (
        _said("bot_wall", _BOT_WORDS, heads, body)
        or (_said("bot_wall", _BOT_MARKS, [], html) if len(shown) < _SHORT else None)
        or _said("soft_404", _MISSING_WORDS, heads, body)
        or _said("consent_wall", _CONSENT_WORDS, heads, body)
        or (_said("login", _LOGIN_TITLE, heads, "") if _PASSWORD.search(html) else None)
        or _paywall(html, shown, text)
        or _shell(html, text)
        or _front(html, text)
    )


def _said(reason: str, words: re.Pattern[str], heads: list[str], body: str) -> Wall | None:
    found = next((m for head in heads if (m := words.search(" ".join(head.split())))), None) or words.search(body)
    return Wall(reason=reason, words=found[0]) if found else None


def _paywall(html: str, shown: str, text: str) -> Wall | None:
    """A wall stands where the text ends; the same words in the head of a page are an offer."""
    last = " ".join(text.split())[-50:]
    end = shown.rfind(last) + len(last) if last else 0
    found = _PAYWALL_WORDS.search(shown, end, end + 600)
    if not found and len(text) < _SHORT // 3:
        found = _PAYWALL_WORDS.search(shown) or _PAYWALL_MARKS.search(html)
    return Wall(reason="paywalled", words=found[0]) if found else None


def _shell(html: str, text: str) -> Wall | None:
    if len(text) >= _SHORT // 2:
        return None
    if found := _LIVE_MARKS.search(html):
        return Wall(reason="live_shell", words=found[0])
    found = _VIDEO_MARKS.search(html)
    return Wall(reason="video_shell", words=found[0]) if found and len(text) < _SHORT // 4 else None


def _front(html: str, text: str) -> Wall | None:
    """A page of headlines: it does not call itself an article, and its text is not made of paragraphs."""
    if _ARTICLE_MARKS.search(html):
        return None
    headlines = len(_HEADLINE_LINK.findall(html[:1_000_000]))
    sentences = [len(line) for line in text.splitlines() if len(line) >= 80 and line.rstrip("\"'”’»)").endswith(_ENDS)]
    are_teasers = len(sentences) >= 5 and max(sentences) < 250 and headlines >= len(sentences)
    is_list = len(sentences) <= 1 and len(text) < 2 * _SHORT
    marked = _FRONT_MARKS.search(html)
    if headlines >= (10 if marked else 25) and (is_list or are_teasers):
        return Wall(reason="section_front", words=marked[0] if marked else f"{headlines} links with headlines")
    return None
