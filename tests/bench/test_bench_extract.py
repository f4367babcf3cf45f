"""What extraction costs beyond the bare parse, what two processes gain, and what memory a worker takes."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import spacy
import yaml
from figures import Bench, cpu, paired
from many import World
from matter import ARTICLE, NOW
from saved_pages import saved_pages
from spacy.language import Language
from spacy.tokens import Doc

from crawler.items import Article
from crawler.pages import PageError
from crawler.pages.generic import read_page
from data.home import Home
from data.store import Store
from extract.facts import Reading, Text, Unread
from extract.language import language
from extract.model import DEFAULT_MODEL
from extract.pipeline import PIPES, build_pipeline, document, read
from extract.relevance import relevance
from extract.vocabulary import load_lexicon
from extract.workers import read_in_processes, read_on_dask
from runs import AT_ONCE

pytestmark = pytest.mark.bench
STORIES = Path(__file__).parent.parent.parent / "crawler" / "demo" / "articles.yml"
RECIPE = "Wash the fish, salt them and leave them in the cold for a night. Eat them warm, with potatoes and cream. "
BATCH, ROUNDS = 8, 3
ROOMS = {"entities": 0.08, "quotes": 0.10, "violations": 0.25}
"""Most that each may cost beyond the bare parse, as shares of it."""


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    """The demo's articles as long ones, about 600 words each, dense with claims, every one a little different."""
    stories = [s for s in yaml.safe_load(STORIES.read_text("utf-8")) if len(s.get("paragraphs", ())) > 2]
    stories = [s for s in stories if s["id"] != "smoked-herring"]
    found = []
    for n in range(48):
        parts = [stories[(n + k) % len(stories)] for k in range(4)]
        body = "\n\n".join(p for story in parts for p in story["paragraphs"])
        found.append(Text(article_id=n, title=parts[0]["title"], text=f"{body}\n\nIt is story number {n}."))
    return found


@pytest.fixture(scope="module")
def many(texts) -> list[Text]:
    return [Text(article_id=n, title=t.title, text=t.text) for n, t in enumerate(texts * 4)]


@pytest.fixture(scope="module")
def news(tools) -> dict[bool, list[Text]]:
    """Real articles, read from saved pages: those on AI policy, and others."""
    found: dict[bool, list[Text]] = {True: [], False: []}
    for n, (markup, url) in enumerate(saved_pages("sah", "naeb")):
        with suppress(PageError):
            article = read_page(markup, url, fetched=None)
            text = Text(article_id=n, title=article.title, text=article.text)
            if language(text.text) == "en":
                found[relevance(text.title, text.text, tools[1]).is_relevant].append(text)
    return found


@pytest.fixture(scope="module")
def tools():
    lexicon = load_lexicon()
    return build_pipeline(lexicon), lexicon


@pytest.mark.parametrize("kind", ["dense", "news"])
def test_the_whole_and_each_room_cost_little_more_than_the_parse(bench: Bench, request, tools, kind: str):
    """Beside the model as it comes, of which two pipes are not used as they are."""
    texts = request.getfixturevalue("texts") if kind == "dense" else request.getfixturevalue("news")[True]
    bare = spacy.load(DEFAULT_MODEL)
    rounds = [_costs(tools, bare, texts[:24]) for _ in range(ROUNDS)]

    def share(part: str) -> float:
        return statistics.median(costs[part] / costs["bare"] for costs in rounds)

    figures = [("extraction / bare parse", share("whole"), 1.40), ("our parse / bare parse", share("parse"), 0.95)]
    figures += [(f"{room} beyond the parse / bare parse", share(room), most) for room, most in ROOMS.items()]
    for name, value, most in figures:
        bench.note(f"{name}, {kind}", value, "×", at_most=most)
    assert {name: value for name, value, most in figures if value > most} == {}


def _costs(tools, bare: Language, texts: list[Text]) -> Counter[str]:
    """Processor seconds of the bare parse, of our parse, of each room and of the whole, measured batch by batch."""
    nlp, lexicon = tools
    costs: Counter[str] = Counter()
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        words = [f"{text.title}\n\n{text.text}" for text in batch]
        docs: list[Doc] = []
        costs["bare"] += cpu(lambda words=words: list(bare.pipe(words, batch_size=BATCH)))
        costs["whole"] += cpu(lambda batch=batch: list(read(nlp, lexicon, batch)))
        with nlp.select_pipes(disable=PIPES):
            made = [document(nlp, text) for text in batch]
            costs["parse"] += cpu(lambda docs=docs, made=made: docs.extend(nlp.pipe(made, batch_size=BATCH)))
        for pipe, room in zip(PIPES, ROOMS, strict=True):
            find = nlp.get_pipe(pipe)
            costs[room] += cpu(lambda find=find, docs=docs: [find(doc) for doc in docs])
    return costs


def test_an_article_that_is_off_topic_costs_next_to_nothing(bench: Bench, texts, tools):
    off = [Text(article_id=t.article_id, title="How to smoke herring", text=RECIPE * 30) for t in texts]
    ratio = paired(lambda: list(read(*tools, off)), lambda: list(read(*tools, texts)))
    bench.at_most("an off-topic article / a relevant one, dense", ratio, 0.03)


def test_a_real_article_that_is_off_topic_costs_next_to_nothing(bench: Bench, news, tools):
    off, on = news[False][:32], news[True][:32]
    ratio = paired(lambda: list(read(*tools, off)), lambda: list(read(*tools, on))) * len(on) / len(off)
    bench.at_most("an off-topic article / a relevant one, news", ratio, 0.03)


def test_storing_costs_little_beside_reading(bench: Bench, texts, tools, tmp_path):
    readings: list[Reading] = []
    reading = cpu(lambda: readings.extend(read(*tools, texts)))
    with Store(Home(tmp_path).make().work_db) as store:
        store.sync_entities(tools[1].entities())
        for text in texts:
            store.add_article(_article(text), now=NOW)
        batches = [readings[n : n + AT_ONCE] for n in range(0, len(readings), AT_ONCE)]
        storing = cpu(lambda: [store.keep_readings(batch, extracted_with="bench") for batch in batches])
    bench.at_most("storing / extraction", storing / reading, 0.05)


def test_two_processes_are_faster_than_one(bench: Bench, many):
    gains = [
        _seconds(read_in_processes(many, workers=1)) / _seconds(read_in_processes(many, workers=2))
        for _ in range(ROUNDS)
    ]
    bench.at_least("two processes against one, by the clock", statistics.median(gains), 1.7)


def test_two_dask_workers_are_as_fast_as_two_processes(bench: Bench, many):
    pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    costs = [
        _seconds(read_on_dask(many, address="local:2")) / _seconds(read_in_processes(many, workers=2))
        for _ in range(ROUNDS)
    ]
    bench.at_most("two Dask workers / two processes, by the clock", statistics.median(costs), 1.15)


@pytest.mark.slow
def test_the_memory_of_a_worker_stays_flat(bench: Bench):
    """Over articles that bring new words without end."""
    texts = (_of_fresh_words(n, told.article.text) for n, told in enumerate(World().articles(20_000)))
    grown: list[float] = []
    for n, _ in enumerate(read_in_processes(texts, workers=1)):
        if n in (2_000, 19_999):
            children = psutil.Process().children(recursive=True)
            grown.append(max(child.memory_info().rss for child in children) / 1e6)
    bench.at_most("memory of a worker after 20,000 articles", grown[1], 450, "MB")
    bench.at_most("memory of a worker after 20,000 articles / 2,000", grown[1] / grown[0], 1.1)


def _of_fresh_words(n: int, text: str) -> Text:
    lead = "A court fined an artificial intelligence start-up for breaking a privacy law."
    return Text(article_id=n, title="A chatbot maker is fined", text=f"{lead}\n\n{text}")


def _seconds(readings: Iterator[Reading | Unread]) -> float:
    """From the first reading to the last, so that starting up does not count."""
    next(readings)
    begun = time.monotonic()
    for _ in readings:
        pass
    return time.monotonic() - begun


def _article(text: Text) -> Article:
    url = f"https://outlet.example/{text.article_id}"
    return replace(ARTICLE, id=text.article_id, url=url, text=text.text, hops=(), cuts=())
