"""Nouns of saying with what was said behind them: "the company's claim that it had stopped"."""

from collections.abc import Iterator

from extract.components.quote_cues import Draft, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention
from extract.components.tree import Token


def noun_drafts(layout: Layout) -> Iterator[Draft]:
    """What somebody's claim, warning, promise says; only where the noun has an owner."""
    nouns = cue_table().nouns
    for i in range(layout.body.start, layout.body.end):
        token = layout.tokens[i]
        if token.lower_ not in nouns or layout.inside[i] >= 0 or token.tag_[0] != "N":
            continue
        owner = next((c for c in token.children if c.dep_ == "poss" and layout.inside[c.i] < 0), None)
        clause = next((c for c in token.rights if _is_that_clause(c)), None)
        if owner is None or clause is None or clause.left_edge.i > i + 2:
            continue
        run = layout.trimmed(layout.whole(Run(clause.left_edge.i, clause.right_edge.i + 1)))
        yield Draft(
            runs=(run,),
            cue_run=Run(i, i + 1),
            speaker=_without_case(layout, mention(layout, owner)),
            speaker_head=owner.i,
            rule="noun",
            confidence=0.65,
        )


def _is_that_clause(token: Token) -> bool:
    return token.dep_ in ("acl", "ccomp", "relcl") and any(
        c.dep_ == "mark" and c.lower_ == "that" for c in token.children
    )


def _without_case(layout: Layout, run: Run) -> Run:
    last = layout.tokens[run.end - 1]
    return Run(run.start, run.end - 1) if last.tag_ == "POS" else run
