"""The same words by the same speaker are one group, however many articles print them."""

import time

from extract.facts import FiledQuote, Quote, QuoteGroup, Span
from extract.quote_groups import group_quotes, is_same_speaker, words


def quote(content, *, speaker="Ada Brook", kind="direct", **fields):
    span = Span(start_char=0, end_char=len(content), words=content, role="content")
    fields.setdefault("speaker_kind", "person")
    return Quote(spans=(span,), kind=kind, content=content, speaker=speaker, confidence=0.9, rule="test", **fields)


def groups(*quotes) -> tuple[QuoteGroup, ...]:
    return group_quotes(FiledQuote(id=n, article_id=100 + n, quote=q) for n, q in enumerate(quotes))


WHOLE = "“We did not train on the archive, and we will show every log we have to the court.”"


def test_same_words_in_other_marks_are_one_quote():
    (group,) = groups(quote(WHOLE), quote(WHOLE.replace("“", '"').replace("”", '"')))
    assert group.quote_ids == (0, 1)
    assert [w.relation for w in group.wordings] == ["whole"]


def test_a_cut_quote_belongs_to_the_whole_one():
    (group,) = groups(quote("“we will show every log we have”", kind="mixed"), quote(WHOLE))
    assert [(w.quote_ids, w.relation) for w in group.wordings] == [((1,), "whole"), ((0,), "cut")]


def test_a_quote_with_its_middle_left_out_is_a_cut():
    (group,) = groups(quote(WHOLE), quote("“We did not train on the archive, and we will show every log.”"))
    assert group.wordings[1].relation == "cut"


def test_altered_words_stand_beside_the_others():
    (group,) = groups(
        quote(WHOLE), quote("“We never did train on the archive, and we will show every log we have to the judge.”")
    )
    assert group.wordings[1].relation == "altered"
    assert "never" in group.wordings[1].words


def test_insertions_in_brackets_do_not_count():
    (group,) = groups(
        quote("“They did train on the archive of the paper”"),
        quote("“They [Vantor] did train on the archive of the paper”"),
    )
    assert [w.relation for w in group.wordings] == ["whole"]


def test_other_speakers_are_other_quotes():
    assert groups(quote(WHOLE), quote(WHOLE, speaker="Tilda Roe")) == ()


def test_an_unnamed_spokesperson_may_be_the_named_one():
    named = quote(WHOLE, affiliation="Vantor", role="spokesperson")
    assert is_same_speaker(named, quote(WHOLE, speaker="a Vantor spokesperson", affiliation="Vantor"))
    assert is_same_speaker(named, quote(WHOLE, speaker="Vantor", speaker_kind="organisation"))
    assert not is_same_speaker(named, quote(WHOLE, speaker="a Kelp spokesperson", affiliation="Kelp"))


def test_entities_decide_before_names():
    assert not is_same_speaker(quote(WHOLE, speaker_entity="ada-brook"), quote(WHOLE, speaker_entity="ada-brook-2"))


def test_paraphrase_and_few_words_are_not_grouped():
    indirect = quote("that the company had not trained on the archive", kind="indirect")
    assert groups(indirect, indirect) == ()
    assert groups(quote("“a sad day”"), quote("“a sad day”")) == ()


def test_words_inside_the_marks_count_for_a_mixed_quote():
    content = "that it was “a sad day for the whole town”"
    start = content.index("a sad")
    verbatim = Span(start_char=start, end_char=start + 29, words="a sad day for the whole town", role="verbatim")
    mixed = quote(content, kind="mixed")
    mixed = Quote(spans=(*mixed.spans, verbatim), kind="mixed", content=content, confidence=0.9, rule="test")
    assert words(mixed) == ("a", "sad", "day", "for", "the", "whole", "town")


def test_order_of_the_quotes_does_not_matter():
    quotes = [quote(WHOLE), quote("“we will show every log we have”"), quote(WHOLE.upper())]
    filed = [FiledQuote(id=n, article_id=n, quote=q) for n, q in enumerate(quotes)]
    assert group_quotes(filed) == group_quotes(reversed(filed))


def test_effort_grows_with_the_number_of_quotes():
    def seconds(count):
        filed = [
            FiledQuote(id=n, article_id=n, quote=quote(" ".join(f"w{n // 4}x{i}" for i in range(30))))
            for n in range(count)
        ]
        started = time.process_time()
        assert len(group_quotes(filed)) == count // 4
        return time.process_time() - started

    seconds(400)
    assert seconds(8000) < 12 * max(seconds(2000), 0.01)  # four times the quotes; all pairs would be sixteen times
