"""The article's own words out of the blocks of a page."""

from lxml.html import document_fromstring

from crawler.pages.blocks import ARTICLE_BODY, HIDDEN, blocks, families, pieces
from crawler.pages.features import NUMBERS, rows
from crawler.pages.judge import BIT_NAMES, CONTEXT, chances, contexts
from crawler.pages.markup import read_markup
from crawler.pages.text import Body, assembled, body, decided

PARAGRAPH = "The office said on Tuesday that the company had sixty days to answer, and that it would then decide."


def found_in(html: str) -> list[str]:
    return [block.words for block in blocks(document_fromstring(html))]


def read(inner: str) -> Body:
    tree = document_fromstring(f"<html><head><title>A headline</title></head><body>{inner}</body></html>")
    return body(tree, blocks(tree), read_markup(tree), title="A headline")


def weighed(chance_of_remarks: float) -> str:
    """The text of an article with remarks of readers below it, which the second reader leaves out."""
    story = "".join(f"<p>Point {n}. {PARAGRAPH}</p>" for n in range(6))
    remark = "nobody whom I know was surprised by any of this, least of all my aunt, who reads it every day."
    remarks = "".join(f"<div><p>I say {n}: {remark}</p></div>" for n in range(4))
    tree = document_fromstring(f"<body><article>{story}</article><div id=comments>{remarks}</div></body>")
    return decided(tree, blocks(tree), [0.9] * 6 + [chance_of_remarks] * 4, title="A headline").text


def test_a_part_of_the_text_that_only_we_take_and_are_less_sure_of_is_left_out() -> None:
    assert "Point 5" in weighed(0.75)
    assert "I say" not in weighed(0.75)


def test_a_part_of_the_text_that_we_are_as_sure_of_stays_whatever_the_second_reader_says() -> None:
    assert "I say 3" in weighed(0.89)


def test_the_same_step_of_a_list_is_kept_each_time_and_a_copy_in_another_place_is_not() -> None:
    step = "<p>Weigh the post, write down what the scales say, and have a second clerk sign the sheet.</p>"
    days = "".join(f"<p>Day {n}. {PARAGRAPH}</p>{step}" for n in range(4))
    tree = document_fromstring(f"<body><article>{days}</article><div class=print>{step}</div></body>")
    found = decided(tree, blocks(tree), [0.96] * 9, title="A headline")
    assert found.text.count("Weigh the post") == 4
    assert [cut.reason for cut in found.cuts] == ["repeated"]


def live(heading: float, remark: float, *, look: str = "time") -> str:
    """The text of a live blog, its headings and what it quotes so likely; the times look so."""
    entries = "".join(
        f"<div class={look if n else 'time'}>{9 + n}:{10 + n}AM</div><h3>Vote {n} is called</h3><p>{n}. {PARAGRAPH}</p>"
        f"<blockquote><p>No clerk slept in night {n}.</p></blockquote><figure><p>A picture, {n}</p></figure>"
        for n in range(9)
    )
    tree = document_fromstring(f"<body><article>{entries}</article></body>")
    return decided(tree, blocks(tree), [0.02, heading, 0.9, remark, 0.02] * 9, title="A headline").text


def test_all_that_stands_in_the_entries_of_a_live_blog_is_kept() -> None:
    text = live(0.04, 0.1)
    assert all(f"Vote {n} is called" in text and f"No clerk slept in night {n}." in text for n in range(9))
    assert "9:10AM" not in text
    assert "A picture" not in text


def test_times_that_stand_beside_headlines_make_no_live_blog() -> None:
    story = "".join(f"<p>Point {n}. {PARAGRAPH}</p>" for n in range(6))
    news = "".join(f"<div>{n}:15</div><p>Clerk {n} goes home early, a friend says</p>" for n in range(9))
    tree = document_fromstring(f"<body><article>{story}</article><div>{news}</div></body>")
    assert "goes home" not in decided(tree, blocks(tree), [0.9] * 6 + [0.01, 0.1] * 9, title="A headline").text


def test_a_card_that_is_one_button_may_hold_text() -> None:
    found = blocks(document_fromstring(f"<div role=button><p>{PARAGRAPH}</p></div><button><p>{PARAGRAPH}</p></button>"))
    assert [row.index for row in rows(found, title="", summary="", body="")] == [0]


def test_blocks_end_where_block_elements_do() -> None:
    assert found_in("<div>One <b>bold</b> and <a href=x>linked</a><p>Two</p>three</div>") == [
        "One bold and linked", "Two", "three",
    ]  # fmt: skip


def test_two_line_breaks_end_a_block_and_one_does_not() -> None:
    assert found_in("<p>one<br>two<br><br>three<br> <br/>four</p>") == ["one two", "three", "four"]


def test_scripts_and_forms_are_no_text() -> None:
    assert found_in("<p>a<script>b</script>c<select><option>d</select></p><style>e</style>") == ["ac"]


def test_a_block_knows_its_place() -> None:
    tree = document_fromstring(
        "<div itemprop=articleBody><aside class='related-box' hidden><p>a <i>b</i></p></aside></div>"
    )
    block = blocks(tree)[0]
    assert block.place.tag == "p"
    assert block.place.around & HIDDEN
    assert block.place.around & ARTICLE_BODY
    assert block.place.named & families("related-box")
    assert pieces(block) == ["a", "b"]


def test_every_row_has_a_value_for_every_name() -> None:
    found = blocks(document_fromstring(f"<main><h1>A headline</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></main>"))
    made = rows(found, title="A headline", summary="", body="")
    assert {len(row.numbers) for row in made} == {len(NUMBERS)}
    early = [0.5] * len(made)
    assert {len(values) for values in contexts(found, made, early)} == {len(CONTEXT)}
    assert all(0 <= chance <= 1 for chance in chances(found, made))
    assert len(set(BIT_NAMES)) == len(BIT_NAMES)


def test_links_in_the_menu_are_not_even_judged() -> None:
    found = blocks(document_fromstring(f"<nav><p>{PARAGRAPH}</p></nav><p><a href=x>Home</a></p><p>{PARAGRAPH}</p>"))
    asked = [found[row.index].place.around for row in rows(found, title="", summary="", body="")]
    assert len(asked) == len(found) - 1


def test_paragraphs_stand_apart_list_items_close_and_broken_sentences_whole() -> None:
    html = "<p>The firm</p><p>has moved</p><p>, it said.</p><ul><li>One thing</li><li>Another</li></ul><h2>Why</h2>"
    assert (
        assembled(blocks(document_fromstring(f"<div>{html}</div>")))
        == "The firm has moved, it said.\n\nOne thing\nAnother\n\nWhy"
    )


def test_the_title_is_not_part_of_the_text_and_nothing_is_said_twice() -> None:
    others = [PARAGRAPH.replace("sixty", word) for word in ("ten", "twenty", "thirty")]
    paragraphs = "".join(f"<p>{words}</p>" for words in [PARAGRAPH, *others, PARAGRAPH])
    got = read(f"<article><h1>A headline</h1>{paragraphs}</article>")
    assert got.text == "\n\n".join([PARAGRAPH, *others])
    assert [cut.reason for cut in got.cuts if cut.words == PARAGRAPH] == ["repeated"]


def test_a_page_that_is_one_run_of_words_is_that_text() -> None:
    assert read(f"{'Hallo ' * 40}").text == " ".join(["Hallo"] * 40)
    assert read(f"{'Hallo ' * 40}<a href='/'>Home</a>").text == ""


def test_what_was_cut_is_kept_with_its_score() -> None:
    others = "".join(f"<p>{PARAGRAPH.replace('sixty', word)}</p>" for word in ("ten", "twenty", "thirty", "forty"))
    got = read(
        f"<article>{others}</article><footer><div>x</div></footer><div>All rights reserved, Kettle Bay 2025</div>"
    )
    cut = next(cut for cut in got.cuts if cut.words.startswith("All rights"))
    assert 0 <= cut.score < 0.45
    assert cut.reason == "after the text"
    assert "All rights" not in got.text


def test_an_empty_page_has_no_text_and_no_confidence() -> None:
    assert read("<p></p>") == Body(text="", confidence=None, cuts=())


def test_a_consent_dialog_is_no_text_however_long_its_sentences() -> None:
    talk = "<p>When you visit our website, we store cookies on your browser to remember you, and you may opt out.</p>"
    story = [f"{PARAGRAPH[:-1]} on question {n}." for n in range(4)]
    main = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    shown = read(f"<h1>A headline</h1><div class='privacy-modal'>{talk * 5}</div><main>{main}</main>")
    assert shown.text.split("\n\n") == story
