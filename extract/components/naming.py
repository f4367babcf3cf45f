"""Names for those whom an article first calls "a lawyer" or "a tutoring company" and names later."""

from dataclasses import replace

from extract.components.claims import Claim, Scene
from extract.components.roles import PERSON_NOUNS, Actor

_REACH = 3  # sentences in which the name must follow
_NOT_THE_ONE = frozenset(
    "judge spokesman spokeswoman spokesperson minister president prosecutor lawyer attorney analyst professor commissioner director editor chief justice senator mayor".split()
)


def with_names(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims with the later name in the place of every unnamed violator that has one."""
    known: dict[str, Actor | None] = {}
    busy = {a.identity for c in claims for a in c.enforcers if a.kind != "generic"}
    out = []
    for claim in claims:
        violators = []
        for actor in claim.violators:
            if actor.kind == "generic" and actor.identity not in known:
                known[actor.identity] = _name_of(actor, scene, busy)
            named = known.get(actor.identity) if actor.kind == "generic" else None
            violators.append(replace(named, start=actor.start, end=actor.end) if named is not None else actor)
        out.append(replace(claim, violators=tuple(violators)))
    return out


def _name_of(actor: Actor, scene: Scene, busy: set[str]) -> Actor | None:
    """The first fitting name that is a subject or possessor in the sentences that follow."""
    noun = scene.doc[actor.end - 1]
    if noun.tag_ == "NNS":
        return None
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
        if found and _fits(m.kind, m.end - m.start, is_person) and (m.is_subject or number == first or counts[m.identity] > 1) and not _has_office(scene, m.start, m.end):
            return found[0]
    return None


def _fits(kind: str, length: int, is_person: bool) -> bool:
    if is_person:
        return kind == "person" or (kind == "name" and length > 1)
    return kind in ("company", "project", "name") or (kind == "person" and length == 1)


def _has_office(scene: Scene, start: int, end: int) -> bool:
    """ "Judge X", "said X, a spokesman": somebody else."""
    around = scene.doc[max(0, start - 2) : min(len(scene.doc), end + 5)]
    return any(t.lower_ in _NOT_THE_ONE for t in around if not start <= t.i < end)
