"""What our components leave on a Doc, registered in one place.

``doc.spans["entities"]``: names that do not overlap, labelled COMPANY, PROJECT, PERSON, AUTHORITY, OUTLET, RULE or ORG;
``kb_id_`` is the slug of the lexicon's record, or "" for a name that it does not know. An unknown organisation is a
COMPANY or an AUTHORITY if the article says so, else an ORG, of unknown kind. ``doc.spans["makers"]``: the
firm inside a product's name, Google in "Google Maps". ``doc.spans["places"]``: countries, states, cities, labelled GPE.
"""

from spacy.tokens import Doc, Span

LABELS = {
    "company": "COMPANY",
    "project": "PROJECT",
    "person": "PERSON",
    "authority": "AUTHORITY",
    "outlet": "OUTLET",
    "rule": "RULE",
    "organisation": "ORG",
}
KINDS = {label: kind for kind, label in LABELS.items()}
ORGANISATIONS = frozenset({"COMPANY", "AUTHORITY", "OUTLET", "ORG"})

for _name, _default in (
    ("name", ""),  # the entity's full name: the record's, or the longest form in the article
    ("method", ""),  # lexicon, rule:…, surname, model
    ("role", None),  # of a person, in the article's words
    ("affiliation", None),  # name of the organisation the article ties a person to
    ("is_public", False),  # a person whom the lexicon knows or the article gives a public role
):
    Span.set_extension(_name, default=_default, force=True)

for _name in ("relations", "quotes", "violations"):  # facts with offsets into doc.text
    Doc.set_extension(_name, default=[], force=True)
Doc.set_extension("owners", default={}, force=True)  # by slug or name of a thing, slug or name of its owner
Doc.set_extension("body_start", default=0, force=True)  # where the body begins after the title
Doc.set_extension("tree", default=None, force=True)  # the parse in plain objects
Doc.set_extension("lemmatizer", default=None, force=True)  # of the model, for `lemmas.lemma` to ask
