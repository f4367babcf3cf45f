"""Bar charts as SVG made on the server; the table of the same figures stands behind each, in the template."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.site.words import month

MONTHS, FEW_MONTHS = 48, 18
"""How many with figures a wide and a narrow chart show; the table behind them has those of both."""
_HEIGHT = 120
_FOOT = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar and where it stands."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    tick: str
    """What stands under it; empty under most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What the template draws, in units of its view box."""

    width: int
    height: int
    base: int
    """Where the bars stand."""
    bars: tuple[Bar, ...]
    most: int
    total: int


def months_chart(figures: Sequence[tuple[str, int]], *, width: int = 720) -> Chart | None:
    """Figures by month as bars, months without figures as gaps; ``None`` if there is nothing to draw.

    The newest months that fit are drawn: a bar is at least 7 units wide.
    """
    known = [(code, value) for code, value in figures if code]
    if not known:
        return None
    wanted = dict(known)
    codes = _between(min(wanted), max(wanted))[-(width // 7) :]
    most = max((wanted.get(code, 0) for code in codes), default=0)
    step = width / len(codes)
    bars = tuple(_bar(code, wanted.get(code, 0), n, step, most, len(codes)) for n, code in enumerate(codes))
    return Chart(
        width=width, height=_HEIGHT, base=_HEIGHT - _FOOT, bars=bars, most=most, total=sum(bar.value for bar in bars)
    )


def _bar(code: str, value: int, n: int, step: float, most: int, number: int) -> Bar:
    room = _HEIGHT - _FOOT - 14
    height = round(room * value / most, 1) if most else 0.0
    width = min(step * 0.8, 48.0)
    is_ticked = number <= 6 or (code.endswith("-01") if number > 14 else n % 3 == 0)
    return Bar(
        label=month(code),
        value=value,
        x=round(n * step + (step - width) / 2, 1),
        y=round(_HEIGHT - _FOOT - height, 1),
        width=round(width, 1),
        height=height,
        tick=(code[:4] if number > 14 else f"{month(code)[:3]} {code[2:4]}") if is_ticked else "",
    )


def _between(first: str, last: str) -> list[str]:
    """Every month from the first to the last.

    >>> _between("2024-11", "2025-02")
    ['2024-11', '2024-12', '2025-01', '2025-02']
    """
    start, end = (int(code[:4]) * 12 + int(code[5:7]) - 1 for code in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1)]
