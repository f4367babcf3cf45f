"""What a run did: counted while it goes, handed back at its end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """What a run did with one source."""

    polls: int = 0
    links: int = 0
    """New ones that it named."""
    articles: int = 0
    changed: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What a run did."""

    articles: int = 0
    """Kept for the first time."""
    changed: int = 0
    """Known, and not as they were."""
    unchanged: int = 0
    """Known, asked for again, and as they were."""
    links: int = 0
    """New addresses that sources named."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    requests: int = 0
    """Sent, those for robots.txt and after redirects among them."""
    answers: int = 0
    """Of these; none at all means that nothing could be reached."""
    not_modified: int = 0
    """Answers that were 304."""
    bytes: int = 0
    """Received in bodies, as sent."""
    seconds: float = 0.0
    sources: Mapping[str, SourceCount] = field(default_factory=dict)
    interrupted: bool = False
    """Ended by a signal or at its budget, with work left."""

    @property
    def counts(self) -> dict[str, int]:
        """What a line of counts tells, in its order."""
        return {
            "new": self.articles,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "failures": sum(self.failures.values()),
            "requests": self.requests,
        }

    @property
    def record(self) -> dict[str, object]:
        """Everything, as JSON can hold it."""
        plain = {"failures": dict(self.failures), "sources": {id: asdict(count) for id, count in self.sources.items()}}
        return {name: plain.get(name, getattr(self, name)) for name in self.__dataclass_fields__}


class Tally:
    """Counts of a run that is under way."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self._sources: dict[str, Counter[str]] = {}

    def add(self, source_id: str | None, what: str, count: int = 1) -> None:
        """Count something for the run, and for the source it belongs to."""
        self.total[what] += count
        if source_id is not None:
            self._sources.setdefault(source_id, Counter())[what] += count

    def report(self, *, seconds: float, interrupted: bool) -> CrawlReport:
        """The counts so far."""
        names = ("polls", "links", "articles", "changed", "failures")
        sources = {id: SourceCount(**{name: count[name] for name in names}) for id, count in self._sources.items()}
        totals = ("articles", "changed", "unchanged", "links", "requests", "answers", "not_modified", "bytes")
        return CrawlReport(
            **{name: self.total[name] for name in totals},
            failures=MappingProxyType(dict(self.failures.most_common())),
            seconds=seconds,
            sources=MappingProxyType(sources),
            interrupted=interrupted,
        )
