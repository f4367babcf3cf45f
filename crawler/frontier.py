"""Leased work in the order of sending: one request at a time to each host, none to a host that is to be left alone."""

from collections import Counter, deque
from collections.abc import Iterable

from crawler.items import Job
from crawler.urls import host_of

PER_RUN = 300
"""Requests to one host in one run; the rest of a huge feed waits for the next."""


class Frontier:
    """What was leased and is not done: waiting by host, under way, and hosts on hold."""

    def __init__(self, *, per_run: int = PER_RUN) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._turn: deque[str] = deque()
        self._under_way: set[str] = set()
        self._open: dict[int, Job] = {}
        self._sent: Counter[str] = Counter()
        self._per_run = per_run

    def __len__(self) -> int:
        """Jobs that are leased and not done."""
        return len(self._open)

    def add(self, jobs: Iterable[Job]) -> None:
        """Take in leased jobs; one that is here already has outlived its lease and is the same."""
        for job in jobs:
            if job.id in self._open:
                continue
            host = host_of(job.url)
            if host not in self._waiting:
                self._waiting[host] = deque()
                self._turn.append(host)
            self._waiting[host].append(job)
            self._open[job.id] = job

    def next(self) -> Job | None:
        """The next job of a host with no request under way, the hosts in turn; ``None`` if all are busy."""
        for _ in range(len(self._turn)):
            host = self._turn[0]
            self._turn.rotate(-1)
            if not self._waiting[host]:
                del self._waiting[host]
                self._turn.remove(host)
            elif host not in self._under_way:
                self._under_way.add(host)
                self._sent[host] += 1
                return self._waiting[host].popleft()
        return None

    def landed(self, job: Job) -> None:
        """The job's request is answered: its host may be asked again."""
        self._under_way.discard(host_of(job.url))

    def done(self, job: Job) -> None:
        """The job is reported to the queue."""
        self.landed(job)
        self._open.pop(job.id, None)

    def is_spent(self, job: Job) -> bool:
        """Whether the job's host was asked as often as one run may."""
        return self._sent[host_of(job.url)] >= self._per_run

    def drop(self, host: str | None = None) -> list[Job]:
        """Take out the jobs that wait for a host, or for any, and give them back."""
        hosts = list(self._waiting) if host is None else [host]
        dropped = [job for name in hosts for job in self._waiting.get(name, ())]
        for name in hosts:
            if name in self._waiting:
                self._waiting[name].clear()
        for job in dropped:
            self._open.pop(job.id, None)
        return dropped
