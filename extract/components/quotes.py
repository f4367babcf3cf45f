"""Quotes: what was said, in whose words, by whom, through whom."""

from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from extract.components import annotations  # noqa: F401  (registers doc._.quotes)
from extract.components.quote_borders import Reported
from extract.components.quote_clauses import Clauses
from extract.components.quote_cues import Cue, Draft, cues
from extract.components.quote_direct import DirectQuotes
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention, subject
from extract.components.quote_nouns import noun_drafts
from extract.components.quote_orphans import adopted
from extract.components.quote_speakers import Speaker, Speakers
from extract.components.quote_via import Via
from extract.components.quote_weight import tells
from extract.facts import Quote, QuoteKind, Span

_DOUBTFUL = 0.6  # confidence below which a quote gives way to any other
_MOSTLY = 0.9  # share of the words inside marks from which a quote is direct


@Language.factory("blotter_quotes", requires=["token.dep"])
def make_quotes(nlp: Language, name: str) -> "QuoteFinder":
    return QuoteFinder()


class QuoteFinder:
    """Fills ``doc._.quotes``."""

    def __call__(self, doc: Doc) -> Doc:
        layout = Layout(doc)
        speakers = Speakers(layout)
        kept, dropped = drafts(layout)
        told = sorted([*((d, True) for d in kept), *((d, False) for d in dropped)], key=lambda d: d[0].runs[0].start)
        quotes = [(_quote(layout, speakers, draft), is_kept) for draft, is_kept in told]
        doc._.quotes = [quote for quote, is_kept in quotes if is_kept]
        return doc


def drafts(layout: Layout) -> tuple[list[Draft], list[Draft]]:
    """The quotes of a layout in the order of the text, each word in one; and the statements that tell nothing.

    Whoever made one of these has spoken all the same, and may be the "it" of the next sentence.
    """
    found = list(cues(layout))
    kept = DirectQuotes(layout, found).drafts()
    taken = {draft.cue.i for draft in kept if draft.cue is not None}
    reported = list(_clauses(layout, found, taken))
    clauses = [draft for draft in reported if tells(layout, draft)]
    via = Via(layout)
    candidates = [*via.nested(clauses), *noun_drafts(layout)]
    for draft in sorted(candidates, key=lambda d: d.confidence < _DOUBTFUL):
        if not any(draft.meets(other) for other in kept):
            kept.append(draft)
    kept = adopted(layout, found, sorted(kept, key=lambda d: d.runs[0].start))
    dropped = [draft for draft in reported if not tells(layout, draft)]
    return [via.with_outlet(draft) for draft in via.reported_by(kept, clauses)], dropped


def _clauses(layout: Layout, found: list[Cue], taken: set[int]) -> Iterator[Draft]:
    clauses = Clauses(layout, found)
    for cue in found:
        if cue.i in taken:
            continue
        what = clauses.reported(cue)
        if what is not None and (draft := _reported_draft(layout, cue, what)) is not None:
            yield draft


def _reported_draft(layout: Layout, cue: Cue, what: Reported) -> Draft | None:
    head = subject(layout, cue)
    if (head is not None and head.lower_ == "you") or (head is None and not _needs_no_speaker(cue, what)):
        return None
    draft = Draft(runs=what.runs, cue=cue, cue_run=cue.run, rule=what.rule, confidence=what.confidence)
    return draft if head is None else replace(draft, speaker=mention(layout, head), speaker_head=head.i)


def _needs_no_speaker(cue: Cue, what: Reported) -> bool:
    """Whether it is a question or a report in the passive, which tell something though nobody is named for them."""
    return cue.is_passive and what.rule in ("clause", "that-clause", "question", "order", "passive")


def _quote(layout: Layout, speakers: Speakers, draft: Draft) -> Quote:
    spans = [_span(layout, run, "content") for run in draft.runs]
    spans += _verbatim(layout, draft)
    for run, role in ((draft.cue_run, "cue"), (draft.speaker, "speaker"), (draft.via, "via")):
        if run is not None:
            spans.append(_span(layout, run, role))
    who = _speaker(speakers, draft.speaker, draft.speaker_head)
    through = _speaker(speakers, draft.via, draft.via_head)
    return Quote(
        spans=tuple(spans),
        kind=_kind(layout, draft),
        content=" ".join(span.words for span in spans if span.role == "content"),
        cue=layout.words(draft.cue_run) if draft.cue_run else None,
        speaker=who.name if who else None,
        speaker_kind=who.kind if who else None,
        speaker_entity=who.entity if who else None,
        role=who.role if who else None,
        affiliation=who.affiliation if who else None,
        via=through.name if through else None,
        is_rule_text=who is not None and who.is_rule,
        confidence=draft.confidence,
        rule=draft.rule,
    )


def _speaker(speakers: Speakers, words: Run | None, head: int | None) -> Speaker | None:
    return None if words is None or head is None else speakers.speaker(words, speakers.layout.tokens[head])


def _span(layout: Layout, run: Run, role: str) -> Span:
    start, end = layout.chars(run)
    return Span(start_char=start, end_char=end, words=layout.text[start:end], role=role)


def _verbatim(layout: Layout, draft: Draft) -> Iterator[Span]:
    for marked, passage in zip(layout.marked, layout.passages, strict=True):
        if any(run.holds(marked) for run in draft.runs):
            start, end = passage.inner_start, passage.inner_end
            yield Span(start_char=start, end_char=end, words=layout.text[start:end], role="verbatim")


def _kind(layout: Layout, draft: Draft) -> QuoteKind:
    words = [t for run in draft.runs for t in layout.tokens[run.start : run.end] if not t.is_punct and not t.is_space]
    inside = sum(1 for t in words if layout.inside[t.i] >= 0)
    if not inside:
        return "indirect"
    return "direct" if inside >= _MOSTLY * len(words) else "mixed"
