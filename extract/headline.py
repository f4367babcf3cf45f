"""Headlines In Title Case, lowered for the parser, whose every capital it would else take for a name."""

import re
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SHOUTING = 0.6  # of the longer words with a capital: less is an ordinary sentence
_LONG = 4  # letters; shorter words are lowered in most styles of title case, so they tell nothing


def lowered(title: str, body: str, is_name: Callable[[int, int], bool]) -> str:
    """The title with its words in lower case, of the same length, but for the first and for names.

    A name is what ``is_name`` says of the word's first character and the one after its last, what has capitals
    inside, and what the body writes with a capital within a sentence.

    >>> lowered("Court Fines Acme Over Copied Books", "The books that Acme copied", lambda start, end: False)
    'Court fines Acme over copied books'
    """
    words = list(_WORD.finditer(title))
    if not _is_title_case([word.group() for word in words]):
        return title
    letters = list(title)
    for word in words[1:]:
        text = word.group()
        if text.istitle() and not is_name(*word.span()) and not _is_name_in(body, text):
            letters[word.start()] = text[0].lower()
            for i in (i for i, c in enumerate(text) if c.isupper() and text[i - 1] == "-"):
                letters[word.start() + i] = text[i].lower()
    return "".join(letters)


def _is_title_case(words: list[str]) -> bool:
    long = [word for word in words[1:] if len(word) >= _LONG]
    return len(long) > 1 and sum(word[0].isupper() for word in long) > _SHOUTING * len(long)


def _is_name_in(body: str, word: str) -> bool:
    """Whether the body has it with a capital after a word in lower case, and never wholly in lower case."""
    bare = re.escape(re.sub(r"['’]s?$", "", word))
    return bool(re.search(rf"[a-z,] {bare}\b", body)) and not re.search(rf"\b{bare.lower()}\b", body)
