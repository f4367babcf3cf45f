"""Through whom words came: the report that says that documents say, the outlet that somebody told."""

from dataclasses import replace

from spacy.tokens import Token

from extract.components.quote_cues import Cue, Draft, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention
from extract.components.quote_speakers import is_outlet

_NEAR = 12  # words between the beginning of what the outer speaker says and the inner cue


def nested(layout: Layout, drafts: list[Draft]) -> list[Draft]:
    """The drafts; where an outlet or a document only passes on what another says, the other's with ``via``."""
    kept: list[Draft] = []
    passed_on: set[int] = set()
    for draft in drafts:
        inner = next((d for d in drafts if _passes_on(layout, draft, d)), None)
        if inner is None:
            kept.append(draft)
        else:
            passed_on.add(drafts.index(inner))
            kept.append(replace(inner, via=draft.speaker, via_head=draft.speaker_head))
    return [d for n, d in enumerate(kept) if n not in passed_on]


def _passes_on(layout: Layout, outer: Draft, inner: Draft) -> bool:
    """Whether what the outer draft says is no more than that the inner speaker says something."""
    if inner is outer or inner.cue is None or inner.speaker is None or outer.speaker_head is None:
        return False
    if inner.rule not in ("clause", "marked-phrase") or not _is_go_between(layout, outer.speaker_head):
        return False
    first = outer.runs[0]
    covers = sum(len(r) for r in inner.runs) >= 0.5 * sum(len(r) for r in outer.runs)
    is_inside = inner.cue.i in first and all(any(o.meets(r) for o in outer.runs) for r in inner.runs)
    return is_inside and covers and inner.speaker.start - first.start <= 2 and inner.cue.i - first.start <= _NEAR


def _is_go_between(layout: Layout, head: int) -> bool:
    token = layout.tokens[head]
    if token.lower_ in cue_table().documents:
        return True
    return any(is_outlet(e) and e.start <= head < e.end for e in layout.doc.spans["entities"])


def with_outlet(layout: Layout, draft: Draft) -> Draft:
    """The draft with the outlet that was told, if its cue names one: "told The Example", "in a letter to them"."""
    if draft.via is not None or draft.cue is None or draft.cue.verb is None:
        return draft
    outlet = _told(layout, draft.cue)
    if outlet is not None and draft.speaker is not None and outlet.i in draft.speaker:
        return draft
    return draft if outlet is None else replace(draft, via=mention(layout, outlet), via_head=outlet.i)


def _told(layout: Layout, cue: Cue) -> Token | None:
    sentence = layout.sentence(cue.i)
    after = Run(cue.run.end, min(cue.run.end + _NEAR, sentence.end))
    known = {e.end - 1 for e in layout.doc.spans["entities"] if is_outlet(e)}
    for i in range(after.start, after.end):
        token = layout.tokens[i]
        if layout.inside[i] >= 0 or token.text in (",", ":", ".", ";") or token.tag_[0] == "V":
            return None
        if i in known or (token.pos_ == "PROPN" and token.lower_ in cue_table().outlets):
            before = layout.tokens[cue.run.start : i]
            return token if any(t.lower_ in ("to", "with", "told", "tells", "by") for t in before) else None
    return None


def reported_by(layout: Layout, drafts: list[Draft], outer: list[Draft]) -> list[Draft]:
    """The drafts, with ``via`` where "according to X" stands around a statement that has a speaker of its own."""
    return [
        replace(d, via=o.speaker, via_head=o.speaker_head) if (o := _around(layout, d, outer)) else d for d in drafts
    ]


def _around(layout: Layout, draft: Draft, outer: list[Draft]) -> Draft | None:
    if draft.via is not None or draft.cue is None or draft.speaker is None:
        return None
    sentence = layout.sentence(draft.cue.i)
    for other in outer:
        if other is draft or other.rule != "according-to" or other.cue is None or other.speaker is None:
            continue
        if other.cue.i in sentence and other.speaker != draft.speaker and other.meets(draft):
            return other
    return None
