"""Whether reported words without marks tell a reader anything: "the claim" and "it of fraud" do not."""

from extract.components.quote_cues import Draft
from extract.components.quote_layout import Layout

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_PHRASES = frozenset({"object", "prepositional-phrase"})
_FEWEST_TELLING = 3  # content words in a phrase
_FEWEST_TO_DO = 2  # content words in "to stop every test"
_FEWEST_WITHOUT_VERB = 5  # words


def tells(layout: Layout, draft: Draft) -> bool:
    """Whether the draft has marks, is a clause, or is a phrase that stands for one."""
    tokens = [t for run in draft.runs for t in layout.tokens[run.start : run.end] if not t.is_punct and not t.is_space]
    if any(layout.inside[t.i] >= 0 for t in tokens):
        return True
    if draft.rule not in _PHRASES and any(t.tag_ in _FINITE or t.dep_ in _SUBJECTS for t in tokens):
        return True
    telling = sum(1 for t in tokens if not t.is_stop)
    if draft.rule not in _PHRASES:
        return telling >= _FEWEST_TO_DO
    has_verb = any(t.pos_ == "VERB" for t in tokens)
    return telling >= _FEWEST_TELLING and (has_verb or len(tokens) >= _FEWEST_WITHOUT_VERB)
