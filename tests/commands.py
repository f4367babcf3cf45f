"""Running the installed command as a user does: another folder, another process."""

import os
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).parent.parent.parent / "shared"
"""Evaluation data, where it is."""


def blotter(
    *words: str | Path, home: Path, cwd: Path, stdin: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """What ``blotter WORDS`` printed, and its exit code."""
    command = [str(Path(sys.executable).with_name("blotter")), *map(str, words)]
    ours = ("BLOTTER_", "PYTHONDONTWRITEBYTECODE")  # a user's Python compiles a module once
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=300, check=False,
        env=environment | {"BLOTTER_HOME": str(home), **environ},
    )  # fmt: skip
