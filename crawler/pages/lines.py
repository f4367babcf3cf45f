"""Lines put together again: sentences that inline links broke, and words wrapped to a width."""

import re
from collections.abc import Sequence
from statistics import median

ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
"""A line that is finished."""
GOES_ON = re.compile(r"^(?:[a-zà-öø-ÿ]|[,;.)\]]|[’'](?:s\b|\s))")
"""A line that cannot stand alone."""
READ_WHOLE = r"read\s+(?:the\s+)?(?:entire|full|original|whole)\s+(?:article|story|post)"
"""How a link leads from a copy to the original."""
SIGN_OFF = re.compile(
    rf"\W*(?:(?:article|story|news|content)\s+(?:from|source)\s*:|{READ_WHOLE}|to remove this article|"
    r"removal request\b)",
    re.I,
)
"""A line with which a site that copied an article takes over."""
# Words after which no heading and no sentence ends.
_LEADS_ON = re.compile(
    r"(?:,|\(|\b(?:a|an|the|of|to|in|on|by|at|for|from|with|and|or|but|as|is|are|was|were|has|have|had|be|been|that|which|"
    r"who|whose|its|their|his|her|called|named|codenamed|dubbed|than|into|over|under|about|between|through))$",
    re.I,
)


def glued(first: str, second: str) -> str:
    """Two pieces of one sentence, with a space between them where one belongs.

    >>> glued("ByteExample", "’s account"), glued("has sued", "Bolt")
    ('ByteExample’s account', 'has sued Bolt')
    """
    return first + ("" if re.match(r"[,;.)\]’']", second) else " ") + second


def rejoined(lines: Sequence[str]) -> list[str]:
    """Lines with the pieces of a sentence that inline links broke put together again; the first is a title.

    >>> rejoined(["Title", "Acme", "has sued", "Bolt", "’s maker over a robot.", "What next", "Nobody knows."])
    ['Title', 'Acme has sued Bolt’s maker over a robot.', 'What next', 'Nobody knows.']
    """
    joined: list[str] = []
    is_open = False
    for n, line in enumerate(lines):
        goes_on = bool(joined and GOES_ON.match(line) and not ENDS.search(joined[-1]))
        if n > 1 and (goes_on or is_open):
            joined[-1] = glued(joined[-1], line)
        else:
            joined.append(line)
        is_open = _is_open(joined[-1], line)
    return joined


def _is_open(paragraph: str, last: str) -> bool:
    """Whether a paragraph cannot end here, because its last piece is the middle of a sentence."""
    if ENDS.search(paragraph) or re.match(r"[-*•] |\d+[.)] ", paragraph):
        return False
    inside = re.search(r"[.!?][”\"’)]*\s+[A-Z“\"]", paragraph) and len(paragraph) > 60
    return bool(inside or _LEADS_ON.search(paragraph) or (GOES_ON.match(last) and paragraph != last))


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Lines of a text that was wrapped to a width, joined to paragraphs; of other texts the lines not empty."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    inner = [line for group in groups for line in group[:-1]]
    unfinished = sum(not ENDS.search(line) for line in inner)
    if len(inner) >= 4 and 45 <= median(map(len, inner)) <= 100 and unfinished > 0.7 * len(inner):
        return [" ".join(group) for group in groups if group]
    return [line for group in groups for line in group]
