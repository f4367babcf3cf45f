"""How the matter that a noun names went on: the suit dismissed, the fine upheld, the claims lost."""

from extract.components import syntax
from extract.components.arguments import Finder
from extract.components.averted import is_in_vain
from extract.components.frames import Trigger
from extract.components.tree import Token
from extract.components.word_lists import word_set

# What a case does by itself: "the case collapsed".
_ENDS = frozenset({"collapse", "collapsed", "collapses", "crumbled", "crumbles", "failed", "fails", "folded", "lapsed"})
_REMEDIES = word_set("stages_remedies")  # of him on whom a sanction was imposed
_UPHOLDS = frozenset({"affirms", "confirms", "upheld", "upholding", "upholds"})
_CLOSES = frozenset({"closed", "disposed", "dropped", "end", "ended", "ends", "withdrawn"})
_UPON = frozenset({"after", "following", "for", "in", "on", "upon", "with"})
_BY_MONEY = frozenset({"compromise", "paid", "paying", "payment", "payout", "remitted", "settlement"})
_COULD = frozenset({"could", "may", "might", "should", "would"})


def stage(finder: Finder, trigger: Trigger) -> tuple[str, int] | None:
    """The status that the verb governing a noun brings it to, and that verb."""
    verb = syntax.governor(trigger.root)
    if finder.in_title and (found := _in_title(finder, trigger)) is not None:
        return found
    if verb is None:
        return None
    if trigger.root.dep_ in ("nsubj", "nsubjpass") and _is_paid_off(verb):
        return ("settled", verb.i) if trigger.frame.status not in ("found", "settled") else None
    if trigger.root.dep_ == "nsubj" and not syntax.is_passive(verb):
        is_over = verb.lower_ in _ENDS and not any(c.dep_ == "neg" or c.lower_ in _COULD for c in verb.children)
        if verb.lower_ in ("failed", "fails") and (trigger.frame.sanction is not None or syntax.child(verb, "xcomp")):
            return None  # "the suit fails to name the books", "the fine failed to deter it"
        return ("dismissed", verb.i) if is_over and trigger.frame.status != "settled" else None
    if abs(verb.i - trigger.start) > 14 or (
        trigger.root.dep_ == "pobj" and trigger.root.head.lower_ not in ("with", "of", "to", "in", "from")
    ):
        return None
    word = verb.lower_
    if is_in_vain(trigger.root):
        return None  # "failed to avoid a fine"
    if trigger.frame.status == "found" and _is_of_a_remedy(trigger.root, verb):
        return None  # "threw out its challenge to the fine"
    if word in ("face", "faces", "faced", "facing") and any(c.dep_ == "neg" for c in verb.children):
        return "dismissed", verb.i  # "will not face charges"
    for status, verbs in finder.book.stages.items():
        if word in verbs:
            return _stage_by(finder, status, verb, trigger)
    return None


def _is_paid_off(verb: Token) -> bool:
    """ "The suit ended with a payment", "the proceedings were disposed of on payment of"."""
    if verb.lower_ not in _CLOSES or any(c.dep_ == "neg" or c.lower_ in _COULD for c in verb.children):
        return False
    upon = [c for c in verb.children if c.i > verb.i and any(t.lower_ in _UPON for t in (c, *c.children))]
    after = [t for c in upon for t in c.subtree]
    return any(t.lower_ in _BY_MONEY for t in after)


def opened(finder: Finder, trigger: Trigger) -> int | None:
    """The verb with which an authority opens a case or proceedings: it looks into the matter, no more."""
    words = finder.doc[trigger.start : trigger.end].text.lower()
    verb = syntax.governor(trigger.root)
    if verb is None or not words.endswith(("proceedings", "procedure", "case")) or "court" in words:
        return None
    if any(c.dep_ == "neg" for c in verb.children):
        return None  # "has not opened a case"
    if verb.lower_ not in (
        "open",
        "opens",
        "opened",
        "opening",
        "launch",
        "launches",
        "launched",
        "launching",
        "initiated",
        "initiates",
        "began",
        "started",
        "starts",
    ):
        return None
    return verb.i


def _stage_by(finder: Finder, status: str, verb: Token, trigger: Trigger) -> tuple[str, int] | None:
    """Only who can: a judge dismisses, a defendant only rejects."""
    if status == "dismissed" and verb.lower_.startswith(("reject", "end")) and not syntax.is_passive(verb):
        subject = syntax.surface_subject(verb)
        if subject is not None and not _is_court(finder, subject):
            return None
    if (
        status == "dismissed"
        and trigger.root.lower_ in ("fine", "fines", "penalty", "sanctions")
        and verb.lower_.startswith("reject")
    ):
        return None
    if trigger.frame.status == "settled":
        return None
    if status == "found" and trigger.frame.status in ("under_investigation",):
        return None
    if status == "settled" and trigger.root.lower_ in ("fine", "inquiry", "inquiries", "enquiry", "enquiries"):
        return None
    if (
        any(c.dep_ == "aux" and c.lower_ in ("to",) for c in verb.children)
        and verb.dep_ in ("xcomp", "acl")
        and status in ("dismissed", "found")
    ):
        return None  # "asked the judge to dismiss the suit"
    if verb.lower_ in ("lose", "loses", "lost", "losing", "win", "wins", "won"):
        return _won_or_lost(finder, verb, trigger)
    if any(c.dep_ == "neg" for c in verb.children):
        return ("dismissed", verb.i) if status == "found" and syntax.is_passive(verb) else None  # "was not upheld"
    if any(c.lower_ in _COULD for c in verb.children):
        return None
    return status, verb.i


def _won_or_lost(finder: Finder, verb: Token, trigger: Trigger) -> tuple[str, int] | None:
    """Who loses his claims against another has them dismissed; who loses those against himself is found wrong."""
    subjects = {a.identity for a in finder.cast.actors(syntax.surface_subject(verb))}
    targets = {a.identity for a in finder.at(trigger, "against")}
    is_plaintiff = bool(targets) and not subjects & targets
    lost = verb.lower_.startswith("lo")
    return ("dismissed" if lost == is_plaintiff else "found"), verb.i


def _is_of_a_remedy(noun: Token, verb: Token) -> bool:
    """ "threw out the appeal against the fine": what is done to the appeal is not done to the fine."""
    return any(t.lower_ in _REMEDIES for t in noun.doc[verb.i + 1 : noun.i])


def _is_court(finder: Finder, token: Token) -> bool:
    return any(a.kind == "authority" for a in finder.cast.actors(token)) or token.lower_ in (
        "judge",
        "court",
        "jury",
        "tribunal",
        "regulator",
        "judges",
        "watchdog",
        "prosecutors",
        "authority",
    )


def _in_title(finder: Finder, trigger: Trigger) -> tuple[str, int] | None:
    """ "Court annuls fine", "Watchdog upholds complaint": the verb stands close before, whatever the parse makes."""
    verbs = finder.book.stages["dismissed"] - {
        "reject",
        "rejects",
        "rejected",
        "end",
        "ends",
        "ended",
        "close",
        "strike",
        "strikes",
    }
    for t in reversed(finder.doc[max(finder.sentence.start, trigger.start - 4) : trigger.start]):
        if t.lower_ in _REMEDIES:
            return None
        if t.lower_ in verbs:
            return ("dismissed", t.i) if trigger.frame.status != "settled" else None
        if t.lower_ in _UPHOLDS and trigger.frame.status in ("alleged", "found"):
            return "found", t.i
    return None
