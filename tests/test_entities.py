"""Names in own sentences: found, linked, with roles and ties; headlines; references; figures of the evaluation sets."""

import importlib.util
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import scoring
import yaml
from commands import SHARED
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.annotations import KINDS
from extract.components.known import KnownNames
from extract.components.reference import entity_at, resolve
from extract.components.tree import Tree
from extract.components.words import plain_words
from extract.facts import Text
from extract.pipeline import build_pipeline, document
from extract.vocabulary import Lexicon, Record, load_lexicon

TEXTS = Path(__file__).parent / "texts"
EVAL = SHARED / "eval" / "entities"
_MARK = re.compile(
    r"\[(?P<kind>company|project|person|authority|outlet|rule|place|organisation) "
    r"(?P<words>[^\]=]+)(?:=(?P<slug>[^\]]+))?\]"
)
_NOT_NAMES = ("blotter_quotes", "blotter_violations")


def cases() -> Iterator[object]:
    """One case a sentence: the text, its names, and what else must hold."""
    groups = yaml.safe_load((TEXTS / "entities.yml").read_text(encoding="utf-8"))
    for group, lines in groups.items():
        for n, line in enumerate(lines, 1):
            yield pytest.param(line, id=f"{group} {n}".replace(" ", "-"))


def names_in(marked: str) -> tuple[str, list[tuple[int, int, str, str]]]:
    """The plain text, and the marked names as start, end, kind and slug."""
    text, names, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        names.append((len(text), len(text) + len(match["words"]), match["kind"], match["slug"] or ""))
        text += match["words"]
        at = match.end()
    return text + marked[at:], names


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = build_pipeline(load_lexicon())
    nlp.select_pipes(disable=[pipe for pipe in _NOT_NAMES if pipe in nlp.pipe_names])
    return nlp


def parsed(nlp: Language, title: str, text: str) -> Doc:
    return next(nlp.pipe([document(nlp, Text(article_id=1, title=title, text=text))]))


@pytest.mark.parametrize("line", list(cases()))
def test_sentence(nlp: Language, line: str) -> None:
    marked, _, more = line.partition(" :: ")
    text, expected = names_in(marked)
    doc = nlp(text)
    found = [(s.start_char, s.end_char, KINDS[s.label_], s.kb_id_) for s in doc.spans["entities"]]
    found += [(s.start_char, s.end_char, "place", "") for s in doc.spans["places"]]
    assert sorted(found) == sorted(expected), [(text[a:b], *rest) for a, b, *rest in found]
    told = set()
    for span in doc.spans["entities"]:
        if span.label_ == "PERSON" and (span._.role or span._.affiliation):
            told.add(f"person: {span._.name}, {span._.role or '-'} @ {span._.affiliation or '-'}")
    told |= {f"{r.kind}: {r.subject} > {r.object}" for r in doc._.relations}
    assert told == {part for part in more.split("; ") if part.strip()}


def test_there_are_enough_sentences() -> None:
    assert len(list(cases())) >= 120


REFERENCES = [
    ("Velmara Labs fired him. The company declined to comment.", "company", "Velmara Labs"),
    ("OpenAI published the terms. It also changed them.", "It", "OpenAI"),
    ("Dana Whitlock joined Velmara Labs. She left in May.", "She", "Dana Whitlock"),
    ("Velmara Labs, a start-up, sells an app. The start-up is small.", "up is", "Velmara Labs"),
    ("The Oakmere District Court sat for an hour. The court then rose.", "court then", "Oakmere District Court"),
    ("ByteDance waited. The TikTok owner has not answered.", "owner", "ByteDance"),
    ("Velmara Labs showed the Tavora chatbot. The chatbot told jokes.", "chatbot told", "Tavora"),
    ("OpenAI said that its model is safe.", "its", "OpenAI"),
    ("A company declined to comment.", "company", None),
    ("It was raining. The company declined to comment.", "company", None),
    ("Microsoft and Nvidia talked. Then it was over.", "it", None),
]


@pytest.mark.parametrize(("text", "word", "name"), REFERENCES, ids=lambda value: str(value)[:30])
def test_reference(nlp: Language, text: str, word: str, name: str | None) -> None:
    doc = nlp(text)
    start = text.rindex(word)
    token = next(t for t in doc if t.idx == start)
    meant = resolve(doc, token)
    assert (meant._.name if meant is not None else None) == name


def test_resolving_a_name_gives_its_own_entity(nlp: Language) -> None:
    doc = nlp("OpenAI waited.")
    assert resolve(doc, doc[0]) == entity_at(doc.spans["entities"], doc[0])


HEADLINES = [
    (
        "Velmara Hid Failures Of Tavora From Regulators",
        "The start-up Velmara hid failures of the Tavora chatbot.",
        ["Velmara", "Tavora"],
    ),
    ("OpenAI Faces Lawsuit Over ChatGPT Training", "Two authors went to court.", ["OpenAI", "ChatGPT"]),
    ("Court Orders Sweeping Changes To Chatbot Rules", "The judge gave no reasons.", []),
    ("Apple Waits As Regulator Decides", "The phone maker waits. Apple sells telephones.", ["Apple"]),
]


@pytest.mark.parametrize(("title", "body", "names"), HEADLINES, ids=lambda value: str(value)[:30])
def test_headline_in_title_case(nlp: Language, title: str, body: str, names: list[str]) -> None:
    doc = parsed(nlp, title, body)
    assert [s.text for s in doc.spans["entities"] if s.end_char < doc._.body_start] == names


def test_names_cross_no_line_break(nlp: Language) -> None:
    doc = nlp("The answer of OpenAI\nMicrosoft Research\nwas late.")
    assert all("\n" not in span.text for span in (*doc.spans["entities"], *doc.spans["places"]))


MAKERS = [
    ("Google Maps led the van into a lake.", [("Google", "google")]),
    ("The filter runs in Google Fernlight for schools.", [("Google", "google")]),
    ("Facebook Marketplace has new rules.", [("Facebook", "facebook")]),
    ("The Meta Quest costs less.", [("Meta", "meta")]),
    ("A Boston Dynamics robot stood at the door.", []),
    ("Siri answers.", []),
]


@pytest.mark.parametrize(("text", "firms"), MAKERS, ids=lambda value: str(value)[:30])
def test_maker_is_found_in_the_name_of_its_product(nlp: Language, text: str, firms: list[tuple[str, str]]) -> None:
    doc = nlp(text)
    assert [(span.text, span.kb_id_) for span in doc.spans["makers"]] == firms
    for span in doc.spans["makers"]:
        assert any(p.start == span.start and p.end > span.end for p in doc.spans["entities"])


# ---- the evaluation sets, where they are

MUST = [
    ("own", "micro", "f1", 0.93),
    ("crossner-ai", "micro_opg", "f1", 0.72),
    ("crossner-politics", "micro_opg", "f1", 0.71),
    ("aiaaic", "ORG", "r", 0.80),
    ("aiaaic", "PRODUCT", "r", 0.58),
    ("aiaaic", "micro", "r", 0.72),
]
needs_eval = pytest.mark.skipif(not EVAL.exists(), reason="the evaluation sets are not on this machine")


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_entities", EVAL / "score_entities.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def records_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (EVAL / f"{name}.dev.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.eval
@needs_eval
@pytest.mark.parametrize(("name", "label", "measure", "least"), MUST, ids=lambda value: str(value))
def test_score(scorer: ModuleType, name: str, label: str, measure: str, least: float) -> None:
    records = records_of(name)
    scores = scorer.score(records, scoring.entities([r["text"] for r in records]), name.startswith("crossner"))
    assert scores["strict"][label][measure] >= least


@pytest.mark.eval
@needs_eval
def test_few_false_products_in_other_news() -> None:
    texts = [
        json.loads(line)["text"] for line in (EVAL / "uner-pud.dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    products = sum(name["label"] == "PRODUCT" for names in scoring.entities(texts) for name in names)
    assert 1000 * products / sum(len(text.split()) for text in texts) <= 1.5


# ---- speed


@pytest.mark.bench
def test_matcher_reads_two_million_tokens_a_second_with_fifty_thousand_names(nlp: Language) -> None:
    shipped = load_lexicon()
    syllables = ["ka", "lo", "mi", "ven", "tar", "quo", "bri", "sen", "dal", "ur", "pex", "ito", "gra", "hem", "zul"]
    invented = ("".join(parts).title() for parts in itertools.product(syllables, repeat=4))
    names = [name for name in invented if name not in shipped.names][: 50_000 - len(shipped.names)]
    records = dict(shipped.records) | {
        f"invented-{n}": Record(slug=f"invented-{n}", kind="company", name=name) for n, name in enumerate(names)
    }
    known = KnownNames(nlp, Lexicon(records=records, names={}, domains={}, made={}), plain_words(nlp))
    text = "The court told OpenAI and the city of Dalen to keep the records of the last two years. " * 2000
    doc = Tree(nlp.make_doc(text))
    start = time.process_time()
    list(known.candidates(doc))
    assert len(doc) / (time.process_time() - start) >= 2_000_000


@pytest.mark.bench
def test_names_cost_little_beside_the_parse() -> None:
    nlp = build_pipeline(load_lexicon())
    nlp.select_pipes(disable=[pipe for pipe in _NOT_NAMES if pipe in nlp.pipe_names])
    text = " ".join(_MARK.sub(r"\g<words>", line.partition(" :: ")[0]) for line in _lines())
    finder = nlp.get_pipe("blotter_entities")
    whole = min(_seconds(lambda: nlp(text)) for _ in range(3))
    doc = nlp(text)
    assert min(_seconds(lambda: finder(doc)) for _ in range(3)) <= 0.15 * whole  # no line of it is without names


def _lines() -> list[str]:
    groups = yaml.safe_load((TEXTS / "entities.yml").read_text(encoding="utf-8"))
    return [line for lines in groups.values() for line in lines]


def _seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
