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
    {"bogus", "doctored", "fabricated", "fake", "fakes", "forged", "forgeries", "forgery", "hoax", "hoaxes", "untrue"}
)
_REAL = frozenset({"authentic", "genuine", "real", "true"})
_TELLING = _FORGED | _REAL
_NEVER_HAPPENED = re.compile(
    r"\bno such (?:charge|decision|document|fine|letter|notice|order|release|ruling)s?\b"
    r"|\b(?:had|has|have|did|was|were)(?:n['’]t| not| never) (?:been )?(?:ban|charge|fine|issue|order|revoke|send"
    r"|sent|sue|sentence|suspend)\w*\b"
)
_DOCUMENTS = frozenset(
    {
        "clip",
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
    if _FORGED.isdisjoint(doc.lower) and _REAL.isdisjoint(doc.lower):
        return False
    last = doc.body_start + _OPENING
    words = [t for t, word in zip(doc.tokens, doc.lower, strict=True) if word in _TELLING and t.idx < last]
    if any(_is_said_of_document(t) for t in words if (t.lower_ in _FORGED) != _is_denied(t)):
        return True
    is_of_document = any(t.dep_ == "amod" and _is_document(t.head) for t in words if t.lower_ in _FORGED)
    return is_of_document and _NEVER_HAPPENED.search(doc.small) is not None


def _is_denied(token: Token) -> bool:
    """ "is not real"."""
    return any(c.dep_ == "neg" for c in token.head.children)


def _is_document(token: Token) -> bool:
    return not {token.lower_, token.lower_.removesuffix("s")}.isdisjoint(_DOCUMENTS)


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
    return subject is not None and _is_document(subject)
