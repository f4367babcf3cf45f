"""Companies, projects, people, authorities, outlets and rules: found, linked, named."""

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from extract.components import annotations
from extract.components.known import KnownNames
from extract.vocabulary import Lexicon


@Language.factory("blotter_entities", requires=["doc.ents"], assigns=["doc.spans"])
def make_entities(nlp: Language, name: str) -> "EntityFinder":
    return EntityFinder(nlp)


class EntityFinder:
    """Fills ``doc.spans["entities"]`` and ``doc.spans["places"]``: the lexicon first, the model for the rest."""

    known: KnownNames

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def use_lexicon(self, lexicon: Lexicon) -> None:
        """Take the names to look for; once, before the first Doc."""
        self.lexicon = lexicon
        self.known = KnownNames(self.nlp, lexicon)

    def __call__(self, doc: Doc) -> Doc:
        known = [self._known(span) for span in self.known(doc)]
        taken = {token.i for span in known for token in span}
        unknown = [span for span in self._of_model(doc) if not taken & set(range(span.start, span.end))]
        doc.spans["places"] = [span for span in unknown if span.label_ == "GPE"]
        doc.spans["entities"] = filter_spans([*known, *(span for span in unknown if span.label_ != "GPE")])
        return doc

    def _known(self, span: Span) -> Span:
        record = self.lexicon.records[span.kb_id_]
        span = Span(span.doc, span.start, span.end, label=annotations.LABELS[record.kind], kb_id=record.slug)
        span._.name, span._.method, span._.is_public = record.name, "lexicon", True
        return span

    def _of_model(self, doc: Doc) -> Iterable[Span]:
        labels = {"ORG": "COMPANY", "PERSON": "PERSON", "GPE": "GPE", "PRODUCT": "PROJECT"}
        for ent in doc.ents:
            if ent.label_ not in labels:
                continue
            start, end = ent.start, ent.end
            while start < end and doc[start].lower_ in ("the", "a", "an"):
                start += 1
            while start < end and doc[end - 1].lower_ in ("'s", "’s", "'", "’"):
                end -= 1
            span = Span(doc, start, end, label=labels[ent.label_])
            if start < end and not span._.method:  # attributes belong to offsets: a known name may have set them
                span._.name, span._.method = span.text, "model"
                yield span
