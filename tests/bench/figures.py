"""The figures of one benchmark run, each with its bound, and how processor time is compared."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure and its bound."""

    name: str
    value: float
    bound: float | None
    """``None`` if the figure is told for comparison alone."""
    unit: str
    at_most: bool = True

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.value <= self.bound if self.at_most else self.value >= self.bound


class Bench:
    """Takes figures, asserts their bounds, and tells them all at the end."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def at_most(self, name: str, value: float, bound: float, unit: str = "×") -> None:
        """Note a figure that must not be above its bound."""
        self._add(Figure(name, value, bound, unit, True))

    def at_least(self, name: str, value: float, bound: float, unit: str = "×") -> None:
        """Note a figure that must not be below its bound."""
        self._add(Figure(name, value, bound, unit, False))

    def note(self, name: str, value: float, unit: str, *, at_most: float | None = None) -> None:
        """Take a figure and leave it to the test to judge it, or take one that has no bound."""
        self.figures.append(Figure(name, value, at_most, unit))

    def _add(self, figure: Figure) -> None:
        self.figures.append(figure)
        sign = "≤" if figure.at_most else "≥"
        assert figure.holds, f"{figure.name}: {figure.value:.3g} {figure.unit}, bound {sign} {figure.bound:g}"

    def lines(self) -> Iterator[str]:
        for f in self.figures:
            bound = (
                "" if f.bound is None else f"{'≤' if f.at_most else '≥'} {f.bound:<8g} {'ok' if f.holds else 'MISSED'}"
            )
            yield f"{f.name:<58} {f.value:>9.3g} {f.unit:<5} {bound}".rstrip()


def paired(one: Callable[[], object], other: Callable[[], object], rounds: int = 3) -> float:
    """Median over alternating rounds of the processor time of ``one`` as a multiple of that of ``other``."""
    return statistics.median(cpu(one) / cpu(other) for _ in range(rounds))


def cpu(work: Callable[[], object]) -> float:
    """Processor seconds of this process for one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def picture(figures: list[Figure]) -> str:
    """A bar a figure that has a bound, as its share of the bound; the line is the bound."""
    bounded = [(figure, figure.bound) for figure in figures if figure.bound is not None]
    height = 26 * len(bounded) + 20
    rows = "".join(_bar(n, figure, bound) for n, (figure, bound) in enumerate(bounded))
    line = f'<line x1="660" x2="660" y1="6" y2="{height - 10}" stroke="#900"/>'
    font = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="860" height="{height}" {font}>'
    return f"{head}<title>Figures as shares of their bounds</title>{rows}{line}</svg>"


def _bar(n: int, figure: Figure, bound: float) -> str:
    y, share = 26 * n + 12, min(figure.value / bound, 1.6)
    fill = "#1f4e79" if figure.holds else "#b04a00"
    label = f'<text x="400" y="{y + 13}" text-anchor="end">{escape(figure.name)}</text>'
    bar = f'<rect x="410" y="{y}" width="{250 * share:.0f}" height="17" fill="{fill}"/>'
    return f'{label}{bar}<text x="{418 + 250 * share:.0f}" y="{y + 13}">{figure.value:.3g} {escape(figure.unit)}</text>'
