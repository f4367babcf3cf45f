"""One page after another within a process: two that are made at once take longer than one after the other.

Each row that a query finds waits for the other threads of the process, and those of a page at work have no time.
"""

import asyncio
from collections.abc import Awaitable, Callable

_PATIENCE = 0.1
"""Seconds after which the next page is begun beside one that is not made yet: no slow page holds up the rest."""
_FEW = 5
"""So many may wait for as long; of more, all wait as long together as so many would, or fifty slow pages take five
seconds to begin."""


class Turns:
    """Whose turn it is, in the order in which they came."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._holder: object = None
        self._began = 0.0
        self._late: asyncio.TimerHandle | None = None

    async def take(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for a turn, and do the work."""
        self._waiting += 1
        if self._waiting > _FEW:
            self._set_end()
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        mine = self._holder = object()
        self._began = asyncio.get_running_loop().time()
        self._set_end()
        try:
            await work()
        finally:
            self._pass_on(mine)

    def _set_end(self) -> None:
        """The one at work passes its turn on by then, the sooner the more wait."""
        if self._late:
            self._late.cancel()
        if self._holder:
            end = self._began + self._patience * _FEW / max(_FEW, self._waiting)
            self._late = asyncio.get_running_loop().call_at(end, self._pass_on, self._holder)

    def _pass_on(self, holder: object) -> None:
        if self._holder is holder:
            self._holder = None
            self._turn.release()
