"""What a run costs: with nothing new, and at the size of years."""

import resource
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import many
import pytest
import yaml
from commands import blotter
from figures import Bench, cpu
from news_web import news_web
from saved_pages import saved_pages
from sqlite_utils import Database

from crawler.archive import ArchiveWriter, Exchange
from crawler.pages import PageError
from crawler.pages.generic import read_page
from data.correcting import apply
from data.corrections import load_corrections, words_hash
from data.home import Home, copy
from data.publish import publish
from data.store import Store
from extract.incidents import group
from extract.quote_groups import group_quotes
from extract.relevance import relevance
from extract.syndication import copies
from extract.vocabulary import Lexicon, load_lexicon
from grouping import regroup

pytestmark = pytest.mark.bench
SOURCES, PORT = 50, 8396


def _child_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_refresh_with_nothing_new_is_cheap(bench: Bench, tmp_path: Path):
    mine, home = tmp_path / "mine.yml", tmp_path / "home"
    entries = "{{name: Site {n}, kind: feed, url: 'http://127.0.0.{host}:{port}/feed.xml', tier: full}}"
    lines = [f"site{n}: " + entries.format(n=n, host=n + 2, port=PORT) for n in range(SOURCES)]
    mine.write_text("\n".join(lines), "utf-8")
    words = ["refresh", "--quiet", "--all-due", "--sources", mine, "--contact", "desk@newsroom.example"]
    words += ["--allow-network", "127.0.0.0/8", *(w for n in range(SOURCES) for w in ("--source", f"site{n}"))]
    with news_web(PORT, hosts=SOURCES, articles=2) as web:
        first = blotter(*words, home=home, cwd=tmp_path)
        assert first.returncode == 0, first.stderr
        seconds = []
        for _ in range(3):
            before = _child_cpu()
            assert blotter(*words, home=home, cwd=tmp_path).returncode == 0
            seconds.append(_child_cpu() - before)
        assert web.ask("_stats")["status"]["304"] >= 3 * SOURCES
    bench.at_most("refresh of 50 sources with nothing new", statistics.median(seconds), 3, "s CPU")


def test_saved_pages_become_a_published_file_at_seven_articles_a_second(bench: Bench, tmp_path: Path):
    """Real pages on AI policy, each at several addresses, so that starting up counts for little."""
    lexicon, home = load_lexicon(), tmp_path / "home"
    pages = [page for page in saved_pages("sah", "naeb", "fundus80") if _is_relevant(*page, lexicon)]
    writer = ArchiveWriter(tmp_path / "saved", software="bench", now=many.NOW)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    for n in range(4):
        for k, (markup, _) in enumerate(pages):
            url, body = f"https://outlet{n}.example/{k}", markup.encode()
            at, _ = writer.write(Exchange(url=url, at=many.NOW, headers=headers, body=body, notes={}, status=200))
    writer.close()
    before = _child_cpu()
    for words in (["add", tmp_path / "saved" / at], ["extract"], ["publish"]):
        ran = blotter(*words, home=home, cwd=tmp_path)
        assert ran.returncode in (0, 1), ran.stderr
    seconds = _child_cpu() - before
    with Database(home / "work.db") as db:
        (relevant,) = next(db.execute("select count(*) from articles where is_relevant"))
    bench.at_least("relevant articles, saved page to published file", relevant / seconds, 7, "a CPU second")


def _is_relevant(markup: str, url: str, lexicon: Lexicon) -> bool:
    with suppress(PageError):
        article = read_page(markup, url, fetched=None)
        return relevance(article.title, article.text, lexicon).is_relevant
    return False


@pytest.mark.slow
def test_grouping_and_publishing_cost_the_same_for_each_article_at_any_size(bench: Bench, tmp_path: Path):
    costs = [_cost(tmp_path / str(count), count) / count for count in (10_000, 300_000)]
    bench.at_most("grouping and publishing one article, 300,000 / 10,000", costs[1] / costs[0], 1.5)


def _cost(folder: Path, count: int) -> float:
    home = Home(folder).make()
    many.fill(home, count)
    begun = time.process_time()
    with Store(home.work_db) as store:
        store.keep_copies(copies(store.stories(with_copies=True)))
        store.keep_incidents(group(store.stories(), store.incidents()), now=many.NOW)
        store.keep_quote_groups(group_quotes(store.quotes()))
    publish(home)
    return time.process_time() - begun


@pytest.mark.slow
@pytest.mark.parametrize("count", [10_000, 300_000])
def test_a_hundred_new_articles_cost_little_more_however_many_there_are(bench: Bench, tmp_path: Path, count: int):
    """The last step of extraction and the publish; reading them costs the same at any size.

    Beside how many there are grows the copying of the last build, where the file system cannot share its blocks.
    """
    small, large = (_cost_of_new(tmp_path / str(known), known) for known in (1_000, count))
    copying = cpu(lambda: copy(Home(tmp_path / str(count)).public_db, tmp_path / "copy"))
    bench.note(f"of that copying the build of {count:,}", copying / small, "×")
    bench.at_most(f"grouping and publishing 100 new articles, beside {count:,} / 1,000", large / small, 2)


def _cost_of_new(folder: Path, known: int) -> float:
    home, world = Home(folder).make(), many.World()
    many.fill(home, known)
    publish(home)
    new = list(world.articles(100, start=known, first=many.FIRST + timedelta(days=many.DAYS), days=2))
    lexicon = load_lexicon()
    with Store(home.work_db) as store:
        many.keep(store, new)
        begun = time.process_time()
        keys = (key for one in new for its in one.reading.quote_keys for key in its)
        read = None if store.is_small() else [one.article.id for one in new]
        regroup(store, lexicon, read, keys, now=datetime.now(UTC))
    publish(home)
    return time.process_time() - begun


def test_publishing_is_not_much_more_than_a_copy_of_the_file(bench: Bench, tmp_path: Path):
    home = Home(tmp_path).make()
    many.fill(home, 2_000)
    begun = time.process_time()
    publish(home)
    published = time.process_time()
    db = Database(home.work_db)
    db.execute("vacuum into ?", [str(tmp_path / "copy.db")])
    db.close()
    bench.at_most("publish / vacuum into", (published - begun) / (time.process_time() - published), 60)


@pytest.mark.slow
def test_a_thousand_corrections_cost_little_beside_a_publish(bench: Bench, tmp_path: Path):
    """Reading and applying them is timed by itself: two publishes differ by more than that from one to the next."""
    home = Home(tmp_path).make()
    many.fill(home, 10_000)
    begun = time.process_time()
    publish(home)
    published = time.process_time() - begun
    with Database(home.work_db) as work:
        for decided in _decided(work):
            add = yaml.safe_dump([decided | {"why": "seen", "who": "A. Editor", "decided": "2026-03-01"}])
            with home.corrections.open("a", encoding="utf-8") as file:
                file.write(add)
    costs = [_applying(home, tmp_path / f"copy{n}.db") for n in range(3)]
    bench.at_most("1,000 corrections on 10,000 articles / a publish", statistics.median(costs) / published, 0.05)


def _decided(work: Database) -> Iterator[dict[str, object]]:
    """Decisions of every kind, a thousand."""
    facts = "select fact_type as kind, fact_id as fact, article_id as article, words from spans where fact_type = ?"
    of_kind = f"{facts} and role in ('evidence', 'content') and n = 0 order by fact_id limit ?"
    acts = (
        {"action": "reject"}, {"action": "confirm"}, {"action": "set", "field": "status", "value": "settled"},
        {"action": "set", "field": "violator", "value": "Somebody"}, {"action": "confirm"},
    )  # fmt: skip
    for n, row in enumerate(work.query(of_kind, ["violation", 700])):
        yield row | acts[n % len(acts)] | {"words": words_hash(row["words"])}
    for row in work.query(of_kind, ["quote", 200]):
        yield row | {"action": "set", "field": "speaker", "value": "Maren Odelind", "words": words_hash(row["words"])}
    slugs = [slug for (slug,) in work.execute("select slug from entities order by id limit 140")]
    yield from ({"action": "merge", "entity": slugs[n], "into": slugs[n + 1]} for n in range(0, 60, 2))
    yield from ({"action": "alias", "entity": slugs[60 + n], "value": f"Name {n}"} for n in range(30))
    yield from ({"action": "rename", "entity": slugs[90 + n], "value": f"Name {n} Ltd"} for n in range(20))
    matters = [slug for (slug,) in work.execute("select slug from incidents order by id limit 40")]
    yield from ({"action": "merge_incidents", "incident": matters[n], "into": matters[n + 1]} for n in range(0, 40, 2))


def _applying(home: Home, copy: Path) -> float:
    """CPU seconds of reading the file and changing a build as it says."""
    shutil.copyfile(home.public_db, copy)
    with Database(copy) as db:
        db.attach("work", home.work_db)
        db.execute("delete from corrections")
        begun = time.process_time()
        corrections = load_corrections(home.corrections)
        with db.atomic():
            apply(db, corrections)
        took = time.process_time() - begun
        assert len(corrections) == 1000
        assert db.execute("select count(*) from corrections where state = 'applied'").fetchone()[0] > 950
    copy.unlink()
    return took
