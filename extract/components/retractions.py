"""Articles that take back a report, or say that a letter, a notice or a post is forged."""

import re

from extract.components.scene import Scene
from extract.components.syntax import child
from extract.components.tree import Token

# In small letters.
_RETRACTED = re.compile(
    r"\bwe (?:reported|wrote|said)\b[^.]*\.\s+(?:this|that|the report) (?:was|is) (?:wrong|incorrect|false)"
    r"|\b(?:withdr[ae]wn?|retracted|retracts) (?:a|the|its) (?:story|report|article|claim)\b"
    r"|\bno such (?:investigation|lawsuit|fine|case) exists\b|\b(?:fine|penalty|notice|ban) (?:was|had been)"
    r" issued (?:by mistake|in error)\b"
)
_FORGED = frozenset(
    {"bogus", "doctored", "fake", "fakes", "forged", "forgeries", "forgery", "hoax", "hoaxes", "untrue"}
)
_DOCUMENTS = frozenset(
    {
        "decision",
        "document",
        "e-mail",
        "email",
        "letter",
        "memo",
        "message",
        "notice",
        "post",
        "release",
        "report",
        "ruling",
        "rumor",
        "rumour",
        "screenshot",
        "story",
        "video",
    }
)
_IS = frozenset({"are", "be", "been", "is", "prove", "proved", "proves", "turned", "turns", "was", "were"})
_OPENING = 600  # characters of the body in which an article says what it is about
_UP = 3  # from "forgery" to the verb of its document: "turned out to be a forgery"


def is_retraction(scene: Scene) -> bool:
    """The article takes back a report, or says that one is forged."""
    doc = scene.doc
    if _RETRACTED.search(doc.small) is not None:
        return True
    if _FORGED.isdisjoint(doc.lower):
        return False
    last = doc.body_start + _OPENING
    return any(
        word in _FORGED and token.idx < last and _is_said_of_document(token)
        for word, token in zip(doc.lower, doc.tokens, strict=True)
    )


def _is_said_of_document(token: Token) -> bool:
    """ "The notice turned out to be a forgery": not "a report found that the reviews were fake"."""
    verb = token.head
    if verb.lower_ not in _IS:
        return False
    for _ in range(_UP):
        subject = child(verb, "nsubj", "nsubjpass")
        if subject is not None or verb.head.lower_ not in _IS:
            break
        verb = verb.head
    if subject is None:  # the parse breaks: of whom the sentence is
        subject = next((t for t in token.sent if t.dep_ in ("nsubj", "nsubjpass")), None)
    return subject is not None and {subject.lower_, subject.lower_.removesuffix("s")} & _DOCUMENTS != set()
