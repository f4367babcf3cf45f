"""What money that somebody has to pay is: a fine, damages to those he wronged, or the price of a settlement."""

import re

from extract.components.scene import Scene
from extract.components.weighing import Matter

PAID = re.compile(
    r"\b(?:pay|pays|paid|payment|paying|payout|compensat\w+|part(?:s|ed|ing)? with|hand(?:s|ed|ing)? (?:over|back)"
    r"|surrender\w*|remit\w*|disgorg\w+|forfeit\w*|refund\w*|forgiv\w+"
    r"|(?:into|in) (?:its|his|her|their) (?:own )?pocket"
    r"|(?:cough|fork|pon(?:y|ied)|shell|stump)\w* (?:out|over|up)|is in for)\b",
    re.IGNORECASE,
)
"""That money changes hands."""
_TO_THE_WRONGED = re.compile(
    r"\b(?:damages|compensat\w+|restitution|refund\w*|reimburs\w+|redress|indemnif\w+|award(?:s|ed)?|royalt(?:y|ies)"
    r"|licen[cs]e fees?|licensor)\b",
    re.IGNORECASE,
)
_TO_THE_STATE = re.compile(
    r"\b(?:fine[sd]?|penalt(?:y|ies)|penali[sz]\w+|surcharge[sd]?|(?:in)?to the (?:clerk|registry|treasury))\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:regulator|watchdog|authority|commission(?:er)?|agency|attorney general|ministry|inspectorate|ombudsman"
    r"|supervisor|inspectors?|magistrates?|trading standards|prosecut\w+"
    r"|central bank|reserve bank|department|bureau|office|treasury)\b",
    re.IGNORECASE,
)
_OF_PRIVATE_LAW = frozenset(
    {"copyright", "defamation", "licence", "publicity_rights", "terms_of_service", "trade_secret", "trademark"}
)

_OF_PUBLIC_LAW = frozenset({"competition", "crime", "election", "export_control_sanctions", "securities"})


def payment(matter: Matter, scene: Scene, sentence: int) -> str:
    """The kind of sanction that a payment told in a sentence is, by the words around it and by who ordered it."""
    if matter.status == "settled":
        return "settlement_payment"
    own = scene.texts[sentence]
    if _TO_THE_WRONGED.search(own):
        return "damages"
    near = [c.sentence for c in matter.claims]
    around = [scene.texts[n] for n in (*near, sentence - 1, sentence + 1) if 0 <= n < len(scene.texts)]
    if _TO_THE_STATE.search(own) or (matter.type not in _OF_PRIVATE_LAW and any(map(_TO_THE_STATE.search, around))):
        return "fine"
    if matter.type in _OF_PRIVATE_LAW or any(map(_TO_THE_WRONGED.search, around)) or _has_plaintiff(matter):
        return "damages"
    is_public = matter.type in _OF_PUBLIC_LAW or any(map(_OFFICE.search, (own, *around)))
    return "fine" if is_public else "damages"


def _has_plaintiff(matter: Matter) -> bool:
    """Did somebody go to court who is no authority?"""
    return any(a.kind not in ("authority", "office") for c in matter.claims for a in (*c.claimants, *c.harmed))
