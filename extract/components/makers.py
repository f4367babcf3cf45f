"""The firm that a product's name begins with: Google in "Google Maps"."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span

from extract.components.annotations import LABELS
from extract.vocabulary import Lexicon, Record

_LONGEST = 3  # tokens of a firm's name inside a product's


def makers(entities: Iterable[Span], lexicon: Lexicon) -> Iterator[Span]:
    """The lexicon's firms inside the names of their products, which they do not overlap elsewhere."""
    for product in entities:
        if product.label_ == "PROJECT" and len(product) > 1:
            yield from _maker(product.doc, product, lexicon)


def _maker(doc: Doc, product: Span, lexicon: Lexicon) -> Iterator[Span]:
    """The longest beginning of the name that is its maker's, or that of a platform by the same maker."""
    owner = lexicon.owner_of(product.kb_id_)
    for end in range(min(product.end - 1, product.start + _LONGEST), product.start, -1):
        named = [lexicon.records[slug] for slug in lexicon.names.get(doc[product.start : end].text, ())]
        record = next((r for r in named if _is_maker(r, owner, product)), None)
        if record is not None:
            span = Span(doc, product.start, end, label=LABELS[record.kind], kb_id=record.slug)
            span._.name, span._.method = record.name, "maker-in-name"
            yield span
            return


def _is_maker(record: Record, owner: Record | None, product: Span) -> bool:
    """Whether the record owns the product; of a product whose owner nobody states, whether it is an organisation."""
    if owner is None:
        return record.kind in ("company", "authority")
    if record.kind == "company":
        return record.slug == owner.slug or owner.slug == record.parent or owner.parent == record.slug
    return record.subkind == "platform" and record.slug != product.kb_id_ and record.parent == owner.slug
