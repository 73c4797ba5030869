"""The endpoint that is set up: where it is, which model, with which key, within which limits.

Rules that always hold:
- the connection is encrypted and the certificate checked, but to this machine itself or where `insecure` says so;
- the key is in an environment variable or in a file that only its owner can read, never in the settings, and in no
  text that is logged, shown or recorded.
"""

import ipaddress
import os
import stat
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from .errors import BadEndpoint

type Seconds = Annotated[float, Meta(gt=0, le=600)]
type Bytes = Annotated[int, Meta(gt=0, le=1_000_000_000)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long and how much at most."""

    connect_s: Seconds = 5.0
    silence_s: Seconds = 15.0  # until the first byte, and between two
    total_s: Seconds = 60.0
    request_bytes: Bytes = 64_000  # of one question, as it leaves
    answer_bytes: Bytes = 1_000_000  # of one answer, as it comes
    daily_bytes: Bytes = 5_000_000  # that leave in a day (UTC)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of an endpoint that speaks the protocol of OpenAI's chat completions."""

    url: str  # up to, and without, /chat/completions
    model: str
    key_env: str = ""  # name of the environment variable that holds the key
    key_file: str = ""  # or a file, readable by its owner alone
    ca_file: str = ""  # the authority of a fleet's own gateway; "": those of the system
    insecure: bool = False  # permits http to another machine
    stream: bool = True
    schema_form: Literal["json_schema", "json_object"] = "json_schema"  # how it is told to answer in JSON
    limits: Limits = Limits()

    @property
    def recipient(self) -> str:
        """Host and port, as the ledger names them."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"

    @property
    def completions_url(self) -> str:
        return f"{self.url.rstrip('/')}/chat/completions"


def load_endpoint(path: Path) -> Endpoint:
    """Read the settings (TOML). Raises BadEndpoint."""
    try:
        endpoint = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Endpoint)
    except OSError as problem:
        raise BadEndpoint(f"cannot read {path}: {problem.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise BadEndpoint(f"{path}: {problem}") from None
    check(endpoint)
    return endpoint


def check(endpoint: Endpoint) -> None:
    """Raises BadEndpoint for an address that cannot or must not be used."""
    try:
        parts = urlsplit(endpoint.url)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        raise BadEndpoint(f"the endpoint's url is not one: {problem}") from None
    if parts.username is not None or parts.query or parts.fragment:
        raise BadEndpoint("the endpoint's url has a key or a query in it; put the key into key_env or key_file")
    if (
        parts.scheme not in ("http", "https")
        or not host
        or not endpoint.url.isascii()
        or not endpoint.url.isprintable()
    ):
        raise BadEndpoint("the endpoint's url must be https://HOST[:PORT]/PATH, in ASCII")
    if parts.scheme == "http" and not endpoint.insecure and not _is_loopback(host):
        raise BadEndpoint(f"http to {host} would send everything in the clear; use https, or say insecure = true")
    if not endpoint.model:
        raise BadEndpoint("the endpoint needs a model")


def read_key(endpoint: Endpoint) -> str:
    """The key; "" where the settings name none. Raises BadEndpoint."""
    key = ""
    if endpoint.key_env:
        key = os.environ.get(endpoint.key_env, "").strip()
        if not key:
            raise BadEndpoint(f"the environment variable {endpoint.key_env} that should hold the key is not set")
    elif endpoint.key_file:
        key = _key_of(Path(endpoint.key_file).expanduser())
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadEndpoint(f"the key in {endpoint.key_env or endpoint.key_file} has signs that no key has")
    return key


def _key_of(path: Path) -> str:
    try:
        facts = path.stat()
        if facts.st_uid != os.getuid() or stat.S_IMODE(facts.st_mode) & 0o077:
            raise BadEndpoint(f"others can read the key in {path}; run chmod 600 on it, as its owner")
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadEndpoint(f"cannot read the key in {path}: {problem}") from None
    if not key:
        raise BadEndpoint(f"the key file {path} is empty")
    return key


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
