"""Words in marks without a cue of their own: whose they are by the sentence before."""

from dataclasses import replace

from extract.components.quote_cues import Cue, Draft
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention, subject

ALONE = "direct-alone"
_PHRASE = 0.5  # confidence of a statement that is less than a clause


def adopted(layout: Layout, cues: list[Cue], drafts: list[Draft]) -> list[Draft]:
    """The drafts; those without a cue are joined to the statement before, or given the speaker of that sentence."""
    kept: list[Draft] = []
    for draft in drafts:
        before = _sentence_before(layout, draft.runs[0].start) if draft.rule == ALONE else None
        if before is None:
            kept.append(draft)
            continue
        parent = _statement_in(kept, before)
        is_near = _is_same_paragraph(layout, draft, before)
        if parent is None:
            kept.append(_by_sentence(layout, cues, draft, before) if is_near else draft)
        elif is_near or (_is_partly_marked(layout, parent) and _fills_paragraph(layout, draft)):
            kept[kept.index(parent)] = replace(parent, runs=(*parent.runs, *draft.runs))
        else:
            kept.append(_said_by(draft, parent.speaker, parent.speaker_head, "direct-after", 0.5))
    return kept


def _said_by(draft: Draft, words: Run | None, head: int | None, rule: str, confidence: float) -> Draft:
    return replace(draft, speaker=words, speaker_head=head, rule=rule, confidence=confidence)


def _sentence_before(layout: Layout, i: int) -> Run | None:
    """The sentence that ends where the token stands, be it in the paragraph before."""
    last = i - 1
    while last >= layout.body.start and layout.tokens[last].is_space:
        last -= 1
    return layout.sentence(last) if last >= layout.body.start else None


def _statement_in(drafts: list[Draft], sentence: Run) -> Draft | None:
    """The last statement that was made in the sentence; of phrases only if there is nothing better."""
    found = [d for d in drafts if d.cue_run is not None and d.speaker is not None and d.cue_run.start in sentence]
    sure = [d for d in found if d.confidence > _PHRASE]
    return next(iter([*sure[-1:], *found[-1:]]), None)


def _is_same_paragraph(layout: Layout, draft: Draft, sentence: Run) -> bool:
    return any(sentence.start in p and draft.runs[0].start in p for p in layout.paragraphs)


def _is_partly_marked(layout: Layout, draft: Draft) -> bool:
    return any(run.meets(marked) for run in draft.runs for marked in layout.marked)


def _fills_paragraph(layout: Layout, draft: Draft) -> bool:
    """Whether nothing but the passages stands in their paragraph."""
    start = draft.runs[0].start
    paragraph = next(p for p in layout.paragraphs if start in p)
    return start == paragraph.start and len(layout.trimmed(Run(draft.runs[-1].end, paragraph.end))) == 0


def _by_sentence(layout: Layout, cues: list[Cue], draft: Draft, before: Run) -> Draft:
    """The draft with the speaker of a cue that reports nothing ("chimed in."), or the person who is the subject."""
    for cue in reversed(cues):
        if cue.i in before and cue.verb is not None and layout.tokens[cue.i].tag_[0] == "V":
            head = subject(layout, cue)
            if head is not None and head.pos_ in ("PROPN", "PRON", "NOUN"):
                found = _said_by(draft, mention(layout, head), head.i, "direct-after-cue", 0.6)
                return replace(found, cue=cue, cue_run=cue.run)
    root = next(
        (t for t in layout.tokens[before.start : before.end] if t.dep_ == "ROOT" and layout.inside[t.i] < 0), None
    )
    for head in root.children if root is not None else ():
        is_person = head.pos_ == "PROPN" or head.lower_ in ("he", "she")
        if head.dep_ == "nsubj" and is_person and layout.inside[head.i] < 0:
            return _said_by(draft, mention(layout, head), head.i, "direct-after-person", 0.45)
    return draft
