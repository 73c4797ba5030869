"""Getting an extract of OpenStreetMap from Geofabrik or a mirror of it: resumed where it stopped, kept only when whole.

A region is its path on the server (`europe/andorra`) or its name there (`andorra`), which the server's index resolves.
The server gives each extract's MD5 beside it. What has arrived is kept with that sum, so that a download of yesterday
is never continued with the data of today.
"""

import contextlib
import hashlib
import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.navigation.region.problems import RegionError

GEOFABRIK = "https://download.geofabrik.de"

type Report = Callable[[int, int], None]  # bytes that are here, bytes in all

_INDEX = "index-v1-nogeom.json"
_CHUNK = 1 << 18
_SILENCE_S = 20.0
_TRIES = 5  # connections that may break off one after another without bringing anything
_MOST_INDEX_BYTES = 32 << 20


def fetch(region: str, folder: Path, base: str = GEOFABRIK, report: Report = lambda done, total: None) -> Path:
    """The extract of `region` as a file in `folder`. Blocks. Raises RegionError, OSError for the disk."""
    url = _address(region.strip().strip("/").lower(), base.rstrip("/"))
    folder.mkdir(exist_ok=True)
    whole = folder / Path(urllib.parse.urlsplit(url).path).name
    expected = _checksum(url)
    if whole.is_file() and _md5(whole) == expected:
        return whole
    part = whole.with_name(f"{whole.name}.{expected[:12]}.part")
    for old in folder.glob(f"{whole.name}.*.part"):
        if old != part:
            old.unlink(missing_ok=True)  # of data that is no longer offered
    resumed = part.exists()
    _download(url, part, report)
    if _md5(part) != expected:
        part.unlink()
        if resumed:  # what lay there may have been spoilt by a power cut
            _download(url, part, report)
        if not part.exists() or _md5(part) != expected:
            part.unlink(missing_ok=True)
            raise RegionError(
                f"{url}: what arrived is not what the server's MD5 says; nothing of it was kept, try again"
            )
    part.replace(whole)
    return whole


def _address(region: str, base: str) -> str:
    if not region:
        raise RegionError("which region? For instance andorra, or europe/andorra")
    if "/" in region:
        return f"{base}/{urllib.parse.quote(region)}-latest.osm.pbf"
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for feature in _index(base):
        about: Any = feature.get("properties", {})
        if isinstance(about.get("id"), str) and isinstance(about.get("urls", {}).get("pbf"), str):
            known[about["id"].lower()] = about["urls"]["pbf"]
    found = known.get(region) or next((url for name, url in known.items() if name.endswith(f"/{region}")), None)
    if found is None:
        near = get_close_matches(region, known, n=3)
        raise RegionError(f"{base}: has no region {region!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))
    return base + urllib.parse.urlsplit(found).path  # the index of a mirror names the original's addresses


def _index(base: str) -> list[dict[str, Any]]:
    content = _get(f"{base}/{_INDEX}", _MOST_INDEX_BYTES)
    with contextlib.suppress(msgspec.DecodeError, KeyError, TypeError):
        features = msgspec.json.decode(content)["features"]
        if isinstance(features, list):
            return [feature for feature in features if isinstance(feature, dict)]
    raise RegionError(f"{base}/{_INDEX}: cannot be read; name the region by its path, like europe/andorra")


def _checksum(url: str) -> str:
    words = _get(f"{url}.md5", 4096).decode("ascii", "replace").split()
    if not words or len(words[0]) != 32 or not all(sign in "0123456789abcdef" for sign in words[0].lower()):
        raise RegionError(f"{url}.md5: is no MD5 sum, so nothing can be checked")
    return words[0].lower()


def _get(url: str, most_bytes: int) -> bytes:
    try:
        with _open(url) as answer:
            content: bytes = answer.read(most_bytes)
            return content
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.NOT_FOUND:
            raise RegionError(f"{url}: there is no such region; `alpenglow map fetch europe/andorra` is one") from None
        raise RegionError(f"{url}: the server answered {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RegionError(f"{url}: cannot be reached: {_reason(error)}") from None


def _open(url: str, start: int = 0) -> http.client.HTTPResponse:
    headers = {"User-Agent": "alpenglow", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("an address begins with https:// or http://")
    answer: http.client.HTTPResponse = urllib.request.urlopen(
        urllib.request.Request(url, headers=headers), timeout=_SILENCE_S
    )
    return answer


def _download(url: str, part: Path, report: Report) -> None:
    """Until it is whole; connections that break off are taken up again. OSError for the disk."""
    fruitless = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            if _take(url, part, before, report):
                return
            reason = "the connection broke off"
        except urllib.error.HTTPError as error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return  # everything is here; the sum will tell
            raise RegionError(f"{url}: the server answered {error.code}") from None
        except _Broken as error:
            reason = str(error)
        fruitless = 0 if part.exists() and part.stat().st_size > before else fruitless + 1
        if fruitless >= _TRIES:
            raise RegionError(f"{url}: {reason}; what has arrived is kept, the same command goes on")


class _Broken(Exception):
    pass


def _take(url: str, part: Path, start: int, report: Report) -> bool:
    """One connection; whether all of it has come."""
    try:
        answer = _open(url, start)
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Broken(f"cannot be reached: {_reason(error)}") from None
    with answer:
        if start and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            start = 0
        length = answer.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else 0
        have = start
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            while True:
                try:
                    piece = answer.read(_CHUNK)
                except (OSError, http.client.HTTPException) as error:
                    raise _Broken(f"broke off after {have:,} bytes: {_reason(error)}") from None
                if not piece:
                    break
                file.write(piece)
                have += len(piece)
                report(have, total)
    return total == 0 or have >= total


def _md5(path: Path) -> str:
    with path.open("rb") as file:  # what the server gives; it guards against accidents, not against people
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
