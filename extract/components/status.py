"""How sure a claim is, from "could" and "alleges that" to "the court found"; and the vote over an article."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from extract.components.syntax import child, is_passive, surface_subject
from extract.components.tree import Token
from extract.components.word_lists import word_set
from extract.facts import Status

_MODALS = word_set("status_modals")
_PLANS = word_set("status_plans")
_NO_OF = word_set("status_no_of")
_ALLEGES = word_set("status_alleges")
_SAYS = word_set("status_says")
_FINDS = word_set("status_finds")
_ADMITS = word_set("status_admits")
_DENIES = word_set("status_denies")
_PROBES = word_set("status_probes")
_SETTLES = word_set("status_settles")
_CLEARS = word_set("status_clears")
_CLAIM_NOUNS = word_set("status_claim_nouns")
_FINDING_NOUNS = word_set("status_finding_nouns")
_PROBE_NOUNS = word_set("status_probe_nouns")
_GOVERNED = frozenset(
    {"ccomp", "xcomp", "pcomp", "prep", "acl", "dobj", "pobj", "advcl", "relcl", "agent", "oprd", "parataxis"}
)
_PLANNED = frozenset({"xcomp", "ccomp", "dobj", "acl", "pcomp", "prep", "advcl", "dep"})
_OBJECTS = frozenset({"dobj", "nsubjpass"})
_HEDGES = frozenset({"allegedly", "reportedly", "apparently", "purportedly", "supposedly"})
_MISTAKEN = frozenset({"falsely", "wrongly", "mistakenly", "incorrectly", "erroneously"})
_MACHINES = word_set("status_machines")
_SUSPECTED = word_set("status_suspected")
_ALLOWS = frozenset({"allow", "enable", "let", "permit"})
_UNREAL = frozenset({"potential", "possible", "hypothetical", "future", "threatened", "eventual"})
_AUTHORITY_WORDS = re.compile(
    r"\b(?:investigation|inquiry|ruling|verdict|judge?ment|decision|auditors?|council|courts?|judges?|jur(?:y|ies)"
    r"|tribunal|regulators?|watchdogs?|commission(?:er)?|authorit(?:y|ies)|agency|ministry|arbitrators?|bench"
    r"|panel|ombudsman|inspectorate|justice|magistrate|"
    r"inspectors?|supervisor|board|bureau|department)\b",
    re.IGNORECASE,
)
_PARTS_OF_COURTS = frozenset({"chamber", "division", "section", "senate"})
BACKGROUND = re.compile(
    r"\b(?:previously|in the past|years? ago|in (?:19|20)\d\d|last year|earlier this year|history of"
    r"|months? ago|back in|once|unrelated|similar|other (?:cases|lawsuits))\b"
)
"""Of former or other matters; in small letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What the words around a trigger say of it."""

    status: str | None = None
    """What its governors claim: alleged, found, admitted, denied, under_investigation, settled, dismissed."""
    is_hypothetical: bool = False
    is_negated: bool = False
    cue: Token | None = None
    claimant: Token | None = None
    """Who says so."""


def stance(trigger: Token, authorities: frozenset[int], own: range) -> Stance:
    """How what governs the trigger takes it; ``authorities``: tokens of authorities, ``own``: those of the trigger."""
    is_modal = _is_modal(trigger, own) and not _is_backshifted(trigger, authorities)
    is_negated = _is_negated(trigger, own) or _has_no_object(trigger, own)
    found = Stance(is_negated=is_negated, is_hypothetical=is_modal)
    t = trigger
    if any(c.lower_ in _MISTAKEN and c.dep_ == "advmod" for c in trigger.children) or (
        trigger.dep_ == "conj" and _is_negated(trigger.head, own)
    ):
        found = Stance(is_negated=True)
    for c in trigger.children:
        if c.lower_ in _HEDGES:
            found = Stance(status="alleged", is_hypothetical=found.is_hypothetical, is_negated=found.is_negated, cue=c)
        if c.lower_ in _SUSPECTED and trigger.pos_ == "NOUN" and c.i < trigger.i:
            found = Stance(status="alleged", is_negated=found.is_negated, cue=c)
    for c in trigger.children:  # "X, it found, had violated"
        if c.dep_ in ("parataxis", "ccomp") and c.lower_ in _FINDS and c.i < trigger.i and found.status is None:
            found = Stance(status="found", is_hypothetical=found.is_hypothetical, is_negated=found.is_negated, cue=c)
    for _ in range(8):
        if t.dep_ == "ROOT" or t.head.i == t.i:
            break
        found = _step(t, t.head, found, authorities)
        t = t.head
    return found if found.status is not None else _according_to(trigger, found, authorities)


def _according_to(trigger: Token, so_far: Stance, authorities: frozenset[int]) -> Stance:
    """ "X broke the law, according to the court": as sure as whoever is named so."""
    for t in trigger.sent:
        if t.i < trigger.i and _is_aside(t, authorities):
            return replace(so_far, status="found", cue=t, claimant=t.nbor(-1))
        if t.lower_ == "according" and t.i + 1 < len(t.doc) and t.nbor(1).lower_ == "to":
            source = child(t.nbor(1), "pobj")
            if source is not None and _is_authority(source, authorities):
                return replace(so_far, status="found", cue=t, claimant=source)
    return so_far


def _is_aside(verb: Token, authorities: frozenset[int]) -> bool:
    """ "It was theatre, the court held, and X had broken it": who says all of it, whatever the parse makes of him."""
    if verb.lower_ not in _FINDS or verb.tag_[:1] != "V" or verb.dep_ == "ROOT" or verb.i - verb.sent.start < 3:
        return False
    subject = verb.nbor(-1)
    start = subject.left_edge.i
    is_short = 0 < subject.i - start < 5 or subject.i in authorities
    return is_short and verb.doc[start - 1].text == "," and _is_authority(subject, authorities)


def _step(t: Token, head: Token, so_far: Stance, authorities: frozenset[int]) -> Stance:
    """The stance after one more governor."""
    if t.dep_ == "conj" and head.pos_ in ("VERB", "AUX"):
        is_modal = _is_conditional(head) if t.tag_ != "VB" else _is_modal(head)
        return replace(so_far, is_hypothetical=True) if is_modal else so_far
    if t.dep_ in ("nsubj", "nsubjpass") and t.lower_ not in _CLAIM_NOUNS:
        return so_far
    found = so_far
    if t.dep_ == "relcl" and t.left_edge.i and t.left_edge.nbor(-1).text == ",":
        return so_far  # "unless X, which was fined, …": what is said of X by the way
    if _is_planned(t, head) or (t.dep_ in ("ccomp", *_OBJECTS) and _is_conditional(head)) or _is_new_claim(t, head):
        found = replace(found, is_hypothetical=True)
    if _is_taken_back(t, head):
        found = replace(found, is_negated=True)
    if found.status == "alleged" and _is_rejected(t, head, authorities):
        found = replace(found, status="dismissed", cue=head)
    if found.status is None and t.dep_ in _GOVERNED and (label := _label(t, head, authorities)) is not None:
        claimant = surface_subject(head) if head.pos_ == "VERB" else None
        found = replace(found, status=label, cue=head, claimant=claimant)
    return found


def _is_rejected(claim: Token, verb: Token, authorities: frozenset[int]) -> bool:
    """ "the court rejected his claim that", "the allegation was dismissed"."""
    if claim.lower_ not in _CLAIM_NOUNS or verb.lower_ not in _CLEARS or claim.dep_ not in _OBJECTS:
        return False
    return is_passive(verb) or _is_authority(surface_subject(verb), authorities)


def _is_conditional(verb: Token) -> bool:
    """ "if the study finds that"."""
    return any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "should") for c in verb.children)


def _is_new_claim(t: Token, claim: Token) -> bool:
    """ "could face a claim for damages": one that might come; not "could drop the claim for damages"."""
    is_known = any(c.dep_ in ("det", "poss") and c.lower_ not in ("a", "an") for c in claim.children)
    return t.dep_ == "prep" and claim.lower_ in _CLAIM_NOUNS and not is_known and _is_modal(claim)


def _is_planned(t: Token, head: Token) -> bool:
    """ "plans to sue", "seeks a fine", "the power to ban", "sues to block the deal"."""
    word = head.lower_
    if t.dep_ in _PLANNED and word in _PLANS and _leads(t):
        return all(c.lower_ != "out" for c in head.children)  # not "called out X for breaking it"
    if t.dep_ in ("xcomp", "advcl") and word in ("sue", "sues", "sued", "suing") and child(t, "aux") is not None:
        return True
    return _is_of_noun(t) and word in _NO_OF and child(t, "mark") is None  # not "evidence that X broke it"


def _is_of_noun(t: Token) -> bool:
    """ "no evidence that", "no reason to", which the parse may take for a relative clause."""
    return t.dep_ == "acl" or (t.dep_ == "relcl" and any(c.lower_ == "to" and c.dep_ == "aux" for c in t.children))


def _is_taken_back(t: Token, head: Token) -> bool:
    """ "no evidence that", "falsely claimed that", what a chatbot said, "did not find that"."""
    word = head.lower_
    if _is_of_noun(t) and word in _NO_OF and any(c.lower_ in ("no", "any") for c in head.children):
        return True
    if t.dep_ in ("ccomp", "conj", "prep"):
        said_by = (c.lower_ for c in head.children if c.dep_ == "nsubj")
        if any(c.lower_ in _MISTAKEN for c in head.children) or not _MACHINES.isdisjoint(said_by):
            return True
    is_clause = t.dep_ == "xcomp" or (t.dep_ == "ccomp" and word in _FINDS | _ADMITS)
    return head.pos_ in ("VERB", "AUX") and is_clause and _is_negated(head)


def _leads(t: Token) -> bool:
    """An infinitive or a noun: "plans to sue", "seeks a fine"; not "said, seeking damages, that ..."."""
    return (
        t.dep_ in ("dobj", "pobj", "prep", "pcomp")
        or any(c.lower_ == "to" and c.dep_ == "aux" for c in t.children)
        or t.dep_ == "ccomp"
        or (t.dep_ in ("dep", "xcomp") and t.tag_ in ("VB", "VBP"))  # "Shops demand watchdog investigate fees"
    )


def _label(t: Token, head: Token, authorities: frozenset[int]) -> str | None:
    word = head.lower_
    if word in _CLAIM_NOUNS:
        return "alleged"
    if word in _FINDING_NOUNS:
        return "found"
    if word in _PROBE_NOUNS:
        return "under_investigation"
    if _is_asked(t):
        return "under_investigation"
    if head.pos_ not in ("VERB", "AUX", "ADJ", "NOUN") and head.tag_[:1] != "V":
        return None
    if t.dep_ == "advcl" and word not in _ALLEGES | _FINDS:
        return None
    if word in _PROBES and word not in _FINDS:
        return "under_investigation"
    for words, status in (
        (_ALLEGES, "alleged"),
        (_FINDS, "found"),
        (_ADMITS, "admitted"),
        (_DENIES, "denied"),
        (_SETTLES, "settled"),
        (_CLEARS, "dismissed"),
    ):
        if word in words:
            return _by_whom(status, head, authorities)
    if word in _SAYS:
        return "found" if _is_authority(surface_subject(head), authorities) else "alleged"
    return None


def _is_asked(clause: Token) -> bool:
    """ "looks into whether", "no view on whether": nobody says so yet."""
    mark = child(clause, "mark")
    if mark is None or clause.dep_ not in ("ccomp", "advcl", "pcomp"):
        return False
    return mark.lower_ == "whether" or (
        mark.lower_ == "if" and clause.dep_ != "advcl"
    )  # not "if it did, we will end it"


def _by_whom(status: str, verb: Token, authorities: frozenset[int]) -> str:
    """Only an authority, a court or a passive finds; others say."""
    if status != "found":
        return status
    subject = child(verb, "nsubj")
    if (
        subject is None
        or _is_authority(subject, authorities)
        or verb.lower_
        not in (
            "find",
            "finds",
            "found",
            "conclude",
            "concluded",
            "concludes",
            "determined",
            "discovered",
            "confirmed",
            "established",
            "decided",
        )
    ):
        return "found"
    return "alleged"


def _is_authority(token: Token | None, authorities: frozenset[int]) -> bool:
    if token is None:
        return False
    if token.i in authorities or _AUTHORITY_WORDS.search(token.text):
        return True
    part = token.lower_ in _PARTS_OF_COURTS and any(_AUTHORITY_WORDS.search(t.text) for t in token.subtree)
    return part or any(c.i in authorities for c in token.children if c.dep_ in ("poss", "compound", "prep"))


def _is_negated(token: Token, own: range = range(0)) -> bool:
    if any(
        (
            c.dep_ == "neg"
            or (c.lower_ in ("never", "no", "not", "without", "neither") and c.dep_ in ("det", "advmod", "preconj"))
        )
        and c.i not in own
        for c in token.children
    ):
        return True
    if any(
        c.dep_ in ("nsubj", "nsubjpass") and c.lower_ in ("nobody", "none", "nothing", "neither")
        for c in token.children
    ):
        return True
    if token.dep_ in ("acomp", "attr") and any(c.dep_ == "neg" for c in token.head.children):
        return True  # "was not inconsistent with the law"
    return token.dep_ == "pcomp" and token.head.lower_ == "without"


def _has_no_object(verb: Token, own: range) -> bool:
    """ "broke no rule"."""
    target = child(verb, "dobj") if verb.pos_ == "VERB" else None
    no = child(target, "det") if target is not None and target.i not in own else None
    return no is not None and no.lower_ == "no"


def _is_modal(token: Token, own: range = range(0)) -> bool:
    """ "could sue", "if it broke", "the law would fine"; also "potential fines"."""
    for c in token.children:
        if c.dep_ == "aux" and c.lower_ in _MODALS and c.i not in own:
            return True
        if c.dep_ == "mark" and c.lower_ in ("if", "unless", "should"):
            return True
        if token.pos_ == "NOUN" and c.lower_ in _UNREAL and c.i < token.i:
            return True
    if token.dep_ in ("dobj", "pobj", "attr", "conj", "nsubjpass"):
        verb = token.head.head if token.head.dep_ == "prep" else token.head
        if verb.pos_ in ("VERB", "AUX") and verb.i != token.i:
            return any(c.dep_ == "aux" and c.lower_ in _MODALS - {"must"} for c in verb.children) or (
                verb.lower_ in _PLANS and token.dep_ == "dobj"
            )
    if token.dep_ == "prep" and token.head.pos_ in ("VERB", "AUX"):
        return _is_modal(token.head)
    if token.dep_ == "xcomp" or (token.dep_ == "ccomp" and token.head.lower_ in _ALLOWS):
        return any(c.dep_ == "aux" and c.lower_ in _MODALS for c in token.head.children)
    return False


def _is_backshifted(verb: Token, authorities: frozenset[int]) -> bool:
    """ "The agency said that X would be fined", "that it would fine X": what will be, in the past tense of a report."""
    modals = [c.lower_ for c in verb.children if c.dep_ == "aux" and c.lower_ in _MODALS]
    if modals != ["would"] or verb.dep_ != "ccomp" or verb.head.tag_ not in ("VBD", "VBN"):
        return False
    if not is_passive(verb) and not any(c.dep_ == "nsubj" and c.lower_ in ("it", "they") for c in verb.children):
        return False
    if any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for t in (verb, verb.head) for c in t.children):
        return False
    is_conditional = any(c.dep_ == "advcl" and _is_conditional(c) for c in verb.children)
    reports = verb.head.lower_ in _FINDS | _SAYS and _is_authority(surface_subject(verb.head), authorities)
    return reports and not is_conditional


# The share of the weight from which a status wins, strongest source first; measured in a trial.
_SHARES: tuple[tuple[Status, float], ...] = (
    ("settled", 0.20),
    ("dismissed", 0.25),
    ("admitted", 0.30),
    ("found", 0.36),
    ("under_investigation", 0.42),
)


_PENDING = re.compile(
    r"\b(?:while|as|until|pending)\b[^.;]{0,40}\b(?:investigat|review|inquir|probe|look)\w*|\btemporar(?:y|ily)\b"
    r"|\bpreliminar(?:y|ily)\b|\binterim\b",
    re.IGNORECASE,
)
_STILL_LOOKING = re.compile(
    r"\b(?:while|as) (?:we|it|they|the company) (?:further |also )?(?:investigat\w*|review\w*|look(?:s|ed)? into)"
    r"|\b(?:is|are|was|were) still (?:being )?(?:investigat\w*|review\w*|looking into)",
    re.IGNORECASE,
)


def pending_words(text: str, start: int, near: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """Where a text says, from ``start`` on, that a measure only holds until something has been looked into.

    That may be anywhere, or in words that say it less surely in one of the stretches ``near`` the measure.
    """
    found = _STILL_LOOKING.search(text, start)
    for first, end in near if found is None else ():
        if (found := _PENDING.search(text, max(first, start), end)) is not None:
            break
    return found.span() if found else None


def vote(weighted: Iterable[tuple[str, float]]) -> Status:
    """The status that the claims of one matter add up to."""
    sums: dict[str, float] = {}
    for status, weight in weighted:
        sums[status] = sums.get(status, 0.0) + weight
    total = sum(w for s, w in sums.items() if s != "hypothetical")
    if not total:
        return "hypothetical"
    if set(sums) <= {"denied", "hypothetical"}:
        return "denied"
    for status, share in _SHARES:
        if sums.get(status, 0.0) >= share * total:
            return status
    return "alleged"
