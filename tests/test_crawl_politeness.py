"""What a publisher sees of us: robots.txt obeyed to the letter, one request at a time, none before it is welcome."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from memory_queue import MemoryQueue
from news_web import Clock, Web, news_web, run
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.downloader import Handler
from crawler.settings import build_settings


def requests(web: Web) -> dict[int, list[tuple[float, str]]]:
    """Moments and paths of the requests to each site."""
    seen = defaultdict(list)
    for moment, site, _, path, agent in web.ask("_log"):
        assert agent.startswith("Blotter/")
        assert "(+tests@example.com)" in agent
        seen[site].append((moment, path))
    return seen


def test_a_robots_txt_that_denies_or_fails_keeps_us_out(tmp_path: Path) -> None:
    modes = {0: "deny", 1: "404", 2: "503", 3: "429", 4: "hang", 5: None}
    options = [word for site, mode in modes.items() if mode for word in ("--robots", f"{site + 2}:{mode}")]
    clock = Clock()
    with news_web(8325, "--log", *options, hosts=6, articles=4) as web:
        urls = [web.url(site, path) for site in modes for path in ("/f/slow?ms=1", "/f/badcond", "/f/bighead")]
        queue = MemoryQueue(urls=urls, now=clock())
        report = run(queue, tmp_path, clock)
        asked = {site: [path for _, path in found if path != "/robots.txt"] for site, found in requests(web).items()}
    assert {site: len(paths) for site, paths in asked.items()} == {0: 0, 1: 3, 2: 0, 3: 0, 4: 0, 5: 3}
    assert report.seconds < 30
    reasons = queue.reasons()
    assert {reasons[web.url(0, path)] for path in ("/f/badcond", "/f/bighead")} == {"robots_disallowed"}
    for site in (2, 3, 4):
        assert [reasons.get(url) for url in urls[3 * site : 3 * site + 3]] == ["robots_unreachable", None, None]
        assert queue.holds[f"127.0.0.{site + 2}"] > clock()
    assert queue.leased == {}


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_nothing_is_sent_to_a_host_before_its_retry_after(tmp_path: Path, form: str) -> None:
    clock = Clock()
    with news_web(8326, "--log", hosts=2) as web:
        if form == "date":  # by the clock of the server
            clock = Clock(clock.time.now(clock.time.tzinfo))
        urls = [
            web.url(0, f"/f/retry/{form}?after=900&form={form}"),
            web.url(0, "/f/badcond"),
            web.url(1, "/f/badcond"),
        ]
        queue = MemoryQueue(urls=urls, now=clock())
        run(queue, tmp_path, clock)
        assert [path for _, path in requests(web)[0]] == ["/robots.txt", f"/f/retry/{form}?after=900&form={form}"]
        assert len(requests(web)[1]) == 2
        clock.pass_by(minutes=14)
        assert run(queue, tmp_path, clock).requests == 0
        clock.pass_by(minutes=2)
        assert run(queue, tmp_path, clock).requests == 1  # says the same again, so the other goes on waiting
        assert [path.partition("?")[0] for _, path in requests(web)[0]][2:] == [f"/f/retry/{form}"]
    assert queue.holds["127.0.0.2"] - clock() < timedelta(days=1)


def test_one_request_at_a_time_to_a_host_with_room_between(tmp_path: Path) -> None:
    clock = Clock()
    with news_web(8327, "--latency", "0.05", "--log", hosts=4, articles=6) as web:
        sources = [web.source(site) for site in range(4)]
        queue = MemoryQueue(*sources, now=clock())
        run(queue, tmp_path, clock, sources=sources, DOWNLOAD_DELAY=0.3)
        seen = web.ask("_stats")
    assert len(queue.articles) == 24
    assert seen["max_open_per_site"] == 1
    assert seen["min_gap_s"] >= 0.15


class Noting(Handler):
    """Notes for each host when the downloader let a request go, on the clock by which it keeps them apart."""

    sent: ClassVar[dict[str, list[float]]] = {}

    async def download_request(self, request: Request) -> Response:
        downloader = self._crawler.engine.downloader
        if not request.url.endswith("/robots.txt"):
            host = downloader.get_slot_key(request)
            self.sent.setdefault(host, []).append(downloader.slots[host].lastseen)
        return await super().download_request(request)


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    """To the second where requests are sent; the server of the test notes them when it gets to it."""
    clock, Noting.sent = Clock(), {}
    with news_web(8328, "--robots-extra", "Crawl-delay: 1", "--log", hosts=2, articles=4) as web:
        sources = [web.source(site) for site in range(2)]
        queue = MemoryQueue(*sources, now=clock())
        run(queue, tmp_path, clock, sources=sources, DOWNLOAD_HANDLERS={"http": Noting})
        seen = [[moment for moment, path in found if path != "/robots.txt"] for found in requests(web).values()]
    assert [len(moments) for moments in (*Noting.sent.values(), *seen)] == [5] * 4
    gaps = [later - earlier for found in Noting.sent.values() for earlier, later in pairwise(found)]
    assert min(gaps) > 0.999
    assert all(moments[-1] - moments[0] > 3.6 for moments in seen)


def test_the_delay_of_a_source_is_kept(tmp_path: Path) -> None:
    clock = Clock()
    with news_web(8329, hosts=1, articles=3) as web:
        source = replace(web.source(0), delay=0.5)
        queue = MemoryQueue(source, now=clock())
        report = run(queue, tmp_path, clock, sources=[source])
    assert report.seconds > 4 * 0.5 * 0.5


def test_settings_leave_no_door_open() -> None:
    settings = Settings(build_settings("desk@example.com"))
    assert settings["BLOTTER_ALLOW_NETWORKS"] == ()
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert not settings.get_component_priority_dict_with_base("EXTENSIONS")  # telnet and remote control among them
    assert not {"file", "ftp", "data", "s3"} & settings.getwithbase("DOWNLOAD_HANDLERS").keys()
    inside = " ".join(map(str, settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")))
    assert not [word for word in ("proxy", "cookies", "retry", "httpcache") if word in inside]
