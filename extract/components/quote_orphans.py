"""Words in marks without a cue of their own: whose they are by the sentence before."""

from dataclasses import replace

from spacy.tokens import Token

from extract.components.quote_cues import Cue, Draft
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention, subject

ALONE = "direct-alone"


def adopted(layout: Layout, cues: list[Cue], drafts: list[Draft]) -> list[Draft]:
    """The drafts; those without a cue are joined to the statement before, or given the speaker of that sentence."""
    kept: list[Draft] = []
    for draft in drafts:
        if draft.rule != ALONE:
            kept.append(draft)
            continue
        before = _sentence_before(layout, draft.runs[0].start)
        parent = _statement_in(layout, kept, before) if before is not None else None
        if parent is not None and _is_partly_marked(layout, parent) and _stands_alone(layout, draft):
            kept[kept.index(parent)] = replace(parent, runs=(*parent.runs, *draft.runs))
        elif parent is not None:
            kept.append(
                replace(
                    draft, speaker=parent.speaker, speaker_head=parent.speaker_head, rule="direct-after", confidence=0.6
                )
            )
        else:
            kept.append(_by_sentence(layout, cues, draft, before))
    return kept


def _sentence_before(layout: Layout, i: int) -> Run | None:
    """The sentence that ends where the token stands, be it in the paragraph before."""
    last = i - 1
    while last >= layout.body.start and layout.tokens[last].is_space:
        last -= 1
    return layout.sentence(last) if last >= layout.body.start else None


def _statement_in(layout: Layout, drafts: list[Draft], sentence: Run) -> Draft | None:
    """The last statement that was made in the sentence."""
    found = [d for d in drafts if d.cue_run is not None and d.speaker is not None and d.cue_run.start in sentence]
    return found[-1] if found else None


def _is_partly_marked(layout: Layout, draft: Draft) -> bool:
    return any(run.meets(marked) for run in draft.runs for marked in layout.marked)


def _stands_alone(layout: Layout, draft: Draft) -> bool:
    """Whether nothing but the passages stands in their paragraph, or the statement stands in the same one."""
    start = draft.runs[0].start
    paragraph = next(p for p in layout.paragraphs if start in p)
    return start != paragraph.start or len(layout.trimmed(Run(draft.runs[-1].end, paragraph.end))) == 0


def _by_sentence(layout: Layout, cues: list[Cue], draft: Draft, before: Run | None) -> Draft:
    head = _spoke(layout, cues, before) if before is not None else None
    if head is None:
        return draft
    return replace(draft, speaker=mention(layout, head), speaker_head=head.i, rule="direct-after", confidence=0.45)


def _spoke(layout: Layout, cues: list[Cue], sentence: Run) -> Token | None:
    """Who speaks in the sentence by a cue with nothing said, or the person who is its subject."""
    for cue in reversed(cues):
        if cue.i in sentence and cue.verb is not None and layout.tokens[cue.i].tag_[0] == "V":
            head = subject(layout, cue)
            if head is not None and head.pos_ in ("PROPN", "PRON", "NOUN"):
                return head
    root = next(
        (t for t in layout.tokens[sentence.start : sentence.end] if t.dep_ == "ROOT" and layout.inside[t.i] < 0), None
    )
    heads = [c for c in root.children if c.dep_ == "nsubj" and layout.inside[c.i] < 0] if root is not None else []
    return next((h for h in heads if h.pos_ == "PROPN" or h.lower_ in ("he", "she")), None)
