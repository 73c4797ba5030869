"""Where the fabric is, and what that means for Zenoh: router or client, passwords, certificates, access control."""

from typing import Any

import msgspec

from alpenglow.fabric.identities import Identities


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the fabric is and how to prove who one is.

    Addresses are Zenoh locators: `unixsock-stream//run/alpenglow/fabric.sock`, `tcp/127.0.0.1:7447`,
    `tls/192.0.2.1:7447`. `listen` and `users` (identity → password) are the router's.
    """

    connect: tuple[str, ...] = ()
    listen: tuple[str, ...] = ()
    secret: str = ""
    users_file: str = ""
    tls_ca: str = ""
    tls_certificate: str = ""
    tls_key: str = ""


def zenoh_config(identity: str, endpoint: Endpoint, identities: Identities) -> dict[str, Any]:
    """Zenoh's configuration of a process: a router where it listens, else a client."""
    router = bool(endpoint.listen)
    usrpwd: dict[str, Any] = {"user": identity, "password": endpoint.secret}
    if endpoint.users_file:
        usrpwd["dictionary_file"] = endpoint.users_file
    config: dict[str, Any] = {
        "mode": "router" if router else "client",
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
        "transport": {
            "auth": {"usrpwd": usrpwd},
            # A peer that is cut off (a stopped process, a pulled cable) is let go after two seconds.
            # Queues of 8 rather than 2 batches of 64 KiB, since a burst is dropped rather than waited for.
            "link": {"tx": {"lease": 2000, "keep_alive": 4, "queue": {"size": {"real_time": 8, "data": 8}}}},
        },
    }
    if endpoint.tls_ca:
        config["transport"]["link"]["tls"] = {
            "root_ca_certificate": endpoint.tls_ca,
            "enable_mtls": True,
            "listen_certificate": endpoint.tls_certificate,
            "listen_private_key": endpoint.tls_key,
            "connect_certificate": endpoint.tls_certificate,
            "connect_private_key": endpoint.tls_key,
        }
    if router:
        config["listen"] = {"endpoints": list(endpoint.listen), "exit_on_failure": True}
        config["access_control"] = identities.access_control()
        config["downsampling"] = identities.downsampling()
        config["low_pass_filter"] = identities.low_pass_filter()
    else:
        config["connect"] = {
            "endpoints": list(endpoint.connect),
            "timeout_ms": 1000,  # the router may start later than we: Fabric.open asks again
            "exit_on_failure": True,
            "retry": {"period_init_ms": 20, "period_max_ms": 200, "period_increase_factor": 1.5},
        }
    return config
