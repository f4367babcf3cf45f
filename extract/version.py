"""What a reading was made with, so that readings made otherwise are made again."""

import hashlib
from importlib.metadata import version
from importlib.resources import files

from extract.model import model_version


def extracted_with(model: str) -> str:
    """The versions of package and model, and a fingerprint of the code and the vocabulary that extraction runs on.

    Raises `ModelError` if there is no such model; does not load it.
    """
    return f"ai-blotter {version('ai-blotter')} ({_fingerprint()}), {model} {model_version(model)}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    package = files("extract")
    for folder in (package, package / "components", package / "lexicon"):
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith((".py", ".yml", ".json", ".csv", ".tsv")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
