"""Whether a frame's words make a claim where they stand: what they need beside them, and what rules them out."""

import re
from collections.abc import Callable, Iterator

from extract.components.actors import Actor
from extract.components.frames import Trigger
from extract.components.lookalikes import is_lookalike
from extract.components.rules import RuleMention
from extract.components.sanctions import MONEY
from extract.components.scene import AUTHORITY, Scene
from extract.components.status import Stance
from extract.components.syntax import child, doer, done_to, had_done, is_passive
from extract.components.tree import Token
from extract.components.unnamed import ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_lists import word_set
from extract.components.words import countries

# In small letters.
_LEGAL = re.compile(
    r"\b(?:law|laws|legal|legally|lawsuits?|suits?|courts?|judges?|jury|su(?:e|es|ed|ing)|complaints?|prosecutors?"
    r"|plaintiffs?|trial|lawyers?|attorneys?|"
    r"indict\w*|illegal\w*|unlawful\w*|regulators?|watchdogs?|tribunal|police|settle\w*|class[- ]action"
    r"|criminal\w*|litigation|verdict|ruling|ruled|fined|"
    r"penalty|copyright|defendants?|felony|arrest\w*|filed|lodged|hearings?|authorit(?:y|ies)|commissioner"
    r"|infring\w*|violat\w*|allegations?|alleg\w+|terms of (?:service|use)|"
    r"(?:been|were|was) dropped|thrown out|collapsed|solicitors?|barristers?|pleadings?|bar council|struck off|"
    r"acquitted|appeal(?:s|ed)?|exonerat\w+|overturned|quashed|annulled|sustained|substantiated|upheld|unfounded|"
    r"convicted|guilty|prison|jail|suspended|filing|antitrust|gdpr|fraud|accus\w+|investigat\w+|probe)\b"
)
_ACCOUNT = re.compile(
    r"\b(?:accounts?|access|licen[cs]es?|permits?|subscriptions?|api|developer|users?|apps?|channel|page|profile"
    r"|registration|credentials|seller|membership|downloads|contract|partnership|bots?|posts?|crawlers?|scrapers?)\b",
    re.IGNORECASE,
)
_SETTLED = r"settl(?:e|es|ed|ing|ements?)|consent(?:s|ed)?|decrees?|undert(?:ook|akes?|akings?)|agree\w* to pay"
_BODIES = re.compile(rf"\b(?:{'|'.join(sorted(word_set('conditions_bodies')))})\b")
"""Who judges the members of a profession, the players of a sport, the entrants of a contest."""
_TERM = re.compile(
    r"\b(?:for (?:life|good|(?:the next |at least |up to )?(?:an?|\d+|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|fifteen|eighteen|twenty) (?:days?|weeks?|months?|years?|seasons?|matches|games|races))"
    r"|(?:before|until|till) \d{4}|ever again|never again|until further notice|indefinitely)\b"
)
"""How long a ban lasts."""
_HAS_SETTLED = re.compile(rf"\b(?:{_SETTLED})\b", re.IGNORECASE)
_SETTLES = re.compile(rf"\b(?:{_SETTLED}|agree(?:s|d|ments?)?|deals?|accords?|pays?|paid|paying)\b", re.IGNORECASE)
_LAWMAKING = re.compile(r"\b(?:council|city|senate|parliament|state|bill|lawmakers|schools?|voted?)\b", re.IGNORECASE)
_COURT = re.compile(r"\b(?:courts?|judges?|magistrates?|regulator|tribunal|watchdog)\b")
_MISTAKEN_ARREST = re.compile(
    r"\b(?:false|mistaken|wrong|wrongful|unlawful)(?:ly)? (?:\w+ ){0,2}?(?:arrest\w*|detain\w*|match\w*|identif\w+)"
    r"|\bmisidentif|\barrested (?:by mistake|in error)\b",
    re.IGNORECASE,
)
_MISDEEDS = word_set("misdeeds")
_DECIDED = re.compile(
    r"\b(?:rul(?:ed|es|ing|ings)|order(?:ed|s)?|decid(?:ed|es)|decisions?|decreed?|judge?ments?|verdict|injunction"
    r"|held|finding|found|determin(?:ed|ation)|demand(?:ed|s)|instruct(?:ed|ions?)|directed|directive|impos(?:ed|es)"
    r"|prohibit(?:ed|s|ion)|forb(?:ade|ids)|sided with|award|required|stipulated|obliged|compelled|notice)\b"
)
_JUDGE = re.compile(r"\b(?:judge|justice|magistrate)\b")
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
_FORMAL = frozenset({"formal", "official"})
_OTHER_CLAUSES = frozenset({"acl", "advcl", "ccomp", "csubj", "parataxis", "pcomp", "relcl", "xcomp"})
_MODIFIERS = frozenset({"amod", "compound", "nmod", "npadvmod", "nummod", "poss", "quantmod"})
_LAWS = frozenset({"law", "laws", "bill", "statute", "ordinance", "ban"})
_OF_PLATFORMS = frozenset({"terms_of_service", "licence", "internal_policy"})
_SOMEBODY = ORGANISATION_NOUNS | PERSON_NOUNS
_BELONGINGS = word_set("roles_belongings")
_WEAK_SPEECH = word_set("claims_weak_speech")


def is_excluded(trigger: Trigger, scene: Scene, number: int) -> bool:
    if is_lookalike(trigger, scene, number):
        return True
    frame = trigger.frame
    sentence = scene.sentences[number]
    if (
        (frame.id == "banned" or frame.id in _ORDERS)
        and _LAWMAKING.search(scene.texts[number])
        and not (frame.id != "banned" and _is_done_by(_COURT, trigger.root))
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


def _is_done_by(office: re.Pattern[str], verb: Token) -> bool:
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


def has_needs(
    trigger: Trigger,
    scene: Scene,
    number: int,
    rules: list[RuleMention],
    held: Stance,
    enforcers: list[Actor],
    breach_at: set[int],
) -> bool:
    frame = trigger.frame
    text = scene.texts[number]
    if (
        frame.with_authority
        and not any(e.kind in ("authority", "office") for e in enforcers)
        and not (enforcers and _is_done_by(_JUDGE, trigger.root))
        and (enforcers or not scene.has_authority(number) or frame.id == "find")
    ):
        return False
    if frame.source == "court" and not (scene.has_authority(number) and held.status != "alleged"):
        return False
    if not frame.needs:
        return True
    if frame.rule == "object":
        return any(
            r.is_rule and (trigger.end <= r.start <= trigger.end + 8 or is_subject_of(r, trigger)) for r in rules
        )
    near = range(max(0, number - 1), min(len(scene.texts), number + 2))
    tests: dict[str, Callable[[], bool]] = {
        "rule": lambda: any(r.is_rule and (r.strength != "bare" or frame.id != "allege") for r in rules),
        "field": lambda: bool(rules),
        "authority": lambda: (
            any(e.kind in ("authority", "office") and e.name not in countries() for e in enforcers)
            or _authority_words(enforcers, scene)
            or _is_done_by_authority(trigger.root, scene)
            if frame.strict
            else scene.has_authority(number) or any(e.kind == "authority" for e in enforcers)
        ),
        "legal": lambda: (
            _LEGAL.search(text.replace(scene.doc[trigger.start : trigger.end].text, " ", 1).lower()) is not None
        ),
        "account": lambda: (
            _ACCOUNT.search(scene.doc[trigger.root.left_edge.i : trigger.root.right_edge.i + 1].text) is not None
        ),
        "case": lambda: any(
            scene.has_authority(n) or _LEGAL.search(scene.small[n]) is not None
            for n in range(max(0, number - 2), min(number + 2, len(scene.small)))
        ),
        "formal": lambda: (
            (scene.has_authority(number) or bool(scene.authorities))
            and not any(e.kind not in ("authority", "office") for e in enforcers)
            and any(c.lower_ in _FORMAL and c.i < trigger.start for c in trigger.root.children)
        ),
        "self": lambda: True,
        "struck-off": lambda: is_passive(trigger.root),
        "term": lambda: _TERM.search(scene.small[number]) is not None,
        "terms": lambda: any(r.is_rule and r.type in _OF_PLATFORMS for r in scene.rules),
        "body": lambda: _BODIES.search(scene.small[number]) is not None,
        "money": lambda: MONEY.search(text) is not None,
        "near": lambda: _has_authority_near(scene, number),
        "title": lambda: scene.in_title(number),
        "breach": lambda: number in breach_at,
        "settlement": lambda: (
            _SETTLES.search(text) is not None
            or any(_HAS_SETTLED.search(before) for before in scene.texts[max(0, number - 2) : number])
        ),
        "claim": lambda: held.status in ("alleged", "found") and _LEGAL.search(scene.small[number]) is not None,
        "wrong": lambda: any(
            not _MISDEEDS.isdisjoint(scene.doc.lower[s.start : s.end]) for s in (scene.sentences[n] for n in near)
        ),
        "decided": lambda: any(scene.has_authority(n) and scene.says(_DECIDED, n) for n in near),
        "source": lambda: held.status is not None and (held.cue is None or held.cue.lower_ not in _WEAK_SPEECH),
    }
    return any(tests[need]() for need in frame.needs)


def is_subject_of(rule: RuleMention, trigger: Trigger) -> bool:
    """ "the law was broken by X"."""
    return trigger.start - 8 <= rule.start < trigger.start and any(
        c.dep_ == "nsubjpass" and c.left_edge.i <= rule.start <= c.right_edge.i for c in trigger.root.children
    )


def _has_authority_near(scene: Scene, number: int) -> bool:
    """Does an authority stand in the sentence or beside it, for a title in the first ones of the body?"""
    first = scene.first_told if scene.in_title(number) else number - 1
    return any(scene.has_authority(n) for n in (number, *range(max(first, 0), first + 3)) if n < len(scene.sentences))


def _is_done_by_authority(verb: Token, scene: Scene) -> bool:
    """ "The attorney general issued": an office that is no actor."""
    by = doer(verb)
    return by is not None and AUTHORITY.search(scene.doc[by.left_edge.i : by.i + 1].small) is not None


def _authority_words(enforcers: list[Actor], scene: Scene) -> bool:
    """ "The Larkmoor Board", "Orvamed, the medical regulator", "aviation body Orvavia"."""
    return any(
        AUTHORITY.search(scene.doc[e.start : e.end].small) is not None or _is_introduced_so(scene.doc[e.end - 1])
        for e in enforcers
    )


def _is_introduced_so(name: Token) -> bool:
    beside = (c for c in name.children if c.dep_ in ("appos", "compound"))
    return any(c.pos_ == "NOUN" and (c.lower_ == "body" or AUTHORITY.fullmatch(c.lower_)) for c in beside)


def is_in_a_name(trigger: Trigger, scene: Scene) -> bool:
    """ "Penalty Harbour, which helps shops": a word of a name in the body."""
    token = trigger.root
    if trigger.kind != "noun" or token.idx < scene.doc.body_start or not token.text.istitle():
        return False
    around = scene.cast.named(max(token.i - 3, 0), token.i + 1)
    is_first = token.dep_ == "compound" and token.head.pos_ == "PROPN" and token.head.text.istitle()
    return is_first or any(a.start <= token.i < a.end and a.end - a.start > 1 for a in around)
