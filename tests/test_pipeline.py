"""From texts to readings: what is read, with which offsets, in which order; and the sample."""

from pathlib import Path

import pytest
import spacy
from commands import SHARED
from spacy.language import Language

from extract.components.lemmas import lemma
from extract.facts import Mention, Relation, Text, check_spans
from extract.language import language
from extract.model import DEFAULT_MODEL, ModelError
from extract.pipeline import PIPES, build_pipeline, document, read
from extract.vocabulary import Lexicon, load_lexicon

SAMPLE = SHARED / "seed" / "article.txt"
ON_TOPIC = (
    "OpenAI has suspended TikTok maker ByteDance’s account over its chatbot rules.\n\n"
    "OpenAI spokesperson Dana Whitlock said that the terms of service were broken. Whitlock gave no details."
)
FRENCH = "L’autorité de protection des données a infligé une amende à une entreprise d’intelligence artificielle."
OFF_TOPIC = "The bakery opened at six. Rye bread was sold out by nine, and the baker went home."


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def nlp(lexicon: Lexicon) -> Language:
    return build_pipeline(lexicon)


def text(n: int, body: str, title: str = "") -> Text:
    return Text(article_id=n, title=title, text=body)


def test_pipes_stand_in_their_order_after_the_model(nlp: Language) -> None:
    assert tuple(nlp.pipe_names[-len(PIPES) :]) == PIPES
    assert not nlp.analyze_pipes()["problems"]["blotter_entities"]


def test_words_have_the_attributes_and_lemmas_that_the_model_gives_them(nlp: Language) -> None:
    words = "There are rules, but it ain't nothin' new:  “y'all gonna pay,” they said. Gets old. But I did not."
    doc, model = nlp(words), spacy.load(DEFAULT_MODEL)(words)
    assert [(t.text, t.tag_, t.pos_, str(t.morph)) for t in doc] == [
        (t.text, t.tag_, t.pos_, str(t.morph)) for t in model
    ]
    assert [lemma(t) for t in doc] == [t.lemma_ for t in model]


def test_arranged_networks_see_what_the_models_own_see(nlp: Language) -> None:
    words = f"{ON_TOPIC.split(chr(10))[0]} {ON_TOPIC.split(chr(10))[2]} The terms of service, they said, were broken."
    doc, model = nlp(words), spacy.load(DEFAULT_MODEL)(words)
    assert {layer.name for layer in nlp.get_pipe("ner").model.walk()} >= {"embed_once", "convolution"}
    assert abs(doc.tensor - model.tensor).max() < 1e-4
    assert [(t.dep_, t.head.i, t.ent_type_) for t in doc] == [(t.dep_, t.head.i, t.ent_type_) for t in model]


def test_a_network_sees_the_same_however_many_rows_it_takes_at_a_time(nlp: Language, monkeypatch) -> None:
    whole = nlp(ON_TOPIC).tensor
    monkeypatch.setattr("extract.inference._ROWS", 7)
    assert abs(nlp(ON_TOPIC).tensor - whole).max() < 1e-5


def test_the_tokenizer_takes_a_word_apart_as_the_models_own_does(nlp: Language) -> None:
    words = "Don't say U.S.-based (e.g.) can't-miss 5km/h, ain't it?  “Quillby's”\nposted on it. Don't say e.g. it’s"
    model = spacy.load(DEFAULT_MODEL).make_doc(words)
    for _ in range(2):
        doc = nlp.make_doc(words)
        split = [t.text_with_ws for t in doc]
        assert (split, [t.norm_ for t in doc]) == ([t.text_with_ws for t in model], [t.norm_ for t in model])


def test_missing_model_is_refused_with_advice(lexicon: Lexicon) -> None:
    with pytest.raises(ModelError, match="python -m spacy download en_core_web_none"):
        build_pipeline(lexicon, "en_core_web_none")


def test_readings_come_in_the_order_of_the_texts(nlp: Language, lexicon: Lexicon) -> None:
    texts = [text(n, body) for n, body in enumerate([ON_TOPIC, FRENCH, OFF_TOPIC, ON_TOPIC] * 3)]
    readings = list(read(nlp, lexicon, texts))
    assert [reading.article_id for reading in readings] == list(range(12))
    assert [bool(reading.facts) for reading in readings] == [True, False, False, True] * 3


@pytest.mark.parametrize(("room", "together"), [(100_000, 32), (500, 2), (100, 1)], ids=["short", "long", "longest"])
def test_as_many_articles_are_parsed_at_once_as_there_is_room_for(
    nlp: Language, lexicon: Lexicon, monkeypatch, room: int, together: int
) -> None:
    monkeypatch.setattr("extract.pipeline.READ_CHARS", room)
    texts = iter([text(n, ON_TOPIC) for n in range(40)])
    next(read(nlp, lexicon, texts))
    assert 40 - len(list(texts)) == together + 1


def test_words_forgotten_with_their_articles_change_no_reading(nlp: Language, lexicon: Lexicon, monkeypatch) -> None:
    texts = [text(n, f"{ON_TOPIC} They spoke of {n}quillbyism.") for n in range(20)]
    readings = list(read(nlp, lexicon, texts[:10]))
    monkeypatch.setattr("extract.pipeline.WORDS_KEPT", 0)
    assert list(read(nlp, lexicon, texts))[:10] == readings
    assert [word for word in nlp.vocab.strings if word.endswith("quillbyism")] == [f"{n}quillbyism" for n in range(10)]


def test_other_languages_and_other_topics_are_told_but_not_read(nlp: Language, lexicon: Lexicon) -> None:
    french, bread = read(nlp, lexicon, [text(1, FRENCH), text(2, OFF_TOPIC)])
    assert (french.language, french.facts) == ("fr", ())
    assert (bread.language, bread.relevance.is_relevant, bread.facts) == ("en", False, ())


def test_empty_text_gives_an_empty_reading(nlp: Language, lexicon: Lexicon) -> None:
    (reading,) = read(nlp, lexicon, [text(1, "")])
    assert (reading.language, reading.facts) == (None, ())


@pytest.mark.parametrize("title", ["", "OpenAI Suspends ByteDance Over Chatbot Rules", "OpenAI suspends an account"])
def test_offsets_point_into_the_body(nlp: Language, lexicon: Lexicon, title: str) -> None:
    (reading,) = read(nlp, lexicon, [text(1, ON_TOPIC, title)])
    assert reading.facts
    assert not check_spans(ON_TOPIC, reading.facts)


def test_mention_knows_that_the_title_has_it_too(nlp: Language, lexicon: Lexicon) -> None:
    (reading,) = read(nlp, lexicon, [text(1, ON_TOPIC, "OpenAI suspends an account")])
    in_title = {fact.name for fact in reading.facts if isinstance(fact, Mention) and fact.in_title}
    assert in_title == {"OpenAI"}


def test_maker_in_a_products_name_is_mentioned_too(nlp: Language, lexicon: Lexicon) -> None:
    (reading,) = read(nlp, lexicon, [text(1, "A new law on AI forbids such chatbots. Google Maps shows the way.")])
    mentions = [(f.entity, f.evidence.words) for f in reading.facts if isinstance(f, Mention)]
    assert mentions[-2:] == [("google-maps", "Google Maps"), ("google", "Google")]


def test_public_role_makes_an_entity_and_its_absence_does_not(nlp: Language, lexicon: Lexicon) -> None:
    body = ON_TOPIC + " Helen Marsh, a teacher, said that the chatbot law had harmed her pupils."
    (reading,) = read(nlp, lexicon, [text(1, body)])
    people = {fact.name: fact.entity for fact in reading.facts if isinstance(fact, Mention) and fact.kind == "person"}
    assert people == {"Dana Whitlock": "dana-whitlock", "Helen Marsh": None}


def test_same_text_gives_the_same_facts(nlp: Language, lexicon: Lexicon) -> None:
    once, again = read(nlp, lexicon, [text(1, ON_TOPIC), text(1, ON_TOPIC)])
    assert once == again


def test_line_breaks_end_sentences(nlp: Language) -> None:
    doc = nlp("What OpenAI has to say\nOpenAI spokesperson Dana Whitlock said\nnothing")
    assert next(sentence.text.strip() for sentence in doc.sents) == "What OpenAI has to say"


def test_document_keeps_the_length_of_the_title(nlp: Language) -> None:
    title = "Court Orders Changes To OpenAI’s Rules"
    doc = document(nlp, text(1, "Body.", title))
    assert doc.text[: doc._.body_start].strip().lower() == title.lower()
    assert doc.text[doc._.body_start :] == "Body."


@pytest.mark.parametrize(
    ("words", "code"),
    [("The court ruled on Tuesday that the firm broke the law.", "en"), (FRENCH, "fr"), ("Hm.", None), ("", None)],
    ids=["english", "french", "too-short", "empty"],
)
def test_language(words: str, code: str | None) -> None:
    assert language(words) == code


def test_default_model_is_the_one_that_is_required() -> None:
    project = Path(__file__).parent.parent / "pyproject.toml"
    assert f'"{DEFAULT_MODEL.replace("_", "-")}==' in project.read_text(encoding="utf-8")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not on this machine")
def test_sample(nlp: Language, lexicon: Lexicon) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").split("Article From:")[0].split("\n\n")
    body = "\n\n".join([" ".join(lines[2:8]).replace(" ’s", "’s"), *lines[8:]]).replace(
        "\n\nProject Seed\n\n", " Project Seed"
    )
    (reading,) = read(nlp, lexicon, [text(1, body, lines[0])])
    mentions = {(fact.kind, fact.name, fact.entity) for fact in reading.facts if isinstance(fact, Mention)}
    assert mentions >= {
        ("company", "OpenAI", "openai"),
        ("company", "ByteDance", "bytedance"),
        ("company", "Microsoft", "microsoft"),
        ("outlet", "The Verge", "the-verge"),
        ("person", "Niko Felix", "niko-felix"),
        ("project", "Project Seed", None),
        ("project", "GPT", "gpt"),
        ("project", "OpenAI API", "openai-api"),
        ("project", "TikTok", "tiktok"),
    }
    ties = {(fact.kind, fact.subject, fact.object) for fact in reading.facts if isinstance(fact, Relation)}
    assert ties >= {("maker_of", "ByteDance", "TikTok"), ("maker_of", "ByteDance", "Project Seed")}
    assert ("spokesperson_of", "Niko Felix", "OpenAI") in ties
