"""Stories of one matter together: each in the order of time joins the group of its likeliest earlier story."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
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
    bare: list[tuple[Story, list[Matter]]] = []
    for chunk in _chunks(stories):
        told = [(story, matters(story, owner)) for story in sorted(chunk, key=age)]
        grouper.read([(story, its) for story, its in told if not _is_bare(story)])
        bare += [(story, its) for story, its in told if _is_bare(story)]
    return [*grouper.groups(), *_by_headline(bare)]


def age(story: Story) -> tuple[str, int]:
    """Sorts stories oldest first, those without a date last."""
    return story.published or "9999", story.article_id


def fits(matter: Matter, others: Iterable[Matter]) -> bool:
    """Can a matter be one with each of these?"""
    return all(
        matter.story.article_id != other.story.article_id and odds_of_claims(matter, other) is not None
        for other in others
    )


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
            if chance >= ATTACH and fits(matter, self._matters_of(self.group_of[-other])):
                home, words = self.group_of[-other], shared_words(side, self.sides[-other])
                break
        self.group_of[number] = home
        self.members[home].append(number)
        if words is not None:
            self.words[number] = words
        self._unite(home, {self.group_of[-other] for chance, other in likely if chance >= ATTACH})

    def _likelihood(self, one: int, other: int) -> float:
        claims = odds_of_claims(self.matters[one], self.matters[other])
        if claims is None or self.matters[one].story.article_id == self.matters[other].story.article_id:
            return 0.0
        return probability(self.odds(self.sides[other], self.sides[one], self.archive) + claims)

    def _matters_of(self, home: int) -> list[Matter]:
        return [self.matters[n] for n in self.members[home]]

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
        latest = max((profile.day for profile in seen if profile.day is not None), default=None)
        if latest is not None:
            for number in self.candidates.forget_before(latest - WINDOW):
                del self.sides[number]


def shared_words(a: Side, b: Side) -> str:
    """The names and title words that tie two stories, the strongest in front, as the first story writes them."""
    ties = {
        word: a.names.get(word, 0.0) * b.names.get(word, 0.0) + a.title.get(word, 0.0) * b.title.get(word, 0.0)
        for word in dict.fromkeys((*a.profile.title, *a.profile.names))
        if len(word) > 2
    }
    telling = sorted((word for word in ties if ties[word] > 0), key=lambda word: (-ties[word], word))
    return ", ".join(a.profile.written.get(word, word) for word in telling[:6])
