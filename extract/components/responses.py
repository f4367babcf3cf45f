"""How somebody answers what is said of him: a denial, an appeal, an apology, obedience, silence."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extract.components.tree import Stretch
from extract.facts import Span

_HE_WHO = re.compile(
    r"\b(?:he|she|it|they|the (?:company|firm|start-?up|agency|group|platform|maker|developer|lawyer|student"
    r"|defendant|bank|ministry|police|force|founder|airline|chain)|both|his|her|its|a spokes\w+)\b",
    re.IGNORECASE,
)
_SILENCE = "no_comment"  # an answer in words says more
Response = tuple[str, re.Pattern[str]]
# In small letters.
_RESPONSES: tuple[Response, ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            "appealed",
            r"\b(?:(?:will|would|plans? to|planned to|intends? to|vow(?:s|ed) to|is going to|has|have|said it"
            r" (?:would|will)|is) (?:be )?appeal(?:ed|ing)?|appealed|appeals (?:the|against)|filed an appeal"
            r"|(?:has |had )?(?:lodged|announced) an appeal|lodge[sd]? (?:a notice of|its|an) appeal"
            r"|seek leave to appeal|move for a new trial"
            r"|challenge the (?:ruling|fine|decision|verdict|penalty|order))\b",
        ),
        (
            "apologised",
            r"\bapologi[sz](?:e|es|ed|ing)\b|\bregret(?:s|ted) (?:the|what|its|that|any)\b"
            r"|\bsaid (?:it|he|she) (?:was|is) sorry\b",
        ),
        (
            "denied",
            r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed)? the (?:claims?|allegations?|accusations?|charges?"
            r"|findings?)|reject(?:s|ed)? (?:any|all)|disput(?:es|ed)|without admitting|(?:neither|did not|does"
            r" not) admits? |did not admit|admitted no|denies|refut(?:es|ed)|plead(?:ed|s)? not guilty|plea of not"
            r" guilty|political theatre|respected every|without merit|baseless|meritless|unfounded|disagree[sd]?"
            r"|groundless|incoherent|not true|did nothing wrong)\b",
        ),
        (
            "complied",
            r"\b(?:(?:has|have|had) (?:since )?(?:complied|removed|deleted|changed|stopped|taken down|fixed)"
            r"|complied with|will comply"
            r"|accept(?:s|ed)? the (?:decision|ruling|fine|penalty|verdict|judge?ment|findings)"
            r"|respect(?:s|ed) the"
            r" (?:decision|ruling|verdict)|agreed to (?:change|delete|stop|remove|comply)|said it (?:had|has)"
            r" (?:removed|changed|stopped|deleted|fixed))\b",
        ),
        (
            "no_comment",
            r"\b(?:declined to comment|did(?: not|n['’]t) (?:immediately )?(?:respond|reply|return|answer|comment)"
            r"|(?:has|have) not (?:yet )?(?:responded|commented|replied)|could not be reached|could not comment"
            r"|cannot comment|had no comment|refused to comment|would not comment|no comment)\b",
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response and its words."""

    kind: str
    words: Span


@dataclass(frozen=True, slots=True)
class Said:
    """What sounds like an answer, whoever gives it, and the number of its sentence."""

    kind: str
    sentence: int
    start: int
    end: int
    """Characters of the sentence."""


def responses(sentences: Iterable[tuple[int, str]]) -> list[Said]:
    """What sounds like an answer in sentences with their numbers, in small letters, by kind."""
    each = list(sentences)
    return [
        Said(kind, n, *match.span())
        for kind, pattern in _RESPONSES
        for n, text in each
        if (match := pattern.search(text))
    ]


def answer(
    told: Sequence[Said], sentences: Sequence[Stretch], names: Sequence[str], is_ours: Callable[[Stretch], bool]
) -> Answer | None:
    """Which of them is that of those named: in words before silence, beside a name before beside a pronoun."""
    for is_silence in (False, True):
        found = [said for said in told if (said.kind == _SILENCE) == is_silence]
        for is_named in (True, False):
            for said in found:
                span = sentences[said.sentence]
                if _is_his(said, span, names if is_named else (), is_ours):
                    start, end = span.start_char + said.start, span.start_char + said.end
                    words = Span(start_char=start, end_char=end, words=span.doc.text[start:end], role="response")
                    return Answer(kind=said.kind, words=words)
    return None


def _is_his(said: Said, span: Stretch, names: Sequence[str], is_ours: Callable[[Stretch], bool]) -> bool:
    """Does the sentence name him or, without names, speak of "it" or "the company" and of no other firm?"""
    text = span.text
    before = text[: said.start]
    if names:
        return any(n in (before if said.kind == "complied" else text) for n in names)
    return _HE_WHO.search(before) is not None and is_ours(span)
