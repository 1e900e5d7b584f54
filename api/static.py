"""The console's files at ``/``: hashed assets kept for ever, the page itself asked for anew each time.

A path without a file is one of the console's own pages (``/residents/12``), and gets ``index.html``; a missing asset
does not, or a browser would take HTML for a script after an update.
"""

import re
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.errors import Refusal, not_found

#: esbuild writes ``name-HASH.ext`` (8 letters and digits): the name changes with the content.
_HASHED = re.compile(r"[-.][A-Za-z0-9_]{8,}\.[a-z0-9]+$")
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Shouwang 守望</title>
<h1>Shouwang 守望</h1>
<p>The platform is running, but its console has not been built. Run <code>make install</code> and reload this page.</p>
<p lang="zh">平台已在运行，但控制台尚未构建。请运行 <code>make install</code>，然后刷新本页。</p>
</html>
"""


def install(app: FastAPI, console_dir: Path | None) -> None:
    """Serve the console below every path that no route has taken; call it last."""
    root = console_dir.resolve() if console_dir else None

    async def console(request: Request) -> Response:
        """Serve a file of the console, or its page."""
        path = request.path_params["path"]
        if path == "api" or path.startswith("api/"):
            raise not_found("call")
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, "method_not_allowed", "Pages can only be read.", headers={"Allow": "GET, HEAD"})
        return _file_or_page(root, path)

    app.add_api_route(
        "/{path:path}", console, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )


def _file_or_page(root: Path | None, path: str) -> Response:
    if root is None or not (root / "index.html").is_file():
        return HTMLResponse(_NOT_BUILT, 503, headers={"Cache-Control": "no-store"})
    file = _inside(root, path)
    if file is not None:
        caching = _FOR_EVER if _HASHED.search(file.name) else _ASK_EACH_TIME
        return FileResponse(file, headers={"Cache-Control": caching})
    if path != "index.html" and "." in path.rsplit("/", 1)[-1]:
        raise not_found("file")
    return FileResponse(root / "index.html", headers={"Cache-Control": _ASK_EACH_TIME})


def _inside(root: Path, path: str) -> Path | None:
    """Return the file at ``path`` when there is one and it lies inside ``root``, symbolic links followed."""
    if not path or "\0" in path:
        return None
    file = (root / path).resolve()
    return file if file.is_relative_to(root) and file.is_file() and file != root / "index.html" else None
