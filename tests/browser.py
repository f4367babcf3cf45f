"""A headless Chromium, driven over chromedriver's plain HTTP: what a reader sees, for the tests marked ``browser``."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
_OPENER = build_opener(ProxyHandler({}))


class BrowserError(Exception):
    """The browser refused a command."""


class Browser:
    """One window. The sessions of chromedriver speak W3C WebDriver."""

    def __init__(self, root: str, session: str) -> None:
        self._root, self._session = root, session

    def open(self, url: str) -> None:
        """Load a page and wait until it is complete."""
        self._call("POST", "url", {"url": url})

    def resize(self, width: int, height: int) -> None:
        """Lay the page out for a window of this size, whatever the least width of a real one."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._devtools("Emulation.setDeviceMetricsOverride", metrics)

    def dark(self, is_dark: bool) -> None:
        """Ask for the dark or the light colours."""
        feature = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self._devtools("Emulation.setEmulatedMedia", {"features": [feature]})

    def print_media(self, is_print: bool) -> None:
        """Lay out for paper, or for the screen again."""
        self._devtools("Emulation.setEmulatedMedia", {"media": "print" if is_print else ""})

    def run(self, script: str, *args: object) -> Any:
        """What a script returns; it runs as the body of a function."""
        return self._call("POST", "execute/sync", {"script": script, "args": list(args)})

    def wait(self, script: str, *args: object) -> Any:
        """What a script hands to the callback that is its last argument."""
        return self._call("POST", "execute/async", {"script": script, "args": list(args)})

    def press(self, key: str) -> None:
        """Press a key, such as ``\\ue004`` for Tab."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._call("POST", "actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def console(self) -> list[str]:
        """Errors and warnings since the last look."""
        entries = self._call("POST", "se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, path: Path, *, width: int = 1280, most: int = 6000) -> None:
        """Save the whole page as PNG, as far down as ``most``."""
        self.resize(width, 900)
        height = min(most, int(self.run("return document.documentElement.scrollHeight")))
        self.resize(width, max(height, 400))
        path.write_bytes(base64.b64decode(self._call("GET", "screenshot")))

    def close(self) -> None:
        """End the session."""
        self._call("DELETE", "")

    def _devtools(self, command: str, params: dict[str, Any]) -> Any:
        return self._call("POST", "goog/cdp/execute", {"cmd": command, "params": params})

    def _call(self, method: str, command: str, body: dict[str, Any] | None = None) -> Any:
        return _request(f"{self._root}/session/{self._session}/{command}".rstrip("/"), method, body)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A fresh browser; skips the test without one, or fails it where ``BLOTTER_NEEDS_BROWSER`` is set."""
    driver, binary = shutil.which("chromedriver"), shutil.which("chromium")
    if not (driver and binary):
        message = f"{'chromium' if driver else 'chromedriver'} is not installed (Debian: chromium, chromium-driver)"
        if os.environ.get("BLOTTER_NEEDS_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="blotter-browser-", ignore_cleanup_errors=True))
        log = Path(folder) / "driver.log"
        output = stack.enter_context(log.open("wb"))
        process = subprocess.Popen([driver, "--port=0"], stdout=output, stderr=subprocess.STDOUT)
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        browser = _session(f"http://127.0.0.1:{_port(log, process)}", binary, folder)
        stack.callback(browser.close)
        yield browser


def _session(root: str, binary: str, folder: str) -> Browser:
    options = {"binary": binary, "args": [*ARGUMENTS, f"--user-data-dir={folder}/profile"]}
    wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
    found = _request(f"{root}/session", "POST", {"capabilities": {"alwaysMatch": wanted}})
    return Browser(root, found["sessionId"])


def _port(log: Path, process: subprocess.Popen[bytes]) -> int:
    """The port that chromedriver says it chose."""
    for _ in range(200):
        words = log.read_text("utf-8")
        if "successfully on port" in words:
            return int(words.split("successfully on port ")[1].split(".")[0])
        if process.poll() is not None:
            break
        time.sleep(0.05)  # a child of ours that starts; there is nothing to wait on but its log
    raise BrowserError(f"chromedriver did not start: {log.read_text('utf-8')}")


def _request(url: str, method: str, body: dict[str, Any] | None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = Request(url, data=data, method=method, headers={"content-type": "application/json"})
    try:
        with _OPENER.open(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except HTTPError as error:
        raise BrowserError(error.read().decode("utf-8", "replace")[:500]) from None


if __name__ == "__main__":  # python tests/browser.py FOLDER URL…: pictures of pages in both sizes
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for n, url in enumerate(sys.argv[2:]):
            browser.open(url)
            for name, (width, _) in SIZES.items():
                browser.picture(folder / f"{n:02}-{name}.png", width=width)
