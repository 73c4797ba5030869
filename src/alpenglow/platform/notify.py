"""The receiving end of systemd's notification protocol (sd_notify(3)), so that a room needs to know only one.

A message counts only when the kernel says (SO_PASSCRED, unix(7)) that the process it is about sent it:
a child of that process, or anybody else who can reach the socket, cannot keep a hung process alive.
"""

import array
import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

_CREDENTIALS = struct.Struct("iII")  # struct ucred: pid, uid, gid
_LONGEST_MESSAGE = 4096
_LONGEST_PATH = 107  # sun_path holds 108 bytes, the last one a zero


class NotifySocket:
    """A datagram socket at `path`. `on_message(pid, fields)` is called for each message while the loop runs."""

    def __init__(self, path: Path, on_message: Callable[[int, dict[str, str]], None]) -> None:
        if len(os.fsencode(path)) > _LONGEST_PATH:
            raise ValueError(f"{path} is too long for a unix socket; choose a shorter --run-dir")
        self.path = path
        self._on_message = on_message
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind(str(path))
        path.chmod(0o600)
        asyncio.get_running_loop().add_reader(self._socket, self.drain)

    def drain(self) -> None:
        """Take in every message that waits."""
        space = socket.CMSG_SPACE(_CREDENTIALS.size) + socket.CMSG_SPACE(16 * array.array("i").itemsize)
        for _ in range(1000):
            try:
                message, ancillary, _, _ = self._socket.recvmsg(_LONGEST_MESSAGE, space)
            except BlockingIOError:
                return
            pid = 0
            for level, kind, data in ancillary:
                if level != socket.SOL_SOCKET:
                    continue
                if kind == socket.SCM_CREDENTIALS and len(data) >= _CREDENTIALS.size:
                    pid = _CREDENTIALS.unpack_from(data)[0]
                elif kind == socket.SCM_RIGHTS:  # not asked for; kept open they would add up
                    for descriptor in array.array("i", data[: len(data) // 4 * 4]):
                        os.close(descriptor)
            lines = message.decode("utf-8", "replace").splitlines()
            self._on_message(pid, dict(line.split("=", 1) for line in lines if "=" in line))

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self.path.unlink(missing_ok=True)
