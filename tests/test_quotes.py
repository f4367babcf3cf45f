"""Quotes over invented articles: what was said, by whom, through whom; the notation is told in quotes_marks.yml."""

import importlib.util
import json
import time
from hashlib import sha1
from pathlib import Path

import pytest
import scoring
from quote_cases import cases, paired, wrong
from quote_figures import figures

from crawler.pages.plain import read_plain
from extract.facts import Text, check_spans
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

SHARED = Path(__file__).parents[2] / "shared"
# Shares that may not fall; measured when the rules were written.
FLOORS = {
    "content": 0.95,
    "kind": 0.95,
    "mention": 0.92,
    "name": 0.9,
    "cue": 0.95,
    "role": 0.8,
    "of": 0.8,
    "via": 0.8,
    "as": 0.9,
}
# The same for each question of quote_figures.py, over all cases, the open ones too.
APART = {
    "affiliation": 0.84,
    "kind of speaker": 0.95,
    "no wrong mouth, where one is given": 0.97,
    "role": 0.9,
    "rule text": 0.8,
    "through whom it came": 0.95,
    "whom a pronoun stands for": 0.94,
    "the same quote, where said to be": 1.0,
    "the same quote, where it is": 0.95,
}


@pytest.fixture(scope="module")
def nlp():
    return build_pipeline(load_lexicon())


@pytest.fixture(scope="module")
def found(nlp):
    docs = nlp.pipe([document(nlp, Text(article_id=0, title="", text=case.text)) for case in cases()])
    return {case.name: list(doc._.quotes) for case, doc in zip(cases(), docs, strict=True)}


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=c.name, marks=[pytest.mark.xfail(reason=c.open)] if c.open else []) for c in cases()],
)
def test_article(case, found):
    bad = [line for expected, got in paired(case, found[case.name]) for line in wrong(expected, got)]
    assert not bad, "\n".join(bad)


def test_figures_over_all_articles(found):
    counts: dict[str, list[int]] = {}
    for case in cases():
        for expected, got in paired(case, found[case.name]):
            for key in expected or {}:
                if key in FLOORS:
                    bad = got is None or any(line.startswith(f"{key}:") for line in wrong(expected, got))
                    counts.setdefault(key, []).append(not bad)
    shares = {key: sum(good) / len(good) for key, good in counts.items()}
    assert len(cases()) >= 60
    assert len(counts["content"]) >= 250
    print({key: f"{share:.3f} of {len(counts[key])}" for key, share in shares.items()})
    assert {key: share for key, share in shares.items() if share < FLOORS[key]} == {}


def test_each_question_has_its_own_figure(found):
    shares = {figure.what: figure.share for figure in figures(found)}
    assert shares.keys() == APART.keys()
    assert {what: share for what, share in shares.items() if share < APART[what]} == {}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Velmora wrote new terms of service for its image model. The terms say that users “may not train a "
            "competing model on the output.”",
            "The terms",
        ),
        (
            "The town council read the licence on Monday. “You shall not copy the recordings or sell them to third "
            "parties,” the licence says.",
            "the licence",
        ),
        ("According to the law, a firm “must not keep the voice of a child longer than a week.”", "the law"),
    ],
    ids=["terms", "licence", "law"],
)
def test_words_of_a_rule_are_marked_and_no_breach(nlp, text, speaker):
    doc = nlp(document(nlp, Text(article_id=0, title="", text=text)))
    (quote,) = doc._.quotes
    assert (quote.speaker, quote.speaker_kind, quote.is_rule_text) == (speaker, "document", True)
    assert list(doc._.violations) == []


def test_every_span_stands_in_its_article(found):
    for case in cases():
        assert check_spans(case.text, found[case.name]) == []


def test_verbatim_words_stand_between_marks(found):
    marks = "“”\"'‘’«»"
    for case in cases():
        for span in (s for quote in found[case.name] for s in quote.spans if s.role == "verbatim"):
            assert case.text[span.start_char - 1] in f"{marks}\n"
            assert span.end_char == len(case.text) or case.text[span.end_char] in f"{marks}\n"


def test_no_word_is_in_two_quotes(found):
    for case in cases():
        spans = [(s.start_char, s.end_char) for q in found[case.name] for s in q.spans if s.role == "content"]
        for one, two in zip(sorted(spans), sorted(spans)[1:], strict=False):
            assert one[1] <= two[0], case.name


def test_title_is_no_quote(nlp):
    body = "“We stopped in May,” said Ada Brook, who runs the lab."
    doc = nlp(document(nlp, Text(article_id=0, title="Brook says the lab “stopped in May”", text=body)))
    (quote,) = doc._.quotes
    assert quote.evidence.start_char == doc._.body_start
    assert check_spans(doc.text, [quote]) == []


@pytest.fixture(scope="module")
def sample(nlp):
    if not (SHARED / "seed").is_dir():
        pytest.skip("the sample article is not here")
    text = (SHARED / "seed" / "article.txt").read_text(encoding="utf-8")
    article = read_plain(text, "urn:sample", fetched=None)
    doc = nlp(document(nlp, Text(article_id=0, title=article.title, text=article.text)))
    return {next(s.words for s in quote.spans if s.role == "cue"): quote for quote in doc._.quotes}


def test_sample_has_five_statements(sample):
    assert len(sample) == 4  # two of the five share the cue "According to"
    assert sample["said"].kind == "indirect"
    assert sample["said"].content == "that ByteDance’s account has been suspended"
    assert (sample["said"].speaker, sample["said"].role) == ("Niko Felix", "spokesperson")


def test_sample_quote_is_whole_and_in_the_right_mouth(sample):
    felix = sample["was quoted as saying"]
    (verbatim,) = (span.words for span in felix.spans if span.role == "verbatim")
    assert verbatim.startswith("All API customers must adhere")
    assert verbatim.endswith("or terminate their account,")
    assert (felix.kind, felix.speaker, felix.role, felix.affiliation) == (
        "direct",
        "Niko Felix",
        "spokesperson",
        "OpenAI",
    )


def test_sample_documents_speak_through_the_outlet(sample):
    confirm = sample["confirm"]
    assert (confirm.kind, confirm.speaker_kind, confirm.via) == ("mixed", "document", "The Verge")
    assert (confirm.speaker, confirm.affiliation) == ("internal ByteDance documents", "ByteDance")


def test_sample_terms_are_rule_text(sample):
    terms = sample["According to"]
    assert terms.is_rule_text
    assert (terms.speaker, terms.affiliation) == ("OpenAI’s terms of service", "OpenAI")


@pytest.mark.eval
@pytest.mark.parametrize(
    ("data", "floors"),
    [
        ("polnear.dev.jsonl", {"speech": 70, "quoted": 78, "direct": 89, "mixed": 55, "indirect": 37}),
        ("gum-news.dev.jsonl", {"speech": 60}),
        ("sample.jsonl", {"speech": 100}),
    ],
    ids=["polnear", "gum-news", "sample"],
)
def test_development_half(data, floors):
    folder = SHARED / "eval" / "quotes"
    if not folder.is_dir():
        pytest.skip("the evaluation sets are not here")
    spec = importlib.util.spec_from_file_location("score_quotes", folder / "score_quotes.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    lines = (folder / data).read_text(encoding="utf-8").splitlines()
    docs = sorted((json.loads(line) for line in lines), key=lambda doc: sha1(doc["id"].encode()).hexdigest())[:60]
    figures = scorer.score(docs, [scoring.quotes(doc["text"]) for doc in docs])
    reached = {kind: figures[kind]["attr"][2] for kind in floors}
    print(reached, "speakers of quoted:", figures["quoted"]["sp_head"])
    assert {kind: value for kind, value in reached.items() if value < floors[kind]} == {}


@pytest.mark.bench
def test_quotes_cost_little_beside_the_parse(nlp):
    def docs():
        return [document(nlp, Text(article_id=0, title="", text=case.text)) for case in cases()]

    def seconds():
        started = time.process_time()
        list(nlp.pipe(docs(), disable=["blotter_entities", "blotter_quotes", "blotter_violations"]))
        return time.process_time() - started

    parse = min(seconds() for _ in range(3))
    parsed = list(nlp.pipe(docs(), disable=["blotter_quotes", "blotter_violations"]))
    quotes = nlp.get_pipe("blotter_quotes")
    started = time.process_time()
    for doc in parsed:
        quotes(doc)
    assert time.process_time() - started < 0.1 * parse
