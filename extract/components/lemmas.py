"""Lemmas of the few words that are asked for theirs, rather than of every word of every text."""

from spacy.language import Language
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc, Token

from extract.components import annotations  # noqa: F401  (registers doc._.lemmatizer)


@Language.factory("blotter_lemmas")
def make_lemmas(nlp: Language, name: str) -> "LazyLemmas":
    return LazyLemmas()


class LazyLemmas:
    """Leaves the model's lemmatiser on the Doc for `lemma` to ask."""

    def use_lemmatizer(self, lemmatizer: Lemmatizer) -> None:
        """Take the model's own; once, before the first Doc."""
        self._lemmatizer = lemmatizer

    def __call__(self, doc: Doc) -> Doc:
        doc._.lemmatizer = self._lemmatizer
        return doc


def lemma(token: Token) -> str:
    """The token's lemma, as the model has it."""
    lemmatizer: Lemmatizer | None = token.doc._.lemmatizer
    if token.lemma or lemmatizer is None:
        return str(token.lemma_)
    return str(lemmatizer.lemmatize(token)[0])
