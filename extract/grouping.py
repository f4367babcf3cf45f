"""Stories of one matter together: each in the order of time joins the group of its likeliest earlier story."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from extract.candidates import WINDOW, Candidates
from extract.facts import Story
from extract.headlines import by_headline
from extract.matters import Matter, Owner, matters, odds_of_claims
from extract.pairs import Archive, Side, load_weights, probability
from extract.profiles import Profile, profiles

CHUNK = 5000
"""Stories read ahead, so that even the first are weighed by many."""
ATTACH = 0.65
"""A story joins where it is this likely to belong, and asks of other groups where it is as likely whether they are one
with its own. This and the next are read off the cross-validation (tests/bench/train_pairs.py)."""
MERGE = 0.3
"""Two groups are one where their stories, pair by pair, are this likely to belong together on average."""
LONG = 400
"""Days over which the same claim, against the same violator, is still looked for."""
CLAIMS = 12
"""So many of the latest matters with the same claim are looked at."""
PLACE = 1.5
"""Odds of claims from which a matter that is only mentioned goes with a group."""
PLACE_STORY = 2.5
"""The same for a story as a whole: more than the kind of rule, its name or the other side, must be the same."""
CHECKED = 100
"""So many stories of a group, the latest, must not speak against a new one."""
LATEST = 8
"""So many stories of a group, the latest, stand for it when groups are compared."""

Odds = Callable[[Side, Side, Archive], float]


@dataclass(slots=True)
class Group:
    """The matters of one incident to be, oldest first."""

    matters: list[Matter]
    joined_by: dict[int, str] = field(default_factory=dict)
    """For each article but the first, the words it shares with the story it was joined to."""


def grouped(
    stories: Iterable[Story], *, owner: Owner = lambda slug: None, odds: Odds | None = None,
    archive: Archive | None = None,
) -> list[Group]:  # fmt: skip
    """The groups of stories, in the order of their first ones.

    Any order will do for up to `CHUNK` stories; more than that must come about oldest first. The archive tells how rare
    words are if these stories are only some.
    """
    grouper = _Grouper(odds or load_weights().odds, archive or Archive())
    bare: list[tuple[Story, list[Matter]]] = []
    for chunk in _chunks(stories):
        told = [(story, matters(_without_text(story), owner)) for story in sorted(chunk, key=age)]
        grouper.read([(story, its) for story, its in told if not _is_bare(story)])
        bare += [(story, its) for story, its in told if _is_bare(story)]
    return [*grouper.groups(), *_by_headline(bare)]


def age(story: Story) -> tuple[str, str, int]:
    """Sorts stories oldest first, by the moment where the day is the same, those without a date last."""
    return story.published or "9999", story.published_at or "9999", story.article_id


def fits(matter: Matter, others: Iterable[Matter]) -> bool:
    """Can a matter be one with each of these?"""
    return all(
        matter.story.article_id != other.story.article_id and odds_of_claims(matter, other) is not None
        for other in others
    )


def likelihood(one: tuple[Matter, Side], other: tuple[Matter, Side], odds: Odds, archive: Archive) -> float:
    """How likely two stories are about one matter."""
    claims = odds_of_claims(one[0], other[0])
    if claims is None:
        return 0.0
    if not (one[0].headed and other[0].headed):
        claims = min(claims, 0.0)  # what a text says beside its title does not make it a report of the matter
    return probability(odds(other[1], one[1], archive) + claims)


def _without_text(story: Story) -> Story:
    """The story as it is kept until all are grouped: of hundreds of thousands the texts would fill the memory."""
    return replace(story, text="")


def _is_bare(story: Story) -> bool:
    """Is nothing known of it but the headline?"""
    return not story.text and story.published is None


def _by_headline(told: list[tuple[Story, list[Matter]]]) -> Iterator[Group]:
    titles = [profile.title for profile in profiles([story for story, _ in told])]
    groups: dict[int, list[Group]] = defaultdict(list)
    for (_, its), head in zip(told, by_headline(titles), strict=True):
        for matter in its:
            home = next((group for group in groups[head] if fits(matter, group.matters)), None)
            if home is None:
                home = Group(matters=[])
                groups[head].append(home)
            home.matters.append(matter)
    for same in groups.values():
        yield from same


def _chunks(stories: Iterable[Story]) -> Iterator[list[Story]]:
    rest = iter(stories)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


class _Grouper:
    """The groups so far, and what is needed to compare the stories of the last weeks."""

    def __init__(self, odds: Odds, archive: Archive) -> None:
        self.odds = odds
        self.archive = archive
        self.candidates = Candidates()
        self.matters: list[Matter] = []
        self.sides: dict[int, Side] = {}
        self.group_of: dict[int, int] = {}
        self.members: dict[int, list[int]] = defaultdict(list)
        self.words: dict[int, str] = {}
        self.claimed: dict[tuple[str, str], list[int]] = defaultdict(list)
        """Numbers of the matters by violator, with the type of rule or the other side."""
        self.asides: list[Matter] = []

    def read(self, told: list[tuple[Story, list[Matter]]]) -> None:
        """Take in stories, oldest first."""
        seen = profiles([story for story, _ in told])
        self.archive.count(seen)
        for profile, (_, its) in zip(seen, told, strict=True):
            side = Side.of(profile, self.archive)
            self._add(its[0], side)
            self.asides += its[1:]
        self._forget(seen)

    def groups(self) -> list[Group]:
        """What came of it."""
        self._place_the_rest()
        found = []
        for numbers in self.members.values():
            numbers.sort(key=lambda n: age(self.matters[n].story))
            words = {self.matters[n].story.article_id: self.words[n] for n in numbers[1:] if n in self.words}
            found.append(Group(matters=[self.matters[n] for n in numbers], joined_by=words))
        return sorted(found, key=lambda group: age(group.matters[0].story))

    def _add(self, matter: Matter, side: Side) -> None:
        number = len(self.matters)
        self.matters.append(matter)
        self.sides[number] = side
        near = self.candidates.near(number, side, self.archive)
        near += [n for n in self._with_same_claims(matter) if n in self.sides]
        likely = sorted(((self._likelihood(number, other), -other) for other in dict.fromkeys(near)), reverse=True)
        home, words = number, None
        for chance, other in likely:
            if chance >= ATTACH and fits(matter, self._matters_of(self.group_of[-other])):
                home, words = self.group_of[-other], shared_words(side, self.sides[-other])
                break
        self.group_of[number] = home
        self.members[home].append(number)
        if words is not None:
            self.words[number] = words
        for claim in _claims(matter):
            self.claimed[claim].append(number)
        self._unite(home, {self.group_of[-other] for chance, other in likely if chance >= ATTACH})

    def _place_the_rest(self) -> None:
        """Asides, which have no group yet, and stories alone in theirs whose title names no violator."""
        for aside in self.asides:
            if self._place(aside, len(self.matters), least=PLACE):
                self.matters.append(aside)
        for number, matter in enumerate(self.matters):
            is_alone = self.members.get(number) == [number]
            is_about_another = matter.blamed and not matter.headed
            if is_alone and is_about_another and self._place(matter, number, least=PLACE_STORY):
                del self.members[number]

    def _place(self, matter: Matter, number: int, *, least: float) -> bool:
        """Put a matter with the stories about it by its claims: same violator, kind of rule and other side.

        For what a story only mentions: its words say nothing of it. There must be one such group, no more.
        """
        homes: dict[int, float] = {}
        for other in self._with_same_claims(matter):
            odds = odds_of_claims(matter, self.matters[other])
            if other != number and self.matters[other].headed and odds is not None and odds >= least:
                home = self.group_of[other]
                homes[home] = max(odds, homes.get(home, odds))
        likely = [home for home in homes if homes[home] == max(homes.values())]
        if len(likely) != 1 or not fits(matter, self._matters_of(likely[0])):
            return False
        self.group_of[number] = likely[0]
        self.members[likely[0]].append(number)
        self.words[number] = ", ".join(matter.violations[0][1].named("violator"))
        return True

    def _with_same_claims(self, matter: Matter) -> list[int]:
        """Numbers of the latest matters, not more than `LONG` days away, that say the same of the same violator."""
        numbers = {n for claim in _claims(matter) for n in self.claimed.get(claim, ())[-CLAIMS:]}
        day = _day(matter)
        return [n for n in sorted(numbers) if day is None or abs((_day(self.matters[n]) or day) - day) <= LONG]

    def _likelihood(self, one: int, other: int) -> float:
        mine, its = ((self.matters[n], self.sides[n]) for n in (one, other))
        return likelihood(mine, its, self.odds, self.archive)

    def _matters_of(self, home: int) -> list[Matter]:
        return [self.matters[n] for n in self.members[home][-CHECKED:]]

    def _unite(self, home: int, linked: set[int]) -> None:
        """Merge into the older one each group that goes with the story's own."""
        for other in sorted(linked - {home}):
            first, second = min(home, other), max(home, other)
            older = self._matters_of(first)
            if all(fits(m, older) for m in self._matters_of(second)) and self._mean(first, second) >= MERGE:
                for number in self.members.pop(second):
                    self.group_of[number] = first
                    self.members[first].append(number)
                home = first

    def _mean(self, one: int, other: int) -> float:
        mine, theirs = ([n for n in self.members[g] if n in self.sides][-LATEST:] for g in (one, other))
        chances = [self._likelihood(max(a, b), min(a, b)) for a in mine for b in theirs]
        return sum(chances) / len(chances) if chances else 0.0

    def _forget(self, seen: list[Profile]) -> None:
        """Let go of what is too old to be compared again."""
        latest = max((profile.day for profile in seen if profile.day is not None), default=None)
        if latest is not None:
            self.candidates.forget_before(latest - WINDOW)
            for number, side in list(self.sides.items()):
                days = LONG if self.matters[number].violations else WINDOW
                if side.profile.day is not None and side.profile.day < latest - days:
                    del self.sides[number]


def _claims(matter: Matter) -> list[tuple[str, str]]:
    """By what a matter is found again: its violators, each with a kind of rule or with the other side."""
    told = sorted(matter.rule_types - {"unspecified"} | matter.others)
    return [(slug, word) for slug in sorted(matter.blamed) for word in told]


def _day(matter: Matter) -> int | None:
    return date.fromisoformat(matter.story.published).toordinal() if matter.story.published else None


def shared_words(a: Side, b: Side) -> str:
    """The names and title words that tie two stories, the strongest in front, as the first story writes them."""
    ties = {
        word: a.names.get(word, 0.0) * b.names.get(word, 0.0) + a.title.get(word, 0.0) * b.title.get(word, 0.0)
        for word in dict.fromkeys((*a.profile.title, *a.profile.names))
        if len(word) > 2
    }
    telling = sorted((word for word in ties if ties[word] > 0), key=lambda word: (-ties[word], word))
    return ", ".join(a.profile.written.get(word, word) for word in telling[:6])
