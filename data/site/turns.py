"""One page after another within a process: two that are made at once take longer than one after the other.

Each row that a query finds waits for the other threads of the process, and those of a page at work have no time.
"""

import asyncio
from collections.abc import Awaitable, Callable

_PATIENCE = 0.1
"""Seconds after which the next page is begun beside one that is not made yet: no slow page holds up the rest."""


class Turns:
    """Whose turn it is, in the order in which they came."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._turn = asyncio.Lock()

    async def take(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for a turn, and do the work."""
        await self._turn.acquire()
        held = [self._turn]

        def pass_on() -> None:
            if held:
                held.pop().release()

        late = asyncio.get_running_loop().call_later(self._patience, pass_on)
        try:
            await work()
        finally:
            late.cancel()
            pass_on()
