"""Stories of one matter together: each in the order of time joins the group of its likeliest earlier story."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from extract.candidates import WINDOW, Candidates
from extract.facts import Story
from extract.matters import Matter, Owner, matters, odds_of_claims
from extract.pairs import Archive, Side, load_weights, probability
from extract.profiles import Profile, profiles

CHUNK = 5000
"""Stories read ahead, so that even the first are weighed by many."""
ATTACH = 0.62
"""A story joins where it is this likely to belong. With the next two read off a plateau of the cross-validation
(tests/bench/train_pairs.py), where it lies level from 0.50 to 0.80."""
LINK = 0.5
"""A story that is this likely to belong to a second group asks whether the two are one."""
MERGE = 0.3
"""Two groups are one where their stories, pair by pair, are this likely to belong together on average."""
LATEST = 8
"""So many stories of a group, the latest, stand for it when groups are compared."""

Odds = Callable[[Side, Side, Archive], float]


@dataclass(slots=True)
class Group:
    """The matters of one incident to be, oldest first."""

    matters: list[Matter]
    joined_by: dict[int, str] = field(default_factory=dict)
    """For each article but the first, the words it shares with the story it was joined to."""


def grouped(stories: Iterable[Story], *, owner: Owner = lambda slug: None, odds: Odds | None = None) -> list[Group]:
    """The groups of stories, in the order of their first ones.

    Any order will do for up to `CHUNK` stories; more than that must come about oldest first.
    """
    grouper = _Grouper(odds or load_weights().odds)
    for chunk in _chunks(stories):
        grouper.read([(story, matters(story, owner)) for story in sorted(chunk, key=age)])
    return grouper.groups()


def age(story: Story) -> tuple[str, int]:
    """Sorts stories oldest first, those without a date last."""
    return story.published or "9999", story.article_id


def _chunks(stories: Iterable[Story]) -> Iterator[list[Story]]:
    rest = iter(stories)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


class _Grouper:
    """The groups so far, and what is needed to compare the stories of the last weeks."""

    def __init__(self, odds: Odds) -> None:
        self.odds = odds
        self.archive = Archive()
        self.candidates = Candidates()
        self.matters: list[Matter] = []
        self.sides: dict[int, Side] = {}
        self.group_of: dict[int, int] = {}
        self.members: dict[int, list[int]] = defaultdict(list)
        self.words: dict[int, str] = {}

    def read(self, told: list[tuple[Story, list[Matter]]]) -> None:
        """Take in stories, oldest first."""
        seen = profiles([story for story, _ in told])
        self.archive.count(seen)
        for profile, (_, its) in zip(seen, told, strict=True):
            side = Side.of(profile, self.archive)
            for matter in its:
                self._add(matter, side)
        self._forget(seen)

    def groups(self) -> list[Group]:
        """What came of it."""
        found = []
        for numbers in sorted(sorted(numbers) for numbers in self.members.values()):
            its = [self.matters[n] for n in numbers]
            words = {self.matters[n].story.article_id: self.words[n] for n in numbers[1:] if n in self.words}
            found.append(Group(matters=its, joined_by=words))
        return found

    def _add(self, matter: Matter, side: Side) -> None:
        number = len(self.matters)
        self.matters.append(matter)
        self.sides[number] = side
        near = self.candidates.near(number, side, self.archive)
        likely = sorted(((self._likelihood(number, other), -other) for other in near), reverse=True)
        home, words = number, None
        for chance, other in likely:
            if chance >= ATTACH and self._fits(matter, self.group_of[-other]):
                home, words = self.group_of[-other], shared_words(side, self.sides[-other], self.archive)
                break
        self.group_of[number] = home
        self.members[home].append(number)
        if words is not None:
            self.words[number] = words
        self._unite(home, {self.group_of[-other] for chance, other in likely if chance >= LINK})

    def _likelihood(self, one: int, other: int) -> float:
        claims = odds_of_claims(self.matters[one], self.matters[other])
        if claims is None or self.matters[one].story.article_id == self.matters[other].story.article_id:
            return 0.0
        return probability(self.odds(self.sides[other], self.sides[one], self.archive) + claims)

    def _fits(self, matter: Matter, home: int) -> bool:
        """Can the matter be one with each of a group?"""
        return all(
            odds_of_claims(matter, self.matters[n]) is not None
            and self.matters[n].story.article_id != matter.story.article_id
            for n in self.members[home]
        )

    def _unite(self, home: int, linked: set[int]) -> None:
        """Merge into the older one each group that goes with the story's own."""
        for other in sorted(linked - {home}):
            first, second = min(home, other), max(home, other)
            fits = all(self._fits(self.matters[n], first) for n in self.members[second])
            if fits and self._mean(first, second) >= MERGE:
                for number in self.members.pop(second):
                    self.group_of[number] = first
                    self.members[first].append(number)
                home = first

    def _mean(self, one: int, other: int) -> float:
        mine, theirs = ([n for n in self.members[g] if n in self.sides][-LATEST:] for g in (one, other))
        chances = [self._likelihood(max(a, b), min(a, b)) for a in mine for b in theirs]
        return sum(chances) / len(chances) if chances else 0.0

    def _forget(self, seen: list[Profile]) -> None:
        latest = max((profile.day for profile in seen if profile.day is not None), default=None)
        if latest is not None:
            for number in self.candidates.forget_before(latest - WINDOW):
                del self.sides[number]


def shared_words(a: Side, b: Side, archive: Archive) -> str:
    """The rarest names and words of the titles that two stories share, as the first writes them."""
    telling = [w for w in dict.fromkeys((*a.profile.title, *a.profile.names)) if len(w) > 2 and b.has(w)]
    telling.sort(key=lambda w: (w not in a.profile.names, -archive.rarity(w), w))
    return ", ".join(a.profile.written.get(w, w) for w in telling[:6])
