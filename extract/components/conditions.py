"""What rules out that a frame's words make a claim where they stand."""

import re
from collections.abc import Iterator

from extract.components.frames import Trigger
from extract.components.lookalikes import is_lookalike
from extract.components.scene import Scene
from extract.components.syntax import child, doer, done_to, had_done, is_passive
from extract.components.tree import Token
from extract.components.unnamed import ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_lists import word_set

# In small letters.
_LAWMAKING = re.compile(r"\b(?:council|city|senate|parliament|state|bill|lawmakers|schools?|voted?)\b", re.IGNORECASE)
_COURT = re.compile(r"\b(?:courts?|judges?|magistrates?|regulator|tribunal|watchdog)\b")
_MISTAKEN_ARREST = re.compile(
    r"\b(?:false|mistaken|wrong|wrongful|unlawful)(?:ly)? (?:\w+ ){0,2}?(?:arrest\w*|detain\w*|match\w*|identif\w+)"
    r"|\bmisidentif|\barrested (?:by mistake|in error)\b",
    re.IGNORECASE,
)
_ORDERS = frozenset({"order", "ordered-sum", "ordered-to-mend"})
_MEASURES = frozenset({"service_ban", "account_suspension", "product_withdrawal", "order_to_change"})
_OF_PERMITS = frozenset({"disqualification", "export_denied", "licence_suspended"})
_OWN = frozenset({"her", "his", "its", "their"})
_LONG = 12  # tokens from whom an order is given to what he has to do
_IN_ERROR = word_set("conditions_in_error")
_BY_MISTAKE = re.compile(
    r"\b(?:by (?:mistake|accident)|in error"
    r"|without (?:a |any |good |due )?(?:reason|cause|explanation|justification))\b"
)
_FOR_USE = re.compile(
    r"^(?:[\w’'-]+ ){1,6}?for (?:[\w-]+ ){0,2}?"
    r"(?:use|sales?|release|launch|marketing|deployment|take-?off|service|export)\b"
)
_DUES = frozenset(
    {"account", "bill", "bills", "debt", "debts", "fine", "fines", "invoice", "nerves", "penalty", "score"}
)
_OTHER_CLAUSES = frozenset({"acl", "advcl", "ccomp", "csubj", "parataxis", "pcomp", "relcl", "xcomp"})
_MODIFIERS = frozenset({"amod", "compound", "nmod", "npadvmod", "nummod", "poss", "quantmod"})
_LAWS = frozenset({"law", "laws", "bill", "statute", "ordinance", "ban"})
_SOMEBODY = ORGANISATION_NOUNS | PERSON_NOUNS
_BELONGINGS = word_set("roles_belongings")


def is_excluded(trigger: Trigger, scene: Scene, number: int) -> bool:
    if is_lookalike(trigger, scene, number):
        return True
    frame = trigger.frame
    sentence = scene.sentences[number]
    if (
        (frame.id == "banned" or frame.id in _ORDERS)
        and _LAWMAKING.search(scene.texts[number])
        and not (frame.id != "banned" and is_done_by(_COURT, trigger.root))
        and not any(r.is_rule for r in scene.rules_in(number))
    ):
        return True
    if frame.sanction in _MEASURES and (_is_attribute(trigger) or _is_in_error(trigger)):
        return True
    if frame.id == "rule-against" and trigger.root.lower_ == "rules" and trigger.root.tag_ == "NNS":
        return True  # "its rules against spam"
    if frame.id == "indict" and _MISTAKEN_ARREST.search(scene.texts[number]):
        return True
    if frame.id == "settle" and (due := done_to(trigger.root)) is not None and due.lower_ in _DUES:
        return True  # "settle a fine": to pay it
    if frame.id in ("close-account", "removed") and _is_of_its_own(trigger.root):
        return True
    if _is_of_permits(trigger) and _is_given_back(trigger.root):
        return True
    if frame.id in ("illegal", "banned") and _is_of_a_rule(trigger, scene, number):
        return True
    if frame.id == "dismiss" and trigger.root.lower_.startswith("clear") and _is_approval(trigger, scene, number):
        return True
    if frame.id == "investigation" and trigger.root.dep_ == "compound":
        return True  # "the accident investigation board"
    if frame.unless and not _around(trigger, scene, number).isdisjoint(frame.unless):
        return True
    if frame.with_subject:
        subject = next((c for c in trigger.root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is None or subject.lower_ not in frame.with_subject:
            return True
    if frame.sanction is not None and trigger.kind == "verb":
        subject = next((c for c in trigger.root.children if c.dep_ == "nsubj"), None)
        if subject is not None and subject.lower_ in ("which", "that") and trigger.root.dep_ == "relcl":
            subject = trigger.root.head
        if subject is not None and any(r.start <= subject.i < r.end and r.is_rule for r in scene.rules_in(number)):
            return True  # "the contract forbids it": a rule, not somebody's act
    if frame.id in _ORDERS and trigger.root.lower_.startswith(("tell", "told")):
        return not _is_told_to(trigger.root)
    if frame.infinitive:
        clauses = ("xcomp",) if trigger.root.lower_.startswith(("direct", "force")) else ("xcomp", "ccomp")
        follows = [c for c in trigger.root.children if c.dep_ in clauses]
        later = {t.lower_ for t in scene.doc[trigger.end : min(sentence.end, trigger.end + 9)]}
        return not follows and "to" not in later
    return False


def _around(trigger: Trigger, scene: Scene, number: int) -> set[str]:
    """The words that go with the trigger's: by the parse, by their places where a headline or a phrase has none."""
    if trigger.kind in ("verb", "noun") and not scene.in_title(number):
        return {t.lower_ for t in _companions(trigger)}
    lower, span = scene.doc.lower, scene.sentences[number]
    before = lower[max(span.start, trigger.start - 3) : trigger.start]
    return {*before, *lower[trigger.end : min(span.end, trigger.end + 6)]}


def _companions(trigger: Trigger) -> Iterator[Token]:
    """ "ordered a large pizza online": pizza, large, online; not "ordered a pizza maker to", "charged with theft"."""
    root, is_verb = trigger.root, trigger.kind == "verb"
    if not is_verb and root.dep_ in ("compound", "nmod"):
        yield root.head
    for c in root.children:
        if c.dep_ in _OTHER_CLAUSES or (not is_verb and c.dep_ in ("appos", "conj")):
            continue
        yield c
        if c.dep_ in ("prep", "agent"):
            yield from (x for x in c.children if x.dep_ == "pobj")
        elif is_verb and c.pos_ != "PROPN" and c.lower_ not in _SOMEBODY:
            yield from (x for x in c.children if x.dep_ in _MODIFIERS)


def _is_told_to(verb: Token) -> bool:
    """ "told the importer of a toy with a chatbot to stop selling": the infinitive, wherever the parse puts it."""
    if any(c.dep_ == "xcomp" and any(x.lower_ == "to" for x in c.children) for c in verb.children):
        return True
    target = done_to(verb)
    if target is None or any(c.dep_ == "ccomp" for c in verb.children):
        return False
    after = verb.doc[target.i + 1 : min(verb.sent.end, target.i + _LONG)]
    return any(t.lower_ == "to" and t.tag_ == "TO" for t in after)


def _is_in_error(trigger: Trigger) -> bool:
    """ "had unlawfully cut it off", "blocked it by mistake": no sanction, but a wrong of whoever did it."""
    root = trigger.root
    if any(c.lower_ in _IN_ERROR and c.dep_ == "advmod" for c in root.children):
        return True
    return _BY_MISTAKE.search(root.doc[root.left_edge.i : root.right_edge.i + 1].small) is not None


def is_done_by(office: re.Pattern[str], verb: Token) -> bool:
    """ "told by magistrates", "scolded by Judge Quist": whatever else the sentence speaks of."""
    by = doer(verb)
    return by is not None and office.search(by.doc[by.left_edge.i : by.right_edge.i + 1].small) is not None


def _is_attribute(trigger: Trigger) -> bool:
    """ "restricted technology", "a suspended licence": how a thing is, not what somebody does to it."""
    root = trigger.root
    return root.dep_ == "amod" and root.head.pos_ == "NOUN" and 0 < root.head.i - root.i < 3


def _is_approval(trigger: Trigger, scene: Scene, number: int) -> bool:
    """ "cleared the deal", "clears X for use": allowed; "cleared the managers of X of fraud": acquitted."""
    rules = {r.start for r in scene.rules_in(number)}
    for t in scene.doc[trigger.end : scene.sentences[number].end - 1]:
        if t.lower_ == "of" and (child(t, "pcomp") is not None or not rules.isdisjoint(range(t.i + 1, t.i + 4))):
            return False
    if _FOR_USE.search(scene.doc[trigger.end : scene.sentences[number].end].small) is not None:
        return True
    thing = done_to(trigger.root)
    return thing is not None and thing.pos_ == "NOUN" and thing.lower_ in _BELONGINGS - _SOMEBODY


def _is_of_its_own(verb: Token) -> bool:
    """ "X has withdrawn its app": what nobody else did to it."""
    thing = done_to(verb)
    return thing is not None and any(c.dep_ == "poss" and c.lower_ in ("its", "their") for c in thing.children)


def _is_of_permits(trigger: Trigger) -> bool:
    """Is it a verb of what somebody holds, a licence or an award?"""
    frame = trigger.frame
    return trigger.kind == "verb" and frame.sanction in _OF_PERMITS and frame.violator[:1] == ("account-holder",)


def _is_given_back(verb: Token) -> bool:
    """ "X cancelled its permit": its own; not "its permit was cancelled", "X had its permit cancelled"."""
    thing = done_to(verb)
    if thing is None or not any(c.dep_ == "poss" and c.lower_ in _OWN for c in thing.children):
        return False
    is_of_another = any(c.lower_ == "of" for c in thing.children)  # "its certification of X"
    return not (is_of_another or is_passive(verb) or had_done(verb) is not None)


def _is_of_a_rule(trigger: Trigger, scene: Scene, number: int) -> bool:
    """ "The law is unconstitutional", "laws have been blocked": the rule itself is what a court looks at."""
    root = trigger.root
    verb = root.head if root.dep_ in ("acomp", "oprd", "attr") else root
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    objects = [c for c in verb.children if c.dep_ == "dobj"]
    rules = [r for r in scene.rules_in(number) if r.is_rule]
    return any(
        t.lower_ in _LAWS or any(r.start <= t.i < r.end for r in rules) for t in (subject, *objects) if t is not None
    )
