"""Identities and what each may publish, call and actuate: data from `identities.toml`, turned into access control.

Keys on the fabric, each of which names who sends on it, so that the router can hold every sender to its own:

    signals/<owner>                     batches of samples
    snapshot/<owner>/<caller>           all that an owner last said
    call/<room>/<function>/<caller>     a service
    write/<owner>/safety                actuation; `safety`, the door, is the only caller there is a rule for
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.signals import Catalogue

DOOR = "safety"  # the one identity whose writes an owner accepts
ROUTER = "safety"  # runs the router, so that the cluster needs no other process to be reached

_MESSAGE_LIMIT_BYTES = 1 << 20


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one identity may do."""

    provides: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    actuates: tuple[str, ...] = ()
    messages_per_s: float | None = None


class Identities:
    """All identities of one car."""

    def __init__(self, table: dict[str, Identity]) -> None:
        for name in table:
            if not name.replace("-", "").replace("_", "").isalnum():
                raise ValueError(f"identity {name!r}: letters, digits, - and _ only")
        self.table = table

    def owner_of(self, path: str) -> str | None:
        """The identity that provides `path`, or None."""
        best, owner = -1, None
        for name, identity in self.table.items():
            for branch in identity.provides:
                if _below(path, branch) and len(branch) > best:
                    best, owner = len(branch), name
        return owner

    def owners(self, catalogue: Catalogue) -> list[str | None]:
        """The owner of every signal, by index."""
        return [self.owner_of(signal.path) for signal in catalogue.signals]

    def may_call(self, name: str, service: str) -> bool:
        """Whether identity `name` may call `service` ("room.function")."""
        room = service.split(".")[0]
        return name in self.table and any(c in (service, f"{room}.*") for c in self.table[name].calls)

    def may_actuate(self, name: str, path: str) -> bool:
        """Whether identity `name` may ask the door to set `path`."""
        return name in self.table and any(_below(path, b) for b in self.table[name].actuates)

    def access_control(self) -> dict[str, Any]:
        """Zenoh's `access_control`: what each identity may send and receive; anything else is denied."""
        rules: list[dict[str, Any]] = []
        subjects: list[dict[str, Any]] = []
        policies: list[dict[str, Any]] = []

        def allow(rule: str, flow: str, messages: list[str], keys: list[str]) -> str:
            rules.append({"id": rule, "permission": "allow", "flows": [flow], "messages": messages, "key_exprs": keys})
            return rule

        for name, identity in self.table.items():
            if name == ROUTER:
                continue  # the router's own session is inside the wall
            own = [f"signals/{name}"]
            served = [f"call/{name}/*/*", f"write/{name}/{DOOR}", f"snapshot/{name}/*"]
            asked = [f"snapshot/*/{name}"]
            for call in identity.calls:
                room, _, function = call.partition(".")
                asked.append(f"call/{room}/{function}/{name}")
            chosen = [
                allow(f"{name}-follows", "ingress", ["declare_subscriber"], ["signals/*"]),
                allow(f"{name}-hears", "egress", ["put"], ["signals/*"]),
                allow(f"{name}-asks", "ingress", ["query"], asked),
                allow(f"{name}-is-answered", "egress", ["reply"], asked),
                allow(f"{name}-learns", "egress", ["declare_queryable", "declare_subscriber"], ["**"]),
            ]
            if identity.provides:
                chosen.append(allow(f"{name}-publishes", "ingress", ["put"], own))
            chosen += [
                allow(f"{name}-serves", "ingress", ["declare_queryable", "reply"], served),
                # A late starter asks all owners at once, with a wildcard, which no narrower rule would include.
                allow(f"{name}-is-asked", "egress", ["query"], [*served, "snapshot/*/*"]),
            ]
            # On this machine a password proves the identity; between machines a certificate must as well.
            subjects += [
                {"id": f"{name}-here", "usernames": [name], "link_protocols": ["unixsock-stream", "tcp"]},
                {"id": f"{name}-tls", "usernames": [name], "cert_common_names": [name]},
            ]
            policies.append({"rules": chosen, "subjects": [f"{name}-here", f"{name}-tls"]})
        return {
            "enabled": True,
            "default_permission": "deny",
            "rules": rules,
            "subjects": subjects,
            "policies": policies,
        }

    def downsampling(self) -> list[dict[str, Any]]:
        """Zenoh's `downsampling`: the router drops what an identity sends faster than its `messages_per_s`."""
        limits: list[dict[str, Any]] = []
        for name, identity in self.table.items():
            if identity.messages_per_s is None or name == ROUTER:
                continue
            rate = identity.messages_per_s
            for message, keys in {
                "put": [f"signals/{name}"],
                "query": [f"call/*/*/{name}", f"snapshot/*/{name}"],
            }.items():
                limits.append(
                    {
                        "id": f"{name}-{message}",
                        "flows": ["ingress"],
                        "messages": [message],
                        # Twice what senders pace themselves to, so that an honest one never loses anything.
                        "rules": [{"key_expr": key, "freq": 2 * rate} for key in keys],
                    }
                )
        return limits

    def low_pass_filter(self) -> list[dict[str, Any]]:
        """Zenoh's `low_pass_filter`: nothing larger than 1 MiB passes the router."""
        return [
            {
                "id": "size",
                "flows": ["ingress"],
                "messages": ["put", "query", "reply"],
                "key_exprs": ["**"],
                "size_limit": _MESSAGE_LIMIT_BYTES,
            }
        ]


def _below(path: str, branch: str) -> bool:
    return path == branch or path.startswith(branch + ".")


def load_identities(file: Path | None = None) -> Identities:
    """The identities in `file` (default: the ones that come with Alpenglow); ValueError says what is wrong."""
    text = files(__package__).joinpath("identities.toml").read_text() if file is None else file.read_text()
    try:
        return Identities(msgspec.toml.decode(text, type=dict[str, Identity]))
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError(f"{file or 'identities.toml'}: {error}") from None
