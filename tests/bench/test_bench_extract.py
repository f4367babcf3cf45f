"""What extraction costs beyond the bare parse, and what two processes gain."""

import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
import yaml
from figures import Bench, cpu, paired
from matter import ARTICLE, NOW

from crawler.items import Article
from data.home import Home
from data.store import Store
from extract.facts import Reading, Text
from extract.model import DEFAULT_MODEL
from extract.pipeline import build_pipeline, read
from extract.vocabulary import load_lexicon
from extract.workers import read_in_processes

pytestmark = pytest.mark.bench
STORIES = Path(__file__).parent.parent.parent / "crawler" / "demo" / "articles.yml"
RECIPE = "Wash the fish, salt them and leave them in the cold for a night. Eat them warm, with potatoes and cream. "


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    """The demo's articles as long ones, about 600 words each, every one a little different."""
    stories = [s for s in yaml.safe_load(STORIES.read_text("utf-8")) if len(s.get("paragraphs", ())) > 2]
    stories = [s for s in stories if s["id"] != "smoked-herring"]
    found = []
    for n in range(48):
        parts = [stories[(n + k) % len(stories)] for k in range(4)]
        body = "\n\n".join(p for story in parts for p in story["paragraphs"])
        found.append(Text(article_id=n, title=parts[0]["title"], text=f"{body}\n\nIt is story number {n}."))
    return found


@pytest.fixture(scope="module")
def tools():
    lexicon = load_lexicon()
    return build_pipeline(lexicon), lexicon


def test_the_whole_costs_little_more_than_the_parse(bench: Bench, texts, tools):
    bare = spacy.load(DEFAULT_MODEL)
    words = [f"{t.title}\n\n{t.text}" for t in texts]
    ratio = paired(lambda: list(read(*tools, texts)), lambda: list(bare.pipe(words, batch_size=8)))
    bench.at_most("extraction / bare parse, processor time", ratio, 1.40)


def test_an_article_that_is_off_topic_costs_next_to_nothing(bench: Bench, texts, tools):
    off = [Text(article_id=t.article_id, title="How to smoke herring", text=RECIPE * 30) for t in texts]
    ratio = paired(lambda: list(read(*tools, off)), lambda: list(read(*tools, texts)))
    bench.at_most("an off-topic article / a relevant one", ratio, 0.03)


def test_storing_costs_little_beside_reading(bench: Bench, texts, tools, tmp_path):
    readings: list[Reading] = []
    reading = cpu(lambda: readings.extend(read(*tools, texts)))
    with Store(Home(tmp_path).make().work_db) as store:
        store.sync_entities(tools[1].entities())
        for text in texts:
            store.add_article(_article(text), now=NOW)
        storing = cpu(lambda: [store.keep_reading(r, extracted_with="bench") for r in readings])
    bench.at_most("storing / extraction", storing / reading, 0.05)


def test_two_processes_are_faster_than_one(bench: Bench, texts):
    many = [Text(article_id=n, title=t.title, text=t.text) for n, t in enumerate(texts * 4)]
    gains = [_seconds(many, 1) / _seconds(many, 2) for _ in range(3)]
    bench.at_least("two processes against one, by the clock", statistics.median(gains), 1.7)


def _seconds(texts: list[Text], workers: int) -> float:
    """From the first reading to the last, so that starting up does not count."""
    readings = read_in_processes(texts, workers=workers)
    next(readings)
    begun = time.monotonic()
    for _ in readings:
        pass
    return time.monotonic() - begun


def _article(text: Text) -> Article:
    url = f"https://outlet.example/{text.article_id}"
    return replace(ARTICLE, id=text.article_id, url=url, text=text.text, hops=(), cuts=())
