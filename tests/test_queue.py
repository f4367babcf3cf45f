"""The lease queue: nothing is fetched twice, nothing is lost."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.items import Article, Failure, Fetch, Interval, Link, Validators
from data.packing import pack, unpack
from data.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Source:
    id: str
    url: str
    name: str = "Outlet"
    kind: str = "feed"
    group: str = "press"
    language: str = "en"
    country: str | None = None
    tier: str = "facts"
    expect_min: int = 0
    enabled: bool = True
    reason: str | None = None


ONE, TWO = Source("one", "https://one.example/feed"), Source("two", "https://two.example/feed")


@pytest.fixture
def store():
    with Store(":memory:") as store:
        store.register_sources([ONE, TWO], now=NOW)
        yield store


def links(host: str, count: int) -> list[Link]:
    return [Link(url=f"https://{host}.example/{n}", source_id=host, title=f"Title {n}") for n in range(count)]


def article(number: int, url: str) -> Article:
    return Article(id=number, url=url, title="A title", text="A text.", fetched=NOW)


def failure(url: str) -> Failure:
    return Failure(url=url, stage="fetch", reason="timeout", detail="30 s", weight=0.5, at=NOW)


def test_polls_come_first_and_are_leased_once(store):
    queue = store.queue()
    first = queue.lease(10, now=NOW)
    assert [(job.kind, job.source_id) for job in first] == [("poll", "one"), ("poll", "two")]
    assert queue.lease(10, now=NOW) == []


def test_a_lease_runs_out(store):
    queue = store.queue()
    queue.lease(10, now=NOW)
    assert len(queue.lease(10, now=NOW + HOUR)) == 2


def test_leases_of_a_dead_run_are_freed(store):
    store.queue().lease(10, now=NOW)
    assert len(store.queue().lease(10, now=NOW)) == 2


def test_work_not_begun_can_be_handed_back(store):
    queue = store.queue()
    _, second = queue.lease(10, now=NOW)
    queue.release([second])
    assert queue.lease(10, now=NOW) == [second]


def test_links_become_jobs_once_and_hosts_take_turns(store):
    queue = store.queue()
    one, two = queue.lease(2, now=NOW)
    assert queue.keep_links(one, links("one", 3), validators=Validators(etag="x"), poll_at=NOW + HOUR) == 3
    assert queue.keep_links(two, links("two", 2) + links("one", 3), validators=None, poll_at=NOW + HOUR) == 2
    hosts = [job.url.split(".")[0][8:] for job in queue.lease(10, now=NOW)]
    assert hosts == ["one", "two", "one", "two", "one"]


def test_a_lease_is_shared_by_many_hosts_and_fills_up_from_few(store):
    queue = store.queue()
    one, two = queue.lease(2, now=NOW)
    many = [link for n in range(40) for link in links(f"host{n}", 1)]
    queue.keep_links(one, [*links("one", 50), *many], validators=None, poll_at=NOW + HOUR)
    queue.keep_links(two, [], validators=None, poll_at=NOW + HOUR)
    assert len({job.url.split(".")[0] for job in queue.lease(41, now=NOW)}) == 41
    assert len(queue.lease(30, now=NOW)) == 30


def test_validators_and_the_link_come_back_as_they_were(store):
    queue = store.queue(source_ids=["one"])
    (poll,) = queue.lease(1, now=NOW)
    validators = Validators(etag='"x"', since=NOW, below=(("https://one.example/s", Validators(sha256="ab")),))
    link = Link(
        url="https://one.example/1", source_id="one", authors=("A", "B"),
        published=Interval(start=date(2026, 2, 1), end=None, at=NOW, basis="feed", words="Sunday"),
    )  # fmt: skip
    queue.keep_links(poll, [link], validators=validators, poll_at=NOW + HOUR)
    (job,) = queue.lease(5, now=NOW)
    assert job.link == link
    (poll,) = (j for j in queue.lease(5, now=NOW + HOUR) if j.kind == "poll")
    assert poll.validators == validators


def test_an_article_and_its_job_are_one_transaction(store):
    queue = store.queue(source_ids=["one"])
    (poll,) = queue.lease(1, now=NOW)
    queue.keep_links(poll, links("one", 1), validators=None, poll_at=NOW + HOUR)
    (job,) = queue.lease(1, now=NOW)
    assert queue.keep_article(job, article(5, job.url), validators=None, recheck_at=NOW + 24 * HOUR)
    assert queue.lease(5, now=NOW) == []
    (again,) = (j for j in queue.lease(5, now=NOW + 24 * HOUR) if j.kind == "article")
    assert not queue.keep_article(again, article(5, job.url), validators=None, recheck_at=None)
    assert [j.kind for j in queue.lease(5, now=NOW + 999 * HOUR)] == ["poll"]


def test_failures_add_up_until_it_goes_well(store):
    queue = store.queue(source_ids=["one"])
    for n in range(2):
        (poll,) = queue.lease(1, now=NOW + n * HOUR)
        assert (poll.tries, poll.weight) == (n, n * 0.5)
        queue.fail(poll, failure(poll.url), again_at=NOW + (n + 1) * HOUR)
    (poll,) = queue.lease(1, now=NOW + 2 * HOUR)
    queue.unchanged(poll, again_at=NOW + 3 * HOUR)
    (poll,) = queue.lease(1, now=NOW + 3 * HOUR)
    assert (poll.tries, poll.weight) == (0, 0)
    assert store.counts()["failures"] == 2


def test_a_job_that_will_never_work_is_not_leased_again(store):
    queue = store.queue(source_ids=["one"])
    (poll,) = queue.lease(1, now=NOW)
    queue.fail(poll, failure(poll.url), again_at=None)
    assert queue.lease(1, now=NOW + 999 * HOUR) == []


def test_a_held_host_waits_and_a_shorter_hold_does_not_shorten(store):
    queue = store.queue()
    queue.hold("one.example", until=NOW + 2 * HOUR)
    queue.hold("one.example", until=NOW + HOUR)
    assert [job.source_id for job in queue.lease(5, now=NOW + HOUR)] == ["two"]
    assert "one" in [job.source_id for job in queue.lease(5, now=NOW + 2 * HOUR)]


def test_all_due_asks_every_poll_once(store):
    queue = store.queue()
    for poll in queue.lease(5, now=NOW):
        queue.unchanged(poll, again_at=NOW + 24 * HOUR)
    queue = store.queue(all_due=True)
    polls = queue.lease(5, now=NOW + HOUR)
    assert len(polls) == 2
    for poll in polls:
        queue.unchanged(poll, again_at=NOW + 24 * HOUR)
    assert queue.lease(5, now=NOW + HOUR) == []


def test_a_source_that_moved_or_left(store):
    store.register_sources([replace(ONE, url="https://one.example/new"), replace(TWO, enabled=False)], now=NOW)
    assert [job.url for job in store.queue().lease(5, now=NOW)] == ["https://one.example/new"]


def test_registering_twice_changes_nothing(store):
    before = list(store.db.conn.iterdump())
    store.register_sources([ONE, TWO], now=NOW + HOUR)
    assert list(store.db.conn.iterdump()) == before


def test_the_fetch_log(store):
    store.queue().log_fetch(
        Fetch(url="https://one.example/a", final_url="https://one.example/b", status=200, at=NOW, size=10,
              redirects=("https://one.example/b",))
    )  # fmt: skip
    assert next(iter(store.db["fetches"].rows))["redirects"] == '["https://one.example/b"]'


def test_packing_drops_defaults_and_unknown_fields():
    assert pack(Validators(etag="x")) == '{"etag": "x"}'
    assert unpack('{"etag": "x", "new_field": 1}', Validators) == Validators(etag="x")
    assert unpack(None, Validators) is None


def test_addresses_given_by_hand_are_due_now_and_alone(store):
    wanted = ["https://three.example/a", "https://three.example/b"]
    assert [job.url for job in store.queue_of(wanted, now=NOW).lease(10, now=NOW)] == wanted
    store.queue_of(wanted[:1], now=NOW)
    assert [job.url for job in store.queue_of(wanted[:1], now=NOW + HOUR).lease(10, now=NOW + HOUR)] == wanted[:1]


def test_what_a_clock_that_was_wrong_put_off_is_due_now(store):
    ahead = NOW + timedelta(days=400)
    store.register_sources([ONE, TWO], now=NOW)
    queue = store.queue()
    one, two = queue.lease(2, now=ahead)
    queue.unchanged(one, again_at=ahead + timedelta(days=1))
    queue.fail(two, replace(failure(two.url), at=ahead), again_at=ahead + timedelta(hours=1))
    queue.hold("b.example", until=ahead)
    store.register_sources([ONE, TWO], now=NOW + timedelta(hours=1))
    assert {job.id for job in store.queue().lease(9, now=NOW + timedelta(hours=1))} == {one.id, two.id}


def test_what_a_source_put_off_by_itself_stays_so(store):
    store.register_sources([ONE], now=NOW)
    queue = store.queue()
    (job,) = queue.lease(1, now=NOW)
    queue.fail(job, failure(job.url), again_at=NOW + timedelta(days=30))  # set aside
    store.register_sources([ONE], now=NOW + timedelta(hours=1))
    assert store.queue().lease(9, now=NOW + timedelta(hours=1)) == []
