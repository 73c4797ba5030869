"""A server like Geofabrik's, on this machine: whole or in ranges, and with the faults that real ones have."""

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Mirror:
    """Serves `files` by path; beside each `.osm.pbf` its `.md5`. Use it as a context manager."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.breaks_after: list[int] = []  # bytes after which the next answers to a big file break off
        self.takes_ranges = True
        self.asked: list[tuple[str, str]] = []  # path, Range
        self.sums: dict[str, str] = {}  # instead of the true ones
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def offer(self, *regions: str) -> None:
        """An index as the original's, with the original's addresses in it."""
        features = [
            {
                "type": "Feature",
                "properties": {
                    "id": region.rsplit("/", 1)[-1],
                    "name": region,
                    "urls": {"pbf": f"https://download.geofabrik.de/{region}-latest.osm.pbf"},
                },
            }
            for region in regions
        ]
        self.files["/index-v1-nogeom.json"] = json.dumps({"type": "FeatureCollection", "features": features}).encode()

    def ranges_of(self, path: str) -> list[str]:
        """Which parts of a file were asked for."""
        return [asked_range for asked, asked_range in self.asked if asked == path]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked_range = request.headers.get("Range", "")
        self.asked.append((request.path, asked_range))
        content = self.files.get(request.path)
        if content is None and request.path.endswith(".md5"):
            pbf = request.path.removesuffix(".md5")
            if pbf in self.files:
                true = hashlib.md5(self.files[pbf]).hexdigest()
                content = f"{self.sums.get(pbf, true)}  {pbf.rsplit('/', 1)[-1]}\n".encode()
        if content is None:
            request.send_error(404)
            return
        start = 0
        if self.takes_ranges and (found := re.fullmatch(r"bytes=(\d+)-", asked_range)):
            start = int(found[1])
            if start >= len(content):
                request.send_error(416)
                return
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        piece = content[start:]
        if self.breaks_after and request.path.endswith(".osm.pbf"):
            piece = piece[: self.breaks_after.pop(0)]
        request.wfile.write(piece)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
