"""The verbs that need the crawler alone: which sources there are, which a site has, and whether they work."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

import click
import yaml

from crawler.archive import Archived, records
from crawler.discovery import FeedLink, feeds_of, links, sitemaps_of
from crawler.items import Failure, Job, Link
from crawler.probe import ProbeQueue
from crawler.settings import build_settings
from crawler.sources import Source, SourceError, load_sources, note_verified
from crawler.urls import is_web_address

sources_option = click.option(
    "--sources",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Add the sources of this file; may be repeated.",
)
contact_option = click.option(
    "--contact",
    envvar="BLOTTER_CONTACT",
    default="",
    metavar="ADDRESS",
    help="E-mail or web address that servers are told. Also BLOTTER_CONTACT.",
)

network_option = click.option("--allow-network", "networks", multiple=True, hidden=True)  # for tests on loopback


@click.group()
def sources() -> None:
    """List the sources, find a site's feeds, or check that sources work.

    Example: blotter sources find https://example.com
    """


@sources.command("list")
@sources_option
def list_(files: tuple[Path, ...]) -> None:
    """List every source with its group, kind and address.

    Example: blotter sources list --sources mine.yml
    """
    known = load_sources(*files)
    for source in sorted(known.values(), key=lambda source: (source.group, source.id)):
        note = "" if source.enabled else f"  (not enabled: {source.reason})"
        click.echo(f"{source.group:13} {source.id:28} {source.kind:8} {source.url}{note}")
    enabled = sum(source.enabled for source in known.values())
    click.echo(f"{len(known)} sources, {enabled} enabled")


@sources.command()
@click.argument("url")
@contact_option
@network_option
def find(url: str, contact: str, networks: tuple[str, ...]) -> None:
    """Find the feeds and sitemaps of a site, as entries for a file of sources.

    Example: blotter sources find https://example.com --contact desk@example.com
    """
    if not is_web_address(url):
        raise click.BadParameter(f"expected an http or https address, found {url!r}", param_hint="URL")
    found, failure = feeds_at(url, build_settings(contact, networks))
    if failure:
        click.echo(f"{url}: {failure.reason}: {failure.detail}", err=True)
        if not found:
            raise SystemExit(3)
    click.echo(entries_of(found), nl=False)
    click.echo(f"# {len(found)} found", err=True)


@sources.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@sources_option
@click.option("--write", is_flag=True, help="Write the day as verified into the files of --sources.")
@contact_option
@network_option
def check(
    ids: tuple[str, ...], files: tuple[Path, ...], write: bool, contact: str, networks: tuple[str, ...]
) -> None:  # fmt: skip
    """Poll sources once, all that are enabled or those named, and say what each gave; no article is stored.

    Example: blotter sources check my-paper --sources mine.yml --write --contact desk@example.com
    """
    if write and not files:
        raise click.UsageError("--write needs a file of your own in --sources; the list that came with Blotter stays")
    settings = build_settings(contact, networks)
    queue = polled(chosen := picked(load_sources(*files), ids), settings)
    for source in chosen:
        failure = queue.failures.get(source.url)
        outcome = f"{failure.reason}: {failure.detail}" if failure else _what_it_gave(queue.links.get(source.url, ()))
        click.echo(f"{'FAIL' if failure else 'ok':4}  {source.id:28} {outcome}")
    if write:
        works = [source.id for source in chosen if source.url not in queue.failures]
        noted = [id for file in files for id in note_verified(file, works, datetime.now(UTC).date())]
        click.echo(f"verified: {', '.join(noted) or 'none that stands in these files'}")
    bad = len(queue.failures)
    click.echo(f"{len(chosen)} checked, {len(chosen) - bad} work, {bad} do not")
    if bad:
        raise SystemExit(3 if bad == len(chosen) else 1)


def feeds_at(url: str, settings: Mapping[str, Any]) -> tuple[list[FeedLink], Failure | None]:
    """The feeds that a page declares or is, and the sitemaps of its site; and why it cannot be looked at, if so."""
    queue = ProbeQueue([Job(id=1, kind="article", url=url)])
    answers = _fetched(queue, {}, settings)
    found = [feed for answer in answers if answer.status == 200 for feed in _feeds_in(answer)]
    failure = queue.failures.get(url)
    return list(dict.fromkeys(found)), failure if failure and failure.stage != "read" else None


def polled(chosen: Sequence[Source], settings: Mapping[str, Any]) -> ProbeQueue:
    """What a poll of each source gave."""
    queue = ProbeQueue.of_sources(chosen)
    _fetched(queue, {source.id: source for source in chosen}, settings)
    return queue


def _fetched(queue: ProbeQueue, known: Mapping[str, Source], settings: Mapping[str, Any]) -> list[Archived]:
    """Run the queue empty; every answer that came, robots.txt files among them."""
    from crawler.run import crawl  # here, as most verbs need no Scrapy

    with TemporaryDirectory() as folder:
        archive = Path(folder)
        crawl(queue, sources=known, archive=archive, settings=settings, now=lambda: datetime.now(UTC))
        return list(records(sorted(archive.glob("*.warc.gz"))))


def _feeds_in(answer: Archived) -> Iterable[FeedLink]:
    if answer.url.endswith("/robots.txt"):
        named = sitemaps_of(answer.body.decode("utf-8", "replace"))
        return [FeedLink(url=urljoin(answer.url, url), kind="sitemap") for url in named]
    itself = links(answer.body, answer.url, content_type=answer.content_type, kind="feed").kind
    if itself == "none":
        return feeds_of(answer.body, answer.url)
    return [FeedLink(url=answer.url, kind="sitemap" if itself in ("sitemap", "index") else "feed")]


def picked(known: Mapping[str, Source], ids: Sequence[str]) -> list[Source]:
    """The sources of these ids, or all that are enabled; raises `SourceError` for an id that is not known."""
    if unknown := sorted(set(ids) - known.keys()):
        raise SourceError(f"no source is called {unknown[0]!r}; see `blotter sources list`")
    return [known[id] for id in ids] or [source for source in known.values() if source.enabled]


def _what_it_gave(links: Sequence[Link]) -> str:
    days = [link.published.start for link in links if link.published and link.published.start]
    newest = f", newest of {max(days)}" if days else ""
    return f"{len(links)} links{newest}"


def entries_of(found: Iterable[FeedLink]) -> str:
    """Feeds as entries of a file of sources, each under an id of its own."""
    entries: dict[str, dict[str, str]] = {}
    for feed in found:
        slug = _slug(feed)
        id = next(id for n in count(1) if (id := slug if n == 1 else f"{slug}-{n}") not in entries)
        entries[id] = {"name": feed.title or feed.url, "kind": feed.kind, "url": feed.url}
    return yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000) if entries else ""


def _slug(feed: FeedLink) -> str:
    host, _, path = feed.url.partition("://")[2].removeprefix("www.").partition("/")
    words = re.findall(r"[a-z0-9]+", f"{host.partition(':')[0].rpartition('.')[0]}/{path}".lower())
    return "-".join(dict.fromkeys(words[:5])) or "site"
