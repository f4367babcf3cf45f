"""Datasette on one published file, with every setting it needs: those in metadata.yml it would ignore."""

import os
import sys
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from data.metadata import load_metadata, site_path
from data.serve import SERVED, SETTINGS

_TURN = 0.0001
"""Seconds after which a thread at work lets another one go on, a fiftieth of the usual: each row that a query finds
waits for a turn, and a page has a hundred of them."""
_VALUES = {"on": True, "off": False}


def datasette(file: Path) -> Datasette:
    """It, not yet started."""
    settings: dict[str, Any] = {
        name: _VALUES.get(value, int(value) if value.isdigit() else value) for name, value in SETTINGS.items()
    }
    return Datasette(
        [], immutables=[str(file)], metadata=load_metadata(), settings=settings,
        template_dir=str(site_path("templates")), plugins_dir=str(site_path("plugins")),
        static_mounts=[("static", str(site_path("static")))],
    )  # fmt: skip


def app() -> Any:
    """What one process serves: the file that the environment names."""
    sys.setswitchinterval(_TURN)
    return datasette(Path(os.environ[SERVED])).app()
