"""Line breaks end sentences: a heading or a paragraph never runs into the next."""

from spacy.language import Language
from spacy.tokens import Doc


@Language.component("blotter_lines", assigns=["token.is_sent_start"])
def mark_lines(doc: Doc) -> Doc:
    """The Doc with a sentence start after every line break, before the parser decides on the others."""
    spaces = doc.to_array("IS_SPACE")
    last, after_break = -1, False
    for i in spaces.nonzero()[0].tolist():
        after_break = "\n" in doc[i].text or (after_break and i == last + 1)
        last = i
        if after_break and i + 1 < len(doc) and not spaces[i + 1]:
            doc[i + 1].is_sent_start = True
    return doc
