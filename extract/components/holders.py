"""Whose a thing is: the launch of X, the account of X, the suit that names X."""

from collections.abc import Callable, Iterator, Mapping

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.antecedents import governing_subjects
from extract.components.deeds import bound, deed
from extract.components.frames import Trigger
from extract.components.roles import Cast
from extract.components.shares import each_with_his
from extract.components.tree import Token
from extract.components.unnamed import MAKERS, PERSON_NOUNS
from extract.components.word_lists import word_set

_IN_HANDS = frozenset({"controlled", "created", "held", "operated", "owned", "run", "used"})
_NAMES = frozenset({"name", "named", "names", "naming", "target", "targeted", "targets"})
_GIVEN = frozenset({"belonging", "given", "granted", "issued", "owned"})
_HELD = frozenset({"access", "account", "accounts", "licence", "licences", "license", "licenses", "permit", "permits"})
_NEAR = 4  # tokens from an indictment to "naming"
_REACH = 12  # tokens from a fine to "paid by"
_MAKES = word_set("holders_makes")
"""What one does with a thing of one's own: runs, sells, has posted."""
_PLACES = word_set("holders_places")
"""Where one posts and trades: whoever does it there has the place."""
_MISDEEDS = word_set("misdeeds")
_LEARNS = word_set("status_finds") | word_set("holders_learns")
_CAUSES = frozenset({"after", "as", "because", "for", "once", "since", "when"})
_CLEAR_CAUSES = frozenset({"because", "upon"})
_COMPLAINS = frozenset(
    {"asked", "appealed", "complained", "objected", "protested", "reported", "requested", "sued", "warned"}
)
_SOMEBODY = PERSON_NOUNS | word_set("roles_crowds") | word_set("holders_others")
"""Who belongs to somebody and is no thing: "the customers of X"."""
_PARTIES = frozenset({"company", "generic", "name", "person", "project"})
_OF_THINGS = frozenset({"at", "belonging", "by", "for", "from", "of"})
_OF_WORKS = frozenset({"by", "from"})
_DEEP = 3  # nouns from a thing to whose it is: "copies of the guide by X"
_HAS = frozenset({"got", "had", "has", "have"})
_FILES = frozenset(
    {"board", "certificate", "directors", "entry", "file", "management", "name", "record", "registration"}
)
_ORDERS = frozenset(
    {"agreement", "decision", "decree", "direction", "directive", "notice", "order", "ruling", "settlement"}
)
_COLLECTS = word_set("holders_collects")


def behind(cast: Cast, noun: Token) -> list[Actor]:
    """ "the launch of X", "X's plan", "permits held by X": X, whatever the noun."""
    for c in noun.children:
        if c.dep_ == "acl" and c.lower_ in _IN_HANDS and (found := cast.actors(syntax.agent(c))):
            return found
        if c.dep_ == "poss" and (found := cast.actors(c)):
            return found
        if c.dep_ == "prep" and c.lower_ in ("of", "by", "at"):
            found = [a for x in c.children if x.dep_ == "pobj" for a in cast.actors(x) or behind(cast, x)]
            if found:
                return found
    return []


def of_the_thing(cast: Cast, noun: Token, preposition: str) -> list[Actor]:
    """Whom a noun after a preposition speaks of: X of "into the launch of X", "on the file of X", "on X"."""
    if noun.lower_ in _FILES and (found := behind(cast, noun)):
        return found
    return cast.actors(noun) or (behind(cast, noun) if preposition in ("into", "over") else [])


def target(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "The suit names X": the object of the verb whose subject the noun is."""
    root = trigger.root
    if root.dep_ == "nsubj" and root.head.lower_ in _NAMES:
        return cast.actors(syntax.done_to(root.head))
    after = root.doc[trigger.end : min(root.sent.end, trigger.end + _NEAR)]
    naming = next((t for t in after if t.lower_ in ("charging", "naming")), None)
    return cast.actors(syntax.done_to(naming)) if naming is not None else []


def account_holder(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "closed the account of X", "X's licence was revoked", "the loss of its permit": whose the thing is."""
    target = syntax.thing(trigger.root, trigger.kind)
    if target is None:
        return []
    had, owner = syntax.had_done(trigger.root), syntax.child(target, "poss")
    if had is not None and target.pos_ == "NOUN" and (owner is None or owner.pos_ == "PRON"):
        return cast.actors(syntax.child(had, "nsubj"))  # "X has had its permit revoked"
    for c in target.children:
        if c.dep_ == "relcl" and target.lower_ in _HELD and (found := cast.actors(_own_subject(c))):
            return found
        if c.dep_ == "acl" and c.lower_ in _IN_HANDS:  # "the services used by X"
            user = syntax.agent(c)
            return (cast.actors(user) or behind(cast, user)) if user is not None else []
        if c.dep_ == "acl" and c.lower_ in _GIVEN:  # "the certificate issued to X", "to the maker, X,"
            to = next(syntax.after_preposition(c, "to"), None)
            return cast.actors(to) or (cast.named(to.i + 1, to.i + 3)[:1] if to is not None else [])
        if c.dep_ in ("poss", "compound") and c.pos_ != "PRON" and (found := cast.actors(c)):
            return found
    heads = [c for c in target.children if c.dep_ == "prep" and c.lower_ in ("of", "for", "from", "by")]
    heads += [x for c in heads for x in c.children if x.dep_ == "conj" and x.pos_ == "ADP"]  # "of X and of Y"
    places = [x for c in target.children if c.lower_ == "in" for x in c.children if x.dep_ == "pobj"]
    heads += [c for x in places for c in x.children if c.lower_ == "of"]  # "downloads in Orvania of X"
    found = [a for c in heads for x in c.children if x.dep_ == "pobj" for a in cast.actors(x)]
    return found or cast.actors(next((c for c in target.children if c.dep_ == "poss"), None))


def of_subject(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "The name of X appears", "drops from X are subject to detention": whose the subject is."""
    verb = trigger.root if trigger.root.pos_ in ("VERB", "AUX") else syntax.governor(trigger.root)
    subject = syntax.surface_subject(verb) if verb is not None else None
    if subject is None:
        return []
    made = (x for c in subject.children if c.lower_ == "from" for x in c.children if x.dep_ == "pobj")
    return cast.actors(subject) or behind(cast, subject) or [a for x in made for a in cast.actors(x)]


def sayer(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "The board ruled that he may not": the authority that says so."""
    said_by = (a for t in governing_subjects(trigger.root) for a in cast.actors(t))
    return [a for a in said_by if a.kind in ("authority", "office")]


def _own_subject(clause: Token) -> Token | None:
    """ "the licence under which X runs them", "the account that X had opened": X."""
    subject = syntax.child(clause, "nsubj")
    return subject if subject is not None and subject.lower_ not in ("that", "which", "who") else None


def payer(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "a fine of 250,000 euros to be paid by X"."""
    doc, end = trigger.root.doc, min(trigger.root.sent.end, trigger.end + _REACH)
    for t in (*trigger.root.subtree, *doc[trigger.end : end]):
        if t.lower_ in ("paid", "payable") and (by := syntax.agent(t)) is not None:
            return cast.actors(by)
    return []


def under(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "under an agreement with X": who orders or agrees it."""
    orders = (x for t in trigger.root.sent if t.lower_ == "under" for x in t.children if x.lower_ in _ORDERS)
    named = (c for order in orders for c in order.children if c.lower_ in ("by", "from", "of", "with"))
    found = (a for c in named for x in c.children if x.dep_ == "pobj" for a in cast.actors(x))
    return [a for a in found if a.kind in ("authority", "office")]


def copula(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "X's scanning is a breach of the law": whose it is."""
    root = trigger.root
    return cast.actors(syntax.surface_subject(root.head)) if root.dep_ == "attr" else []


def event(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "X copied it. That is something the licence forbids": whose deed "that" stands for."""
    sentence = trigger.root.sent
    first = next((t for t in sentence if t.is_alpha), None)
    if first is None or first.lower_ not in ("that", "this", "it", "such", "doing", "both") or not sentence.start:
        return []
    before = trigger.root.doc[sentence.start - 1].sent.root
    while (inner := syntax.child(before, "ccomp")) is not None:
        before = inner
    return cast.actors(syntax.doer(before))


def _whose(cast: Cast, noun: Token | None, prepositions: frozenset[str] = _OF_THINGS, depth: int = 0) -> list[Actor]:
    """Whose a thing is, by the words around its noun; empty if it is an authority's or nobody's."""
    if noun is None or noun.pos_ == "PROPN" or noun.lower_ in _SOMEBODY or depth > _DEEP:
        return []
    found: list[Actor] = []
    for c in noun.children:
        if c.dep_ == "poss" or (c.dep_ == "compound" and c.pos_ == "PROPN"):
            found = cast.actors(c)
        elif c.dep_ == "relcl" and (c.lower_ in _MAKES or noun.lower_ in _PLACES):
            subject = _own_subject(c)
            found = cast.actors(subject) or (behind(cast, subject) if subject is not None else [])
        elif c.dep_ == "acl" and (c.lower_ in _MAKES or c.lower_ in _IN_HANDS):
            found = cast.actors(syntax.agent(c))
        elif c.dep_ in ("prep", "agent") and c.lower_ in _OF_THINGS:
            inside = [x for x in c.children if x.dep_ == "pobj"]
            found = [a for x in inside for a in cast.actors(x)] if c.lower_ in prepositions else []
            found = _parties(found) or [a for x in inside for a in _whose(cast, x, prepositions, depth + 1)]
        if found := _parties(found):
            return found
    return []


def _parties(actors: list[Actor]) -> list[Actor]:
    return [a for a in actors if a.kind in _PARTIES]


def _object(trigger: Trigger) -> Token | None:
    """The object of a verb, or of a phrase's last word: "pulled the plug on X"; a noun itself."""
    if trigger.kind == "noun":
        return trigger.root
    last = trigger.root.doc[trigger.end - 1]
    return (syntax.child(last, "pobj", "dobj") if last.i != trigger.root.i else None) or syntax.done_to(trigger.root)


def object_holder(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "halted the cameras that X ran", "tore up the blacklist of X"."""
    return _whose(cast, _object(trigger))


def object_author(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "retracted a paper by X", "pulped X's guide"; not "removed a film of X", who is only seen in it."""
    found = _whose(cast, _object(trigger), _OF_WORKS)
    by = syntax.child(trigger.root, "prep") if not found and not syntax.is_passive(trigger.root) else None
    return found or (_parties(cast.actors(syntax.child(by, "pobj"))) if by is not None and by.lower_ == "by" else [])


def subject_holder(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "Access for X ended", "the machines of X were unplugged on the orders of"."""
    root = trigger.root
    verb = root if root.pos_ in ("VERB", "AUX") else syntax.governor(root)
    if verb is None:
        return []
    own = [c for c in verb.children if c.dep_ in syntax.SUBJECTS]  # of two, the first: "crisps sold by X as Y must go"
    return _whose(cast, own[0] if own else syntax.surface_subject(verb))


def reason(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "removed it because X had copied", "upon learning that X had lied": who did the wrong that is the reason."""
    for clause in _reasons(trigger.root):
        subject = syntax.surface_subject(clause) if syntax.is_passive(clause) else syntax.doer(clause)
        words = {t.lower_ for t in clause.subtree}
        if clause.lower_ in _LEARNS | _COMPLAINS or (words.isdisjoint(_MISDEEDS) and not _is_maker(subject)):
            continue
        if found := _parties(cast.actors(subject)) or _whose(cast, subject):
            return found
    return _reason_in_words(cast, trigger)


def _reasons(verb: Token) -> Iterator[Token]:
    """The verbs of the clauses that say why, and of what was learned there."""
    for c in verb.children:
        if c.dep_ == "advcl":
            marks = {x.lower_ for x in c.children if x.dep_ == "mark"}
            if marks & _CAUSES or c.tag_ == "VBG":
                yield from (c, *(x for x in c.children if x.dep_ == "ccomp"))
        elif c.dep_ == "prep" and c.i > verb.i:
            for gerund in (x for x in c.children if x.dep_ == "pcomp"):
                yield from (x for x in gerund.children if x.dep_ == "ccomp")


def _is_maker(subject: Token | None) -> bool:
    """ "the manufacturer, X, had", "breeder X had": who answers for the thing."""
    beside = [subject, *subject.children] if subject is not None else []
    return any(t.lower_ in MAKERS for t in beside)


def _reason_in_words(cast: Cast, trigger: Trigger) -> list[Actor]:
    """The same where the parse breaks: the first name after the cause, of which it says "had" and a wrong."""
    doc, end = trigger.root.doc, trigger.root.sent.end
    cause = next((t.i for t in doc[trigger.end : end] if t.lower_ in _CLEAR_CAUSES), end)
    found = cast.named(cause, end)[:1]
    after = found[0].end if found else end
    is_his = after < end and doc[after].lower_ == "had"
    return _parties(found) if is_his and not _MISDEEDS.isdisjoint(doc.lower[after:end]) else []


def given_time(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "X has 60 days to", "gave X 48 hours to", "X was given a week to"."""
    verb = syntax.governor(trigger.root)
    if verb is None:
        return []
    if verb.lower_ in _HAS or syntax.is_passive(verb):
        return _parties(cast.actors(syntax.surface_subject(verb)))
    to_whom = next((c for c in verb.children if c.dep_ in ("dative", "dobj") and c.i < trigger.start), None)
    return _parties(cast.actors(to_whom))


def doer_above(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "X deleted the files, as the regulator had ordered", "on the orders of": X."""
    root = trigger.root
    above = root.head if root.dep_ == "advcl" else syntax.governor(root)
    if above is None or above.pos_ not in ("VERB", "AUX") or (trigger.kind == "verb" and root.dep_ != "advcl"):
        return []
    subject = syntax.doer(above) or syntax.surface_subject(above)
    if not syntax.is_passive(above) and _whose(cast, syntax.child(above, "dobj")):
        return []  # "X shut the page of Y on the orders of": whom they hit, X or Y?
    found = _parties(cast.actors(subject)) or _whose(cast, subject)
    return found or [a for at in syntax.after_preposition(above, "at") for a in _parties(cast.actors(at))]


def apiece(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "24m on X and 17m on Y", "fined X 24m and Y 17m": who has a sum of his own; empty if that is but one."""
    found = [payer for payer, _ in each_with_his(cast, trigger.root.sent)]
    return found if all(a.start >= trigger.end for a in found) else []


def is_of_the_payer(noun: Token) -> bool:
    """ "a fine to be paid by X", "collected a fine from X": X imposes nothing."""
    word = noun.head.lower_
    if word == "by":
        return noun.head.head.lower_ in ("paid", "payable")
    verb = syntax.governor(noun) if word == "from" else None
    return verb is not None and verb.lower_ in _COLLECTS


PLACES: Mapping[str, Callable[[Cast, Trigger], list[Actor]]] = {
    "account-holder": account_holder,
    "apiece": apiece,
    "bound": bound,
    "copula": copula,
    "deed": deed,
    "doer-above": doer_above,
    "event": event,
    "given-time": given_time,
    "object-author": object_author,
    "object-holder": object_holder,
    "of-subject": of_subject,
    "payer": payer,
    "reason": reason,
    "sayer": sayer,
    "subject-holder": subject_holder,
    "target": target,
    "under": under,
}
"""What finds somebody in one of the places that frames name."""
