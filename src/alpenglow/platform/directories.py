"""Where a stack lives: the run directory of one boot (sockets, secrets, log, status) and the state that stays.

The run directory belongs to this user alone (0700), since who can read a secret there is that process to the fabric.
One stack runs in a run directory: it holds the lock file, with its number inside, as long as it lives.
"""

import fcntl
import os
import stat
from pathlib import Path

from .problems import StackProblem

_LONGEST = 80  # leaves room in a unix socket's 107 bytes for the names inside


def default_run_dir() -> Path:
    """`$XDG_RUNTIME_DIR/alpenglow`, or below /tmp where there is none."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir() and os.access(runtime, os.W_OK):
        return Path(runtime) / "alpenglow"
    return Path(f"/tmp/alpenglow-{os.getuid()}")


def default_state_dir() -> Path:
    """`$XDG_STATE_HOME/alpenglow`, or `~/.local/state/alpenglow`."""
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "alpenglow"


def private_dir(path: Path) -> Path:
    """Make `path` a directory of this user that nobody else can look into. Raises StackProblem."""
    path = path.absolute()
    if len(os.fsencode(path)) > _LONGEST:
        raise StackProblem(f"{path} is too long for the unix sockets inside; use a shorter --run-dir")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        facts = path.lstat()
    except OSError as problem:
        raise StackProblem(f"cannot make the run directory {path}: {problem.strerror}") from None
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        raise StackProblem(f"{path} is not a directory of this user; remove it or use --run-dir")
    path.chmod(0o700)
    return path


def state_dir(path: Path) -> Path:
    """Make `path` the directory for what stays. Raises StackProblem."""
    path = path.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise StackProblem(f"cannot make the state directory {path}: {problem.strerror}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise StackProblem(f"cannot write to the state directory {path}")
    return path


def write_private(path: Path, content: bytes) -> None:
    """Replace a file by one that only this user can read, at once: readers see the old or the new one."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    scratch.replace(path)


class Lock:
    """Holds a run directory until closed. The kernel lets go of it when this process dies, however it dies."""

    def __init__(self, run_dir: Path) -> None:
        """Raises StackProblem naming the process that holds it."""
        self._descriptor = os.open(_lock_path(run_dir), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            raise StackProblem(
                f"Alpenglow runs already in {run_dir} (pid {pid}); stop it with `kill {pid}`, "
                "or start another one with --run-dir and --port"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def running_pid(run_dir: Path) -> int | None:
    """The process that holds the run directory, or None when none does."""
    try:
        descriptor = os.open(_lock_path(run_dir), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        number = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        return int(number) if number.isdigit() else None
    finally:
        os.close(descriptor)
    return None


def _lock_path(run_dir: Path) -> Path:
    return run_dir / "lock"
