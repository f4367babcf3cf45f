"""Names for those whom an article first calls "a lawyer" or "a tutoring company" and names later."""

from dataclasses import replace

from extract.components.actors import Actor
from extract.components.antecedents import Mention
from extract.components.claims import Claim
from extract.components.scene import Scene
from extract.components.unnamed import PERSON_NOUNS
from extract.components.word_lists import word_set

_REACH = 3  # sentences in which the name must follow
_NOT_THE_ONE = word_set("naming_not_the_one")


def with_names(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims with the later name in the place of every unnamed violator that has one."""
    known: dict[str, list[Actor]] = {}
    busy = {a.identity for c in claims for a in c.enforcers if a.kind != "generic"}
    out = []
    for claim in claims:
        violators = []
        for actor in claim.violators:
            if actor.kind == "generic" and actor.identity not in known:
                known[actor.identity] = _name_of(actor, scene, busy)
            named = known.get(actor.identity, []) if actor.kind == "generic" else []
            violators += [replace(n, start=actor.start, end=actor.end) for n in named] or [actor]
        out.append(replace(claim, violators=tuple(violators)))
    return out


def _name_of(actor: Actor, scene: Scene, busy: set[str]) -> list[Actor]:
    """The first fitting subject or possessor in the sentences that follow; all of a list for "three firms"."""
    noun = scene.doc[actor.end - 1]
    if noun.tag_ == "NNS":
        return _names_of(actor, scene, busy)
    is_person = noun.lower_ in PERSON_NOUNS
    first = scene.sentence_of(actor.start)
    counts: dict[str, int] = {}
    for m in scene.cast.mentions:
        counts[m.identity] = counts.get(m.identity, 0) + 1
    last = first + _REACH + (2 if scene.in_title(first) else 0)
    for m in scene.cast.mentions:
        number = scene.sentence_of(m.start)
        if m.end <= actor.end or number > last or m.identity in busy or scene.in_title(number):
            continue
        found = scene.cast.named(m.start, m.end)
        if (
            found
            and _fits(m.kind, m.end - m.start, is_person)
            and (m.is_subject or number == first or counts[m.identity] > 1)
            and not _has_office(scene, m.start, m.end)
        ):
            return found[:1]
    return []


def _names_of(actor: Actor, scene: Scene, busy: set[str]) -> list[Actor]:
    """Those listed in the first following sentence that names two or more."""
    is_person = scene.doc[actor.end - 1].lower_ in PERSON_NOUNS
    first = scene.sentence_of(actor.start)
    for number in range(first, min(first + _REACH + 1, len(scene.sentences))):
        span = scene.sentences[number]
        found = {
            a.identity: a
            for a in scene.cast.named(max(span.start, actor.end), span.end)
            if a.identity not in busy and _fits(a.kind, a.end - a.start, is_person)
        }
        if len(found) > 1 and not scene.in_title(number):
            return list(found.values())
    return []


def _fits(kind: str, length: int, is_person: bool) -> bool:
    if is_person:
        return kind in ("person", "name") and length > 1
    return kind in ("company", "project", "name") or (kind == "person" and length == 1)


def _has_office(scene: Scene, start: int, end: int) -> bool:
    """ "Judge X", "said X, a spokesman": somebody else."""
    around = scene.doc[max(0, start - 2) : min(len(scene.doc), end + 5)]
    return any(t.lower_ in _NOT_THE_ONE for t in around if not start <= t.i < end)


_VAGUE = frozenset({"case-against", "judgment-noun", "ban-noun", "banned", "versus"})
_ENOUGH = 5.0  # weight of claims that name nobody, from which the one the article is about is taken
_TAKEN = 0.6


def _can_lead(mention: Mention) -> bool:
    """A single word that the model takes for a person is more often a company."""
    if mention.kind == "person":
        return mention.end - mention.start == 1
    return mention.kind in ("company", "name", "project", "outlet")


def with_protagonist(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims; strong ones that name nobody are given to the one whom the article is about, if he is near."""
    open_ = [
        c
        for c in claims
        if not c.violators
        and c.status not in ("hypothetical", "denied", "under_investigation")
        and c.frame not in _VAGUE
    ]
    if (
        sum(c.weight for c in open_) < _ENOUGH
        or all(c.in_title for c in open_)
        or not any(r.is_rule for c in open_ for r in c.rules)
    ):
        return claims
    busy = {a.identity for c in claims for a in (*c.enforcers, *c.claimants, *(o for r in c.rules for o in r.owners))}
    near = {n for c in open_ for n in (c.sentence - 1, c.sentence, c.sentence + 1)}
    score: dict[str, float] = {}
    for m in scene.cast.mentions:
        if m.identity in busy or not _can_lead(m) or _has_office(scene, m.start, m.end):
            continue
        score[m.identity] = score.get(m.identity, 0.0) + (1.0 if scene.sentence_of(m.start) in near else 0.3) * (
            1.5 if m.is_subject else 1.0
        )
    if not score:
        return claims
    best = max(score, key=lambda k: score[k])
    mention = next(m for m in scene.cast.mentions if m.identity == best)
    found = scene.cast.named(mention.start, mention.end)
    if score[best] < 1.0 or not found:
        return claims
    return [
        replace(c, violators=tuple(found[:1]), weight=c.weight * _TAKEN, is_inherited=True) if c in open_ else c
        for c in claims
    ]
