"""Marked text: nested, overlapping and wrong marks, and texts of which only pieces may be shown."""

import re

from data.site.marks import Mark, Piece, blocks, markup, pieces_of

TEXT = "Alba sued Brio. “We won,” said Cleo of Brio."


def mark(words: str, kind: str = "mention", anchor: str = "", text: str = TEXT, **more: object) -> Mark:
    start = text.index(words)
    return Mark(kind=kind, start=start, end=start + len(words), anchor=anchor, label="x", **more)  # type: ignore[arg-type]


def shown(*marks: Mark, text: str = TEXT) -> str:
    found = blocks([Piece(start=0, words=text)], marks, whole=True)
    return re.sub(r'<span class="vh">.*?</span>', "", "|".join(markup(b, lambda n: f"/e/{n}") for b in found))


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_a_name_in_evidence_stands_inside_it():
    html = shown(mark("Alba sued Brio.", "evidence", "violation-1"), mark("Brio", entity_id=7))
    assert html.startswith('<mark class="evidence" title="x" id="violation-1">Alba sued <a ')
    assert 'href="/e/7"' in html
    assert plain(html) == TEXT


def test_marks_that_overlap_are_cut_not_lost():
    html = shown(mark("Alba sued", "evidence", "violation-1"), mark("sued Brio", "evidence", "violation-2"))
    assert html.count('<mark class="evidence"') == 3
    assert html.count('id="violation-1"') == html.count('id="violation-2"') == 1
    assert plain(html) == TEXT


def test_a_name_within_a_name_is_no_link_in_a_link():
    html = shown(mark("Cleo of Brio", entity_id=1), mark("Brio.", entity_id=2), mark("Cleo", entity_id=3))
    assert not re.search(r"<a [^>]*>[^<]*<a ", html)
    assert plain(html) == TEXT


def test_a_mark_out_of_range_is_left_out():
    far = Mark(kind="evidence", start=30, end=400, anchor="violation-1", label="x")
    back = Mark(kind="evidence", start=-4, end=4, anchor="violation-2", label="x")
    empty = Mark(kind="quote", start=5, end=5, anchor="quote-1", label="x")
    turned = Mark(kind="quote", start=9, end=5, anchor="quote-2", label="x")
    assert shown(far, back, empty, turned) == TEXT


def test_a_quote_over_two_paragraphs_is_marked_in_both():
    text = "He said: “One.\n\nTwo.” And left."
    html = shown(mark("“One.\n\nTwo.”", "quote", "quote-1", text), text=text)
    assert html.count('<span class="q ') == 2
    assert html.count('id="quote-1"') == 1


def test_words_are_escaped_and_offsets_count_code_points():
    text = "😀 <b>Alba</b> & Brio"
    html = shown(mark("Alba", text=text, entity_id=1), text=text)
    assert ">Alba</a>" in html
    assert "&lt;b&gt;" in html
    assert "&amp; Brio" in html


def test_many_marks_on_one_place_do_not_take_long():
    text = "word " * 4000
    marks = [Mark(kind="mention", start=n * 5, end=n * 5 + 4, anchor=f"m-{n}", label="x") for n in range(4000)]
    assert shown(*marks, text=text).count('id="m-') == 4000


def test_pieces_join_where_they_touch_or_leave_one_letter():
    said = TEXT.index("said Cleo")
    places = ((10, 15), (12, 20), (said, said + 4), (said + 5, said + 9), (11, 13))
    spans = [{"start_char": start, "end_char": end, "words": TEXT[start:end]} for start, end in places]
    assert [(p.start, p.words) for p in pieces_of(TEXT[:10], spans)] == [(0, TEXT[:20]), (said, "said Cleo")]
    kinds = [block.kind for block in blocks(pieces_of("", spans), (), whole=False)]
    assert kinds == ["gap", "paragraph", "gap", "paragraph", "gap"]
