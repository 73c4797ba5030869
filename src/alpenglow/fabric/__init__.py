"""How do the parts talk?

One Zenoh session per process. Signals: publish, read, follow. Services: serve and call what a room declares in its
`api.py`. Identity and permissions: `identities.toml`, enforced by the router's access control and by the door.
"""

from alpenglow.fabric.actuation import Outcome
from alpenglow.fabric.endpoint import Endpoint
from alpenglow.fabric.errors import (
    BadArguments,
    Failed,
    NoProvider,
    NotPermitted,
    ServiceError,
    TimedOut,
)
from alpenglow.fabric.following import Changes, Streamed
from alpenglow.fabric.identities import Identities, Identity, load_identities
from alpenglow.fabric.service import Caller, Service, service, slow_service
from alpenglow.fabric.session import Fabric

__all__ = [
    "BadArguments",
    "Caller",
    "Changes",
    "Endpoint",
    "Fabric",
    "Failed",
    "Identities",
    "Identity",
    "NoProvider",
    "NotPermitted",
    "Outcome",
    "Service",
    "ServiceError",
    "Streamed",
    "TimedOut",
    "load_identities",
    "service",
    "slow_service",
]
