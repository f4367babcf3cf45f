"""An article's claims with their weights, for whoever asks why it says what it says."""

from spacy.tokens import Doc

from extract.components.violations import ViolationFinder
from extract.components.weighing import matters


def claim_view(finder: ViolationFinder, doc: Doc) -> str:
    """One line a claim (weight, status, frame, trigger, violators, enforcers, rule) and one a matter."""
    scene = finder.scene(doc)
    claims = finder.claims(scene)
    lines = []
    for c in claims:
        names = ", ".join(a.name for a in c.violators) or "-"
        by = ", ".join(a.name for a in c.enforcers) or "-"
        rule = f"{c.rules[0].words} ({c.rules[0].type}, {c.rules[0].strength})" if c.rules else "-"
        place = "title" if c.in_title else f"s{c.sentence}"
        lines.append(
            f"{c.weight:4.1f} {c.status:19} {c.frame:16} {place:5} {doc[c.start : c.end].text!r}: {names} | by"
            f" {by} | {rule}"
        )
    for m in matters(claims, scene, finder.lexicon):
        names = ", ".join(a.name for a in m.violators)
        lines.append(f"  => {m.weight:.1f} {names}: {m.type}, {m.rule.words if m.rule else None!r}, {m.status}")
    return "\n".join(lines)
