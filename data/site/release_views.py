"""The addresses of the releases: the list, the page of each, and its files."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Response

from data.site.desk import Desk
from data.site.downloads import FileAnswer, all_releases, one_release, release_file

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

Show = Callable[..., Awaitable[Response]]


def release_routes(desk: Desk, page: Show) -> list[tuple[str, Any]]:
    """Pattern and view of each address; ``page`` lays out a template."""

    async def every(request: "Request") -> Response:
        return await page(desk, request, "releases.html", releases=all_releases(_folder(desk)))

    async def one(request: "Request") -> Response:
        name = request.url_vars["name"]
        found = one_release(_folder(desk), name)
        if found is None:
            note = _folder(desk) / name / "WITHDRAWN.md"
            raise NotFound(note.read_text("utf-8") if note.is_file() else f"There is no release {name}")
        return await page(desk, request, "release.html", release=found)

    async def file(request: "Request") -> FileAnswer:
        path = release_file(_folder(desk), request.url_vars["path"])
        if path is None:
            raise NotFound("This release has no such file")
        return FileAnswer(path, request.headers.get("range", ""), request.method == "HEAD")

    return [
        (r"^/releases/?$", every),
        (r"^/releases/(?P<name>\d{4}-\d\d-\d\d\.\d+|latest)/?$", one),
        (r"^/releases/(?P<path>.+)$", file),
    ]


def _folder(desk: Desk) -> Path:
    """Beside the file that is served; the newsroom's own file has none."""
    path = desk.database.path if desk.database else None
    return Path(path or "/nowhere").parent / "releases"
