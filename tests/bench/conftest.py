"""One run of the benchmarks: its figures are printed as a table, kept as JSON and drawn as SVG in ``build/``."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from figures import Bench, picture

collect_ignore = ["train_pairs.py", "train_reader.py"]  # programs, with requirements of their own: the extra `train`
OUT = Path(__file__).parent.parent.parent / "build"


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    taken = Bench()
    yield taken
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_text(json.dumps([asdict(f) for f in taken.figures], indent=1), "utf-8")
    (OUT / "bench.svg").write_text(picture(taken.figures), "utf-8")
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    reporter.write_line("")
    for line in taken.lines():
        reporter.write_line(line)
