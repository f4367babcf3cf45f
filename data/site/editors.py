"""How a reader's correction comes to the editors: by a form or by mail, filled in."""

import re
from urllib.parse import quote, urlsplit

CORRECTIONS_URL = "BLOTTER_CORRECTIONS_URL"
"""Names the form or mailbox in the environment of `blotter serve`; without it a reader copies the lines."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_PLACES = {"entry", "title", "url"}
_MAILBOX = re.compile(r"[^\s@/?:#{}]+@[^\s@/?:#{}]+")
_LONGEST = 200
"""Characters of a title: a browser opens no address of any length."""


def corrections_form(address: str) -> str:
    """The same address, with a place for what is filled in; `ValueError` says what is wrong with it.

    >>> corrections_form("corrections@newsroom.example")
    'mailto:corrections@newsroom.example?subject={title}&body={url}%0A%0A{entry}'
    >>> corrections_form("https://host.example/new?labels=mistake#form")
    'https://host.example/new?labels=mistake&body={entry}#form'
    """
    address = f"mailto:{address}" if _MAILBOX.fullmatch(address) else address
    if not _is_allowed(address):
        raise ValueError("neither an address that begins with https: or http:, nor that of a mailbox")
    places = _PLACE.findall(address)
    if unknown := sorted(set(places) - _PLACES):
        raise ValueError(f"unknown placeholder {{{unknown[0]}}}, expected one of {{entry}}, {{title}}, {{url}}")
    if places:
        return address
    before, mark, fragment = address.partition("#")
    added = "body={url}%0A%0A{entry}" if _is_mail(address) else "body={entry}"
    if _is_mail(address) and "?" not in before:
        added = f"subject={{title}}&{added}"
    return f"{before}{'&' if '?' in before else '?'}{added}{mark}{fragment}"


def filled(form: str, *, entry: str, title: str, url: str) -> str:
    """Where a reader's click leads, each place filled with its words in percent signs.

    >>> filled("https://host.example/new?title={title}", entry="", title="A & B", url="")
    'https://host.example/new?title=Correction%3A%20A%20%26%20B'
    """
    title = f"Correction: {title if len(title) <= _LONGEST else f'{title[:_LONGEST]}…'}"
    words = {"entry": entry, "title": " ".join(title.split()), "url": url}
    if _is_mail(form):  # RFC 6068: a line of a mail ends with both
        form, words["entry"] = re.sub("(?<!%0D)%0A", "%0D%0A", form), entry.replace("\n", "\r\n")
    return _PLACE.sub(lambda place: quote(words[place[1]], safe=""), form)


def _is_mail(address: str) -> bool:
    return address.lower().startswith("mailto:")


def _is_allowed(address: str) -> bool:
    """Does it lead to a form on the web or to a mailbox, whatever is filled in, and is all of it to be seen."""
    if not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(_MAILBOX.fullmatch(parts.path))
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not set("{}\\") & set(parts.netloc)
