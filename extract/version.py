"""What a reading was made with, so that readings made otherwise are made again."""

import hashlib
from importlib.metadata import version
from importlib.resources import files

from spacy.language import Language


def extracted_with(nlp: Language) -> str:
    """The package's version, the model's, and a fingerprint of the vocabulary and the code that extraction runs on."""
    model = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    return f"ai-blotter {version('ai-blotter')} ({_fingerprint()}), {model}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    package = files("extract")
    for folder in (package, package / "components", package / "lexicon"):
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith((".py", ".yml")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
