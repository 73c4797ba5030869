"""The TCP ports of the pages: found free before anything starts, or named with their holder."""

import contextlib
import errno
import random
import socket
from collections.abc import Iterable

from .problems import StackProblem

DEFAULT_BASE = 8700


def free_base(offsets: Iterable[int], host: str) -> int:
    """A base port such that base + each offset is free now, away from where the system picks its own."""
    wanted = tuple(offsets)
    # In any order: stacks that are started together must not all choose the first.
    for base in random.sample(bases := range(18_700, 32_000, 10), len(bases)):
        errors = {_bind_error(host, base + offset) for offset in wanted}
        if errors <= {None}:
            return base
        if errno.EADDRNOTAVAIL in errors:
            break
    check_free([18_700], host)
    raise StackProblem("no free ports between 18700 and 32000")


def check_free(ports: Iterable[int], host: str) -> None:
    """Raises StackProblem for the first port that cannot be bound, with the process that holds it."""
    for port in ports:
        number = _bind_error(host, port)
        if number == errno.EADDRINUSE:
            holder = holder_of(port) or "a process of another user"
            raise StackProblem(f"port {port} is in use by {holder}; stop it or choose others with --port N")
        if number == errno.EACCES:
            raise StackProblem(f"port {port} needs root; choose one above 1023 with --port N")
        if number == errno.EADDRNOTAVAIL:
            raise StackProblem(f"this computer has no address {host}; correct `address` in the platform file")
        if number is None:
            continue
        raise StackProblem(f"port {port} on {host} cannot be opened: {errno.errorcode.get(number, number)}")


def holder_of(port: int) -> str | None:
    """`name (pid N)` of the process that listens on a TCP port, where this user may see it."""
    import psutil  # only here: the supervisor stays small

    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
                if connection.pid is None:
                    return None
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    return None


def _bind_error(host: str, port: int) -> int | None:
    if not 0 < port < 65536:
        raise StackProblem(f"port {port} does not exist; choose --port between 1 and 65533")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as problem:
            return problem.errno
    return None
