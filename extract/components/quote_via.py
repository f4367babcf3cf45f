"""Through whom words came: the report that says that documents say, the outlet that somebody told."""

from dataclasses import replace

from extract.components.quote_cues import Cue, Draft, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention
from extract.components.quote_speakers import is_outlet
from extract.components.tree import Token

_NEAR = 12  # words between the beginning of what the outer speaker says and the inner cue
_TOLD = frozenset({"to", "with", "told", "tells", "by"})
_SEEN = frozenset({"seen", "viewed", "reviewed", "obtained", "examined", "read", "leaked"})


class Via:
    """Finds the go-betweens of one article."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        outlets = [e for e in layout.doc.spans["entities"] if is_outlet(e)]
        self._outlets = {i for e in outlets for i in range(e.start, e.end)}
        self._last_words = {e.end - 1 for e in outlets}

    def nested(self, drafts: list[Draft]) -> list[Draft]:
        """The drafts; where an outlet or a document only passes on what another says, the other's with ``via``."""
        dropped: set[int] = set()
        kept = list(drafts)
        for number, outer in enumerate(drafts):
            is_aside = outer.rule == "as-clause"  # "as the law demands"
            if outer.speaker_head is None or is_aside or not self._is_go_between(outer.speaker_head):
                continue
            inner = next((n for n, d in enumerate(drafts) if n != number and self._passes_on(outer, d)), None)
            if inner is not None:
                kept[inner] = replace(drafts[inner], via=outer.speaker, via_head=outer.speaker_head)
                dropped.add(number)
        return [draft for number, draft in enumerate(kept) if number not in dropped]

    def _is_go_between(self, head: int) -> bool:
        return head in self._outlets or self.layout.tokens[head].lower_ in cue_table().documents

    def _passes_on(self, outer: Draft, inner: Draft) -> bool:
        """Whether what the outer draft says is no more than that the inner speaker says something."""
        first = outer.runs[0]
        if inner.cue is None or inner.cue.i not in first or inner.speaker is None:
            return False
        if inner.rule not in ("clause", "marked-phrase") or inner.speaker.start - first.start > 2:
            return False
        covers = sum(len(r) for r in inner.runs) >= 0.5 * sum(len(r) for r in outer.runs)
        is_inside = all(any(o.meets(r) for o in outer.runs) for r in inner.runs)
        return is_inside and covers and inner.cue.i - first.start <= _NEAR

    def reported_by(self, drafts: list[Draft], outer: list[Draft]) -> list[Draft]:
        """The drafts, with ``via`` where "according to X" stands around a statement with a speaker of its own."""
        around = [o for o in outer if o.rule == "according-to" and o.cue is not None and o.speaker is not None]
        return [self._with_source(draft, around) for draft in drafts]

    def _with_source(self, draft: Draft, around: list[Draft]) -> Draft:
        if draft.via is not None or draft.cue is None or draft.speaker is None or not around:
            return draft
        sentence = self.layout.sentence(draft.cue.i)
        for other in around:
            is_here = other.cue is not None and other.cue.i in sentence and other.speaker != draft.speaker
            if is_here and other.meets(draft):
                return replace(draft, via=other.speaker, via_head=other.speaker_head)
        return draft

    def with_outlet(self, draft: Draft) -> Draft:
        """The draft with the outlet that saw the document, or was told: "told The Example", "in a letter to them"."""
        draft = self._seen_by(draft)
        if draft.via is not None or draft.cue is None or draft.cue.verb is None:
            return draft
        outlet = self._told(draft.cue)
        if outlet is None or (draft.speaker is not None and outlet.i in draft.speaker):
            return draft
        return replace(draft, via=mention(self.layout, outlet), via_head=outlet.i)

    def _seen_by(self, draft: Draft) -> Draft:
        """The draft; where its speaker is "emails seen by The Example", the emails speak through The Example."""
        if draft.via is not None or draft.speaker is None or draft.speaker_head is None:
            return draft
        head = self.layout.tokens[draft.speaker_head]
        seen = next((c for c in head.rights if c.dep_ == "acl" and c.lower_ in _SEEN), None)
        by = next((c for c in seen.children if c.dep_ == "agent"), None) if seen is not None else None
        reader = next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None
        if head.lower_ not in cue_table().documents or seen is None or reader is None:
            return draft
        words = self.layout.trimmed(Run(draft.speaker.start, min(draft.speaker.end, seen.i)))
        return replace(draft, speaker=words, via=mention(self.layout, reader), via_head=reader.i)

    def _told(self, cue: Cue) -> Token | None:
        sentence = self.layout.sentence(cue.i)
        for i in range(cue.run.end, min(cue.run.end + _NEAR, sentence.end)):
            token = self.layout.tokens[i]
            if self.layout.inside[i] >= 0 or token.text in (",", ":", ".", ";") or token.tag_[0] == "V":
                return None
            if i in self._last_words or (token.pos_ == "PROPN" and token.lower_ in cue_table().outlets):
                before = self.layout.tokens[cue.run.start : i]
                return token if any(t.lower_ in _TOLD for t in before) else None
        return None
