"""Words that sound like a claim and are none: teasers of other stories, parts of names, what a text only weighs."""

import re

from extract.components.actors import Actor
from extract.components.frames import Trigger
from extract.components.prospects import PERHAPS
from extract.components.scene import AUTHORITY, Scene
from extract.components.syntax import child, done_to, is_passive, surface_subject, verb_of
from extract.components.word_lists import word_set
from extract.components.words import countries

_TEASER = re.compile(
    r"\b\d+ min(?:ute)?s? read\b|\b(?:readers? read next|most read)\b|\bbreak stories\b"
    r"|^(?:related|read (?:more|also|next)|see (?:more|also)|also read|more from [\w ]{1,40}) ?:"
    r"|^(?:read (?:more|also|next)|see also|also read) (?!than\b)"
    r"|\b(?:he|she|they) (?:covers?|writes?|reports?) (?:about|on|for)\b|\b(?:he|she) covers the\b"
)
"""Of another story, or of who wrote this one; in small letters."""
_BYLINE = re.compile(
    r"^\W*(?-i:[A-Z])[\w.’'-]*(?: (?-i:[A-Z])[\w.’'-]*){0,3} is (?:an?|the) (?!former\b|ex-)[\w ]{0,30}?"
    r"(?:reporter|writer|editor|correspondent|journalist) (?:at|for|who|based|covering)\b",
    re.IGNORECASE,
)
_REPORTS = word_set("lookalikes_reports")
_OF_SETTLEMENTS = frozenset(
    {"agreement", "amount", "deal", "fund", "offer", "papers", "payment", "sum", "talks", "terms"}
)
_CLAIMS = frozenset({"case", "claim", "claims", "dispute"})
_BESIDE, _SHORT = 4, 3  # tokens to either side of one in a heading, letters of words that headings leave small
_TASKS = word_set("lookalikes_tasks")
_DEGREES = frozenset({"highly", "less", "more", "most", "so", "too", "very", "well"})
_ASKING = frozenset({"are", "can", "could", "do", "does", "is", "might", "should", "will", "would"})
_OF_MEASURES = frozenset({"formal", "official", "public", "written"})
_PROOF = frozenset(
    {"evidence", "footage", "paper", "papers", "recording", "report", "result", "results", "test", "tests", "video"}
)
_JUDGES = word_set("judges")
_VIEWS = frozenset({"assessment", "concerns", "findings", "opinion", "reasons", "reasoning", "view", "views"})


def is_lookalike(trigger: Trigger, scene: Scene, number: int) -> bool:
    """Does the trigger say nothing of what anybody did?"""
    return (
        scene.says(_TEASER, number)
        or scene.says(_BYLINE, number)
        or _is_in_a_name(trigger, scene)
        or _is_question(trigger, scene)
        or _is_plural(trigger)
        or _is_in_another_heading(trigger, scene)
        or _is_of_somebody_else(trigger)
        or any(_LOOKALIKES[name](trigger, scene) for name in trigger.frame.lookalikes)
    )


def _is_in_a_name(trigger: Trigger, scene: Scene) -> bool:
    """ "the Bank for International Settlements", "Penalty Watch has raised": a noun inside somebody's name."""
    if trigger.kind != "noun":
        return False
    root = trigger.root
    if scene.cast.is_in_a_name(trigger.start) or root.idx < scene.doc.body_start or not root.text.istitle():
        return scene.cast.is_in_a_name(trigger.start)
    is_first = root.dep_ == "compound" and root.head.pos_ == "PROPN" and root.head.text.istitle()
    around = scene.cast.named(max(root.i - 3, 0), root.i + 1)
    return is_first or any(a.start <= root.i < a.end and a.end - a.start > 1 for a in around)


def _is_question(trigger: Trigger, scene: Scene) -> bool:
    """ "Should courts fine more?": a heading that asks."""
    span = scene.sentences[scene.sentence_of(trigger.start)]
    return (
        trigger.frame.sanction is not None
        and scene.in_title(scene.sentence_of(trigger.start))
        and (scene.doc[span.start].lower_ in _ASKING and "?" in span.text)
    )


def _is_plural(trigger: Trigger) -> bool:
    """ "Public reprimands work": a noun that the model takes for a verb."""
    root = trigger.root
    if trigger.kind != "verb" or not root.lower_.endswith("s") or root.i == 0:
        return False
    return root.nbor(-1).lower_ in _OF_MEASURES and root.nbor(-1).head.i == root.i


def _is_in_another_heading(trigger: Trigger, scene: Scene) -> bool:
    """ "Why Orvane Was Fined Tarnwell Opens Its Lab": headings of other stories that a page has run together."""
    doc, i = scene.doc, trigger.start
    if scene.in_title(scene.sentence_of(i)) or not doc[i].text.istitle() or doc[i].is_sent_start:
        return False
    around = [t for t in doc[max(i - _BESIDE, 0) : i + _BESIDE + 1] if t.is_alpha and len(t.text) > _SHORT]
    is_heading = len(around) >= _BESIDE and all(t.text[:1].isupper() for t in around)
    return is_heading and doc.lower[i] not in doc.lower[: doc.first_of_body]


def _is_of_somebody_else(trigger: Trigger) -> bool:
    """ "a jailed Orvane rival": the participle belongs to the noun after the name."""
    root = trigger.root
    if trigger.kind != "verb" or root.dep_ != "amod" or root.head.pos_ != "NOUN":
        return False
    return any(c.dep_ == "compound" and c.pos_ == "PROPN" and c.i > root.i for c in root.head.children)


def _is_attribute(trigger: Trigger, scene: Scene) -> bool:
    """ "sanctioned Orvania": how it is, not what was done to it."""
    return trigger.kind == "verb" and trigger.root.dep_ == "amod"


def _is_decision_to_act(trigger: Trigger, scene: Scene) -> bool:
    """ "the commission decided to take the states to court": no finding."""
    return trigger.root.lower_.startswith("decid") and any(
        c.dep_ == "xcomp" and child(c, "aux") is not None for c in trigger.root.children
    )


def _is_application_of_a_law(trigger: Trigger, scene: Scene) -> bool:
    """ "the application of the directive": that it applies, no complaint."""
    of = next((c for c in trigger.root.children if c.lower_ == "of"), None)
    if trigger.root.lower_ != "application" or of is None:
        return False
    rules = scene.rules_in(scene.sentence_of(trigger.start))
    return any(r.is_rule and of.i < r.start <= of.right_edge.i for r in rules)


def _is_duty(trigger: Trigger, scene: Scene) -> bool:
    """ "will be liable for ensuring that": what the law asks of everybody."""
    doc = scene.doc
    if doc[trigger.start : trigger.end].text.lower() != "liable for" or trigger.end >= len(doc):
        return False
    verb = trigger.root.head if trigger.root.pos_ != "VERB" else trigger.root
    will = any(c.dep_ == "aux" and c.lower_ in ("can", "shall", "will") for c in verb.children)
    return will or doc[trigger.end].lower_ == "ensuring"


def _is_admission_of_nothing(trigger: Trigger, scene: Scene) -> bool:
    """ "she admits there is a risk that others may misuse it": nobody's own deed."""
    clause = child(trigger.root, "ccomp")
    subject = None if clause is None else child(clause, "expl") or child(clause, "nsubj")
    return subject is not None and subject.lower_ in ("there", "risk", "risks", "nothing")


def _is_admission_for_others(trigger: Trigger, scene: Scene) -> bool:
    """ "As he acknowledges, ministers would break the rule", "X admits that Y broke it": what others do, or might."""
    clause = child(trigger.root, "ccomp")
    subject = None if clause is None else child(clause, "nsubj", "nsubjpass")
    if clause is None or subject is None or (subject.pos_ == "PRON" and scene.doc[clause.i].idx > trigger.root.idx):
        return False
    if any(c.dep_ == "aux" and c.lower_ in PERHAPS for c in clause.children):
        return True
    who = {a.identity for a in scene.cast.actors(surface_subject(trigger.root))}
    others = {a.identity for a in scene.cast.actors(subject)}
    return bool(who and others) and who.isdisjoint(others)


def _is_degree(trigger: Trigger, scene: Scene) -> bool:
    """ "had been more disciplined": how somebody is."""
    return any(c.dep_ == "advmod" and c.lower_ in _DEGREES for c in trigger.root.children)


def _is_telling_off(trigger: Trigger, scene: Scene) -> bool:
    """ "His rivals reprimanded him": people with no office in it, who can punish nobody."""
    doer = None if is_passive(trigger.root) else surface_subject(trigger.root)
    if doer is None or AUTHORITY.search(scene.doc[doer.left_edge.i : doer.right_edge.i + 1].small) is not None:
        return False
    found = scene.cast.actors(doer)
    return bool(found) and all(a.kind == "person" for a in found)


def _is_proof(trigger: Trigger, scene: Scene) -> bool:
    """ "a report that cleared him": what shows it, not who decides it."""
    subject = surface_subject(trigger.root)
    return not is_passive(trigger.root) and subject is not None and subject.lower_ in _PROOF


def _is_task(trigger: Trigger, scene: Scene) -> bool:
    """ "charged with leading the merger": what somebody has to do, no offence."""
    after = [t.lower_ for t in scene.doc[trigger.end : trigger.end + 3]]
    return after[:1] == ["with"] and any(word in _TASKS for word in after[1 : 3 if after[1:2] == ["the"] else 2])


def _is_ticker(trigger: Trigger, scene: Scene) -> bool:
    """ "Vandor (V) and Mastrel (MA)": a sign of the stock exchange."""
    around = scene.doc[max(trigger.start - 1, 0) : trigger.end + 1]
    return around[0].text == "(" and around[-1].text == ")"


def _is_settling_of_another_kind(trigger: Trigger, scene: Scene) -> bool:
    """ "the settlement movement", "clearing and settlement": no end of a case."""
    root = trigger.root
    if trigger.kind != "noun":
        return False
    return (root.dep_ == "compound" and root.head.lower_ not in _OF_SETTLEMENTS) or root.head.lower_ == "clearing"


def _is_forecast(trigger: Trigger, scene: Scene) -> bool:
    """ "Leaving would cost X millions, according to the lawsuit": what may be, no deed of X."""
    verb = trigger.root.head
    return verb.pos_ in ("VERB", "AUX") and any(c.dep_ == "aux" and c.tag_ == "MD" for c in verb.children)


_LOOKALIKES = {
    "admission-for-others": _is_admission_for_others,
    "admission-of-nothing": _is_admission_of_nothing,
    "application-of-a-law": _is_application_of_a_law,
    "attribute": _is_attribute,
    "decision-to-act": _is_decision_to_act,
    "degree": _is_degree,
    "duty": _is_duty,
    "forecast": _is_forecast,
    "proof": _is_proof,
    "settling-of-another-kind": _is_settling_of_another_kind,
    "task": _is_task,
    "telling-off": _is_telling_off,
    "ticker": _is_ticker,
}


def is_bystander(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """Does the actor stand where the violator is sought, and is somebody else?"""
    is_spared = any(_SPARED[name](actor, trigger) for name in trigger.frame.spares)
    is_told_of = _is_reporting(actor, trigger, scene) or _is_setting_out(actor, trigger, scene)
    return is_spared or is_told_of or _is_judge(actor, trigger, scene) or _is_left(actor, trigger, scene)


def _is_judge(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """ "Judge Lenore Whitlock signed the consent decree": not whom it binds; "a complaint against Judge X" may be."""
    if actor.kind != "person" or not actor.start or scene.doc[actor.start - 1].lower_ not in _JUDGES:
        return False
    root = scene.doc[actor.start : actor.end].root
    own = verb_of(trigger.root, trigger.kind) if trigger.frame.status == "breach" else trigger.root
    return root.dep_ == "nsubj" and root.head.i != own.i  # "Judge X took gifts in violation of the code" is of his own


def _is_left(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """ "found himself locked out of Chirrup", "was thrown off Chirrup": a platform that somebody had to leave."""
    before = scene.doc[max(actor.start - 2, 0) : actor.start].text.lower()
    return trigger.frame.sanction == "account_suspension" and (
        before == "out of" or (before.endswith(" off") and is_passive(trigger.root))
    )


def _is_setting_out(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """ "The commission sets out its view that X makes it hard, contrary to the law": whose view it is."""
    if actor.kind != "authority" or trigger.kind != "phrase":
        return False
    root = scene.doc[actor.start : actor.end].root
    thing = done_to(root.head) if root.dep_ == "nsubj" else None
    return thing is not None and thing.lower_ in _VIEWS


def _is_reporting(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """ "The Tribune reports that": an outlet that tells of others, and not of itself."""
    if actor.kind != "outlet":
        return False
    verb = scene.doc[actor.start : actor.end].root.head
    if actor.start and scene.doc[actor.start - 1].text == "(":
        return True  # "HARBOUR CITY (Wire) -"
    return not actor.is_resolved and verb.lower_ in _REPORTS and verb.i != trigger.root.i


def _is_state(actor: Actor, trigger: Trigger) -> bool:
    """A country under sanctions, or at war: politics, no reprimand."""
    return actor.name in countries()


def _is_claimant(actor: Actor, trigger: Trigger) -> bool:
    """ "she settled her claim with the carmaker": a person whose claim it is."""
    claim = child(trigger.root, "dobj")
    if actor.kind != "person" or claim is None or claim.lower_ not in _CLAIMS:
        return False
    return any(c.lower_ == "with" for c in (*trigger.root.children, *claim.children))


def _is_person(actor: Actor, trigger: Trigger) -> bool:
    """Somebody of whom a suit tells may as well be he who brought it."""
    return actor.kind == "generic" or (actor.kind == "person" and actor.end - actor.start > 1)


def _is_office(actor: Actor, trigger: Trigger) -> bool:
    """An authority, which takes licences and loses none."""
    return actor.kind in ("authority", "office")


_SPARED = {"claimant": _is_claimant, "office": _is_office, "person": _is_person, "state": _is_state}
