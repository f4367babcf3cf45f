"""Names for those whom an article first calls "a lawyer" or "a tutoring company" and names later."""

from dataclasses import replace
from itertools import pairwise

from extract.components.actors import Actor
from extract.components.antecedents import Mention, is_beside_another, is_where
from extract.components.certainty import FIRM
from extract.components.claims import Claim
from extract.components.cleared import bystanders
from extract.components.declared import declared_parties
from extract.components.scene import Scene
from extract.components.syntax import done_to, is_passive, surface_subject
from extract.components.tree import Stretch, Token
from extract.components.unnamed import ACCOUNTS, INSTITUTIONS, MAKERS, ORGANISATION_NOUNS, PERSON_NOUNS, STATES
from extract.components.word_lists import word_set
from extract.components.words import given_names

_INSTITUTIONS = INSTITUTIONS | {"academy", "high", "infirmary", "institute", "seminary"}
_REACH = 3  # sentences in which the name must follow
_COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ALIKE = {
    word: words
    for words in (
        frozenset({"creator", "developer", "maker", "manufacturer", "producer", "vendor"}),
        frozenset({"broker", "brokerage"}),
        frozenset({"business", "company", "firm", "group"}),
        frozenset({"app", "platform", "service", "site", "website"}),
        frozenset({"importer", "distributor", "seller", "supplier"}),
        frozenset({"lender", "bank"}),
        frozenset({"shop", "store", "retailer"}),
        frozenset({"start-up", "startup"}),
    )
    for word in words
}
"""What may be called so, and so again."""
_NOT_THE_ONE = word_set("naming_not_the_one")


def with_names(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims with the later name in the place of every unnamed violator that has one."""
    known: dict[tuple[str, str], list[Actor]] = {}
    by_name = {a.identity for c in claims for a in c.violators if a.kind == "person" and not a.is_resolved}
    enforcers = {a.identity for c in claims for a in c.enforcers if a.kind != "generic"}
    busy = (enforcers | bystanders(scene)) - by_name
    declared = list({a.identity: a for a in declared_parties(scene) if a.identity not in busy}.values())
    accused: dict[str, set[str]] = {}
    for c in claims:
        accused.setdefault(c.status, set()).update(
            a.identity for a in c.violators if a.kind not in ("generic", "authority", "office")
        )
    out = []
    for claim in claims:
        violators = []
        for actor in claim.violators:
            if actor.name.endswith(ACCOUNTS):
                violators.append(actor)
                continue
            key = (actor.identity, claim.status)
            if actor.kind == "generic" and key not in known:
                known[key] = _declared_as(actor, scene, declared) or _name_of(
                    actor, scene, busy, set().union(*accused.values()), accused[claim.status]
                )
            named = known.get(key, []) if actor.kind == "generic" else []
            is_guess = claim.status == "hypothetical"
            is_its = actor.name in MAKERS  # "its maker", of whom nothing else is said
            known_by = [] if is_its else [actor]
            violators += [replace(n, start=actor.start, end=actor.end, is_resolved=is_guess) for n in named] or known_by
        out.append(claim if violators == [*claim.violators] else replace(claim, violators=tuple(violators)))
    return out


def _declared_as(actor: Actor, scene: Scene, declared: list[Actor]) -> list[Actor]:
    """ "three men": the accused, whom the text names, if they are as many and of their kind."""
    noun = scene.doc[actor.end - 1]
    counted = _counted(actor, scene) if noun.tag_ == "NNS" else 1
    is_person = noun.lower_ in PERSON_NOUNS
    are_alike = all(_fits(a.kind, a.end - a.start, is_person) for a in declared)
    return declared if counted == len(declared) and (are_alike or counted > 1) else []


def _name_of(actor: Actor, scene: Scene, busy: set[str], accused: set[str], alike: set[str]) -> list[Actor]:
    """Whom the sentences that follow describe by the same noun, else accuse, else the first subject or possessor.

    Of several accused, one to whom the same happens (``alike``); all of a list for "three firms".
    """
    noun = scene.doc[actor.end - 1]
    if noun.lower_ in STATES:
        return _states_of(actor, scene, busy)
    if noun.tag_ == "NNS" and not _is_one_of(actor, scene):
        return _names_of(actor, scene, busy)
    fitting = [m for m in _followers(actor, scene, accused) if m.identity not in busy]
    described = [m for m in fitting if _is_described(scene, m, noun.lower_)]
    if not fitting:  # a firm that the model takes for a person
        fitting = [m for m in _accused_later(actor, scene, accused) if m.identity in accused - busy]
    if noun.lower_ in INSTITUTIONS:
        fitting = [m for m in fitting if m in described or _is_institution(scene, m)]
    same = [m for m in fitting if m.identity in alike]
    if not same and not described and noun.lower_ not in INSTITUTIONS:
        same = [m for m in _accused_later(actor, scene, accused) if m.identity in alike - busy]
    told = [m for m in fitting if m.identity in accused] or _next_to(actor, fitting, scene)
    best = next(iter(described or same or told), None)
    return scene.cast.named(best.start, best.end)[:1] if best is not None else []


def _is_one_of(actor: Actor, scene: Scene) -> bool:
    """ "one of the country's busiest lenders"."""
    return scene.doc[actor.start].lower_ == "one"


def _next_to(actor: Actor, fitting: list[Mention], scene: Scene) -> list[Mention]:
    """Of a person, only who is first named in the sentence after, or the only one who can be meant."""
    if scene.doc[actor.end - 1].lower_ not in PERSON_NOUNS or len({m.identity for m in fitting}) == 1:
        return fitting
    first = scene.sentence_of(actor.start)
    met = {m.identity for m in scene.cast.mentions if m.start < actor.start}
    return [m for m in fitting if scene.sentence_of(m.start) - first <= 1 and m.is_subject and m.identity not in met]


def _is_institution(scene: Scene, mention: Mention) -> bool:
    """ "Grove School" or "Grove Academy" for "the school"."""
    return any(t.lower_ in _INSTITUTIONS for t in scene.doc[mention.start : mention.end])


def _accused_later(actor: Actor, scene: Scene, accused: set[str]) -> list[Mention]:
    """Those in reach who are accused, whatever the model takes them for."""
    found = _followers(actor, scene, accused, is_any=True)
    is_person = scene.doc[actor.end - 1].lower_ in PERSON_NOUNS
    found = [m for m in found if m.kind not in ("authority", "office", "outlet")]
    return [m for m in found if is_person or not _is_full_name(scene, m)]


def _is_full_name(scene: Scene, mention: Mention) -> bool:
    """ "Mary Tolland": nobody takes it for a firm's."""
    return mention.end - mention.start > 1 and scene.doc[mention.start].text in given_names()


def _followers(actor: Actor, scene: Scene, accused: set[str], *, is_any: bool = False) -> list[Mention]:
    """The names in reach after the actor's words that could be his."""
    noun = scene.doc[actor.end - 1].lower_
    is_person = noun in PERSON_NOUNS
    first = scene.sentence_of(actor.start)
    counts = scene.cast.mentions.counts
    telling = scene.cast.mentions.only_telling - accused if is_person else set()
    last = first + _REACH + (2 if scene.in_title(first) else 0)
    found = []
    for m in scene.cast.mentions:
        number = scene.sentence_of(m.start)
        if (
            m.end > actor.end
            and number <= last
            and not scene.in_title(number)
            and (
                is_any
                or _fits(m.kind, m.end - m.start, is_person)
                or (is_person and m.kind == "person" and m.identity in accused)
            )
            and (
                m.is_subject
                or m.identity in accused
                or number == first
                or counts[m.identity] > 1
                or _is_described(scene, m, noun)
            )
            and not has_office(scene, m.start, m.end)
            and not is_where(scene.doc, m.start)
            and not is_beside_another(scene.doc, m.start)
            and (m.identity not in telling or _is_described(scene, m, noun))
        ):
            found.append(m)
    return found


def _is_described(scene: Scene, mention: Mention, noun: str) -> bool:
    """ "Garrick Pellworth, a consultant", "the consultant Garrick Pellworth"."""
    root = scene.doc[mention.start : mention.end].root
    alike = _ALIKE.get(noun, {noun})
    if scene.doc[mention.end - 1].lower_ == noun:  # "Fenwick College"
        return True
    beside = [c for c in root.children if c.dep_ == "appos"]
    beside += [root.head] if root.dep_ == "appos" else []
    beside += [c for c in root.children if c.dep_ == "compound" and c.i < mention.start]
    beside += [c for c in root.head.children if _is_told(root) and c.dep_ == "nsubj"]  # "That maker is X"
    return any(t.lower_ in alike for t in beside)


def _is_told(root: Token) -> bool:
    """What somebody is, and not what he is not."""
    return root.dep_ == "attr" and not any(c.dep_ == "neg" for c in root.head.children)


def _names_of(actor: Actor, scene: Scene, busy: set[str]) -> list[Actor]:
    """Those listed in the first following sentence that names two or more, about as many as the words count."""
    noun = scene.doc[actor.end - 1].lower_
    is_person = noun in PERSON_NOUNS
    is_either = is_person and noun in ORGANISATION_NOUNS  # operators, brokers, landlords
    first = scene.sentence_of(actor.start)
    for number in range(first, min(first + _REACH + 1, len(scene.sentences))):
        span = scene.sentences[number]
        found = {
            a.identity: a
            for a in scene.cast.named(max(span.start, actor.end), span.end)
            if a.identity not in busy
            and (_fits(a.kind, a.end - a.start, is_person) or (is_either and _fits(a.kind, a.end - a.start, False)))
            and not is_where(scene.doc, a.start)
        }
        if scene.in_title(number):
            continue
        if is_either or not is_person:
            found |= {
                a.identity: a for a in _in_a_row_with(list(found.values()), span, scene) if a.identity not in busy
            }
        makers = {k: a for k, a in found.items() if a.kind != "project"}
        found = makers if len(makers) > 1 else found  # "A, B and C used the program D"
        is_fitting = is_either or not is_person or all(a.kind == "person" for a in found.values())
        counted = _counted(actor, scene)
        is_counted = is_fitting and counted == len(found) > 1
        is_row = (counted is None or 0 <= counted - len(found) <= 1) and _is_row(list(found.values()), scene)
        if is_counted or is_row or any(_has_company(scene, a) for a in found.values()):
            return list(found.values())
    return _introduced(noun, max(first + 1, scene.sentence_of(actor.end)), scene)


def _introduced(noun: str, after: int, scene: Scene) -> list[Actor]:
    """ "The trustees, A, B and C, knew": those whom a later sentence names beside the same noun."""
    for span in scene.sentences[after:]:
        for t in span:
            if t.lower_ == noun and t.i + 2 < span.end and t.nbor(1).text == ",":
                root = next((a for a in scene.cast.named(t.i + 2, t.i + 3)), None)
                row = [root, *scene.cast.named(root.end, t.right_edge.i + 1)] if root is not None else []
                if len(row) > 1 and _is_row(row, scene):
                    return row
    return []


def _is_row(actors: list[Actor], scene: Scene) -> bool:
    """ "A, 31, of Larkmoor, and B": two or more of whom nothing else is said between them."""
    row = sorted(actors, key=lambda a: a.start)
    between = [scene.doc[a.end : b.start] for a, b in pairwise(row)]
    return len(row) > 1 and not any(t.pos_ in ("VERB", "AUX", "SCONJ") for words in between for t in words)


def _in_a_row_with(firms: list[Actor], span: Stretch, scene: Scene) -> list[Actor]:
    """ "Hale Ott and Brun & Co": the name that the model takes for a person, joined to a firm's."""
    people = [a for a in scene.cast.named(span.start, span.end) if a.kind == "person"]
    starts, ends = {a.start for a in firms}, {a.end for a in firms}
    doc, joined = scene.doc, list[Actor]()
    for p in people:
        if (doc[p.end].lower_ in ("and", ",") and p.end + 1 in starts) or (
            doc[p.start - 1].lower_ in ("and", ",") and p.start - 1 in ends
        ):
            joined.append(p)
            ends.add(p.end)
    return joined


def _states_of(actor: Actor, scene: Scene, busy: set[str]) -> list[Actor]:
    """The countries listed in the first following sentence that names as many as the words count."""
    counted = _counted(actor, scene)
    first = scene.sentence_of(actor.start)
    for span in scene.sentences[first : first + _REACH + 1]:
        found = [a for a in scene.cast.states(max(span.start, actor.end), span.end) if a.identity not in busy]
        if counted is not None and len(found) == counted > 1:
            return found
    return []


def _counted(actor: Actor, scene: Scene) -> int | None:
    """How many "three firms" are."""
    words = scene.doc[actor.start : actor.end].text.lower().split()
    return next((_COUNTS.index(w) if w in _COUNTS else int(w) for w in words if w in _COUNTS or w.isdecimal()), None)


def _has_company(scene: Scene, actor: Actor) -> bool:
    """ "X and three partners": the first of several."""
    root = scene.doc[actor.start : actor.end].root
    return any(c.dep_ == "conj" and c.tag_ == "NNS" for c in root.children)


def _fits(kind: str, length: int, is_person: bool) -> bool:
    if is_person:
        return kind in ("person", "name") and length > 1
    return kind in ("company", "project", "name") or (kind == "person" and length == 1)


def has_office(scene: Scene, start: int, end: int) -> bool:
    """ "Judge X", "said X, a spokesman": somebody else."""
    first = start
    while first > max(0, start - 2) and scene.doc[first - 1].pos_ not in ("VERB", "AUX", "PUNCT"):
        first -= 1
    around = scene.doc[first : min(len(scene.doc), end + 5)]
    return any(t.lower_ in _NOT_THE_ONE for t in around if t.i == start or not start <= t.i < end)


_VAGUE = frozenset({"case-against", "judgment-noun", "ban-noun", "banned", "versus", "action", "lawsuit", "complaint"})
_ENOUGH = 2.5  # weight of claims that name nobody, from which the one the article is about is taken
_TAKEN = 0.6
_CLOSE = 0.7  # of the best candidate's score: another as near
_NO_FIRM = INSTITUTIONS | word_set("antecedents_state_nouns") | word_set("roles_state")
_CROWDS = frozenset({"all", "cent", "many", "most", "percent", "some", "they", "who"})


def _can_lead(mention: Mention) -> bool:
    """A single word that the model takes for a person is more often a company."""
    if mention.kind == "person":
        return mention.end - mention.start == 1
    return mention.kind in ("company", "name", "project")


def is_of_many(claim: Claim, scene: Scene) -> bool:
    """ "many break the rules", "they were disciplined": said of a crowd, with nobody who acts on it."""
    subject = surface_subject(scene.doc[claim.start : claim.end].root)
    if claim.enforcers or claim.claimants or claim.in_title or subject is None:
        return False
    is_any = any(c.dep_ == "det" and c.lower_ in ("any", "every", "no") for c in subject.children)
    return subject.lower_ in _CROWDS or subject.tag_ == "NNS" or is_any


def _is_of_a_name(claim: Claim, scene: Scene) -> bool:
    """ "Orvane Europe was fined": of somebody of whom nothing else is known, and not of whom the article is about."""
    root = scene.doc[claim.start : claim.end].root
    target = done_to(root) if claim.kind == "verb" else None
    return target is not None and target.pos_ == "PROPN" and not claim.in_title


def is_of_another(claim: Claim, scene: Scene) -> bool:
    """ "the school broke the law", "the ministry was fined": of somebody whom no firm's name stands for."""
    root = scene.doc[claim.start : claim.end].root
    blamed = done_to(root) if claim.sanction is not None or is_passive(root) else surface_subject(root)
    if blamed is None:  # "found that the ministry had broken the law", where the parse breaks
        before = (t for t in reversed(scene.doc[root.sent.start : root.i]) if t.dep_ in ("nsubj", "nsubjpass"))
        blamed = next(before, None)
    if blamed is None or blamed.pos_ not in ("NOUN", "PROPN"):
        return False
    return blamed.lower_ in _NO_FIRM or (blamed.lower_ in PERSON_NOUNS and blamed.tag_ == "NN")


def with_protagonist(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims; those of a sanction that was imposed on nobody by name go to the one whom the article is about."""
    open_ = [
        c
        for c in claims
        if not c.violators
        and c.status not in ("hypothetical", "denied", "under_investigation")
        and c.frame not in _VAGUE
        and not is_of_many(c, scene)
        and not _is_of_a_name(c, scene)
        and not is_of_another(c, scene)
    ]
    if (
        sum(c.weight for c in open_) < _ENOUGH
        or all(c.in_title for c in open_)
        or not any(c.sanction is not None and (c.in_title or c.status in FIRM) for c in open_)
        or not any(r.is_rule for c in open_ for r in c.rules)
    ):
        return claims
    busy = {a.identity for c in claims for a in (*c.enforcers, *c.claimants, *(o for r in c.rules for o in r.owners))}
    near = {n for c in open_ for n in (c.sentence - 1, c.sentence, c.sentence + 1)}
    score: dict[str, float] = {}
    leads = [
        m
        for m in scene.cast.mentions
        if m.identity not in busy
        and _can_lead(m)
        and not has_office(scene, m.start, m.end)
        and not is_where(scene.doc, m.start)
        and m.identity not in scene.cast.mentions.only_telling
    ]
    acting = {m.identity for m in leads if m.is_subject} or {m.identity for m in leads}
    for m in (m for m in leads if m.identity in acting):
        score[m.identity] = score.get(m.identity, 0.0) + (1.0 if scene.sentence_of(m.start) in near else 0.3) * (
            1.5 if m.is_subject else 1.0
        )
    if not score:
        return claims
    best = max(score, key=lambda k: score[k])
    mention = next(m for m in scene.cast.mentions if m.identity == best)
    found = scene.cast.named(mention.start, mention.end)
    is_one_of_many = best not in {m.identity for m in leads if m.is_subject} and len(acting) > 1
    is_close = any(score[k] > _CLOSE * score[best] for k in score if k != best)
    if score[best] < 1.0 or is_one_of_many or is_close or not found:
        return claims
    return [
        replace(c, violators=tuple(found[:1]), weight=c.weight * _TAKEN, is_inherited=True) if c in open_ else c
        for c in claims
    ]
