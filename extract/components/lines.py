"""Line breaks end sentences: a heading or a paragraph never runs into the next."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.component("blotter_lines", assigns=["token.is_sent_start"])
def mark_lines(doc: Doc) -> Doc:
    """The Doc with a sentence start after every line break, before the parser decides on the others."""
    after_break = False
    for token in doc:
        if token.is_space:
            after_break = after_break or "\n" in token.text
        elif after_break:
            token.is_sent_start = True
            after_break = False
    return doc
