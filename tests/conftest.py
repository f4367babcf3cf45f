"""What many tests look at and none changes, made once."""

import shutil
import subprocess
from pathlib import Path

import pytest
from commands import blotter


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The home of the demo, and what the command said. To be read only."""
    folder = tmp_path_factory.mktemp("demo")
    home = folder / "home"
    done = blotter("demo", "--no-serve", "--home", home, home=home, cwd=folder)
    assert done.returncode == 0, done.stderr
    return home, done


@pytest.fixture(scope="session")
def demo_home(demo_run: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """The home of the demo. To be read only."""
    return demo_run[0]


@pytest.fixture
def own_demo_home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo's home, to be changed as one likes."""
    return Path(shutil.copytree(demo_home, tmp_path / "home", symlinks=True))
