"""One request at a time to each host, the hosts in turn."""

from crawler.frontier import Frontier
from crawler.items import Job


def jobs(*hosts: str) -> list[Job]:
    return [Job(id=n, kind="article", url=f"https://{host}.example/{n}") for n, host in enumerate(hosts)]


def taken(frontier: Frontier) -> list[int]:
    found = []
    while job := frontier.next():
        found.append(job.id)
    return found


def test_each_host_is_asked_once_until_it_has_answered() -> None:
    frontier = Frontier()
    given = jobs("a", "a", "b", "c", "b")
    frontier.add(given)
    assert taken(frontier) == [0, 2, 3]
    frontier.landed(given[2])
    assert taken(frontier) == [4]
    assert len(frontier) == 5
    for job in given:
        frontier.done(job)
    assert taken(frontier) == [1]


def test_a_job_that_is_leased_again_is_the_same() -> None:
    frontier = Frontier()
    frontier.add(jobs("a", "b"))
    frontier.add(jobs("a", "b"))
    assert len(frontier) == 2
    assert taken(frontier) == [0, 1]
    assert taken(frontier) == []


def test_what_waits_for_a_host_can_be_taken_out() -> None:
    frontier = Frontier()
    frontier.add(jobs("a", "a", "b", "a"))
    assert frontier.next() == jobs("a")[0]
    assert [job.id for job in frontier.drop("a.example")] == [1, 3]
    assert frontier.drop("a.example") == []
    assert [job.id for job in frontier.drop()] == [2]
    assert len(frontier) == 1  # the one under way


def test_a_host_is_spent_after_so_many_requests() -> None:
    frontier = Frontier(per_run=2)
    given = jobs("a", "a")
    frontier.add(given)
    frontier.next()
    assert not frontier.is_spent(given[0])
    frontier.landed(given[0])
    frontier.next()
    assert frontier.is_spent(given[1])
