"""A small real process for the tests: says that it is ready, beats, and misbehaves when told to by its options.

Run as `python room.py BEHAVIOUR [ARGUMENT]`. It speaks the notification protocol by itself and needs nothing of ours.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

behaviour = sys.argv[1]
argument = sys.argv[2] if len(sys.argv) > 2 else ""
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
period_s = int(os.environ["WATCHDOG_USEC"]) / 4e6


def say(message: str) -> None:
    notify.sendto(message.encode(), os.environ["NOTIFY_SOCKET"])


def beat(seconds: float = 1e9) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        say("WATCHDOG=1")
        time.sleep(period_s)


def first_time() -> bool:
    """True in the first life of this process: the file named by the argument remembers."""
    try:
        Path(argument).touch(exist_ok=False)
        return True
    except FileExistsError:
        return False


def log(level: str, event: str) -> None:
    print(json.dumps({"level": level, "event": event, "number": 7}), file=sys.stderr, flush=True)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
match behaviour:
    case "steady":
        say("READY=1\nSTATUS=well")
        beat()
    case "crash once":
        say("READY=1")
        if first_time():
            print("Traceback: the last words", file=sys.stderr, flush=True)
            sys.exit(9)
        beat()
    case "crash always":
        print("cannot go on", file=sys.stderr, flush=True)
        sys.exit(9)
    case "ready, then crash":
        say("READY=1")
        sys.exit(9)
    case "wrong configuration":
        log("error", "line.toml: no such bus 'can7'")
        sys.exit(78)
    case "spin once":
        say("READY=1\nWATCHDOG=1")
        while first_time() or behaviour == "spinning":
            behaviour = "spinning"
        beat()
    case "never ready once":
        while first_time() or behaviour == "hanging":
            behaviour = "hanging"
            time.sleep(0.01)
        say("READY=1")
        beat()
    case "ignore sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("READY=1")
        beat()
    case "children":  # one in the same group, one that has left it and lost its parent
        code = "import time; time.sleep(600)"
        escape = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{code}'], start_new_session=True)"
        subprocess.Popen([sys.executable, "-c", code])
        subprocess.run([sys.executable, "-c", escape])
        say("READY=1")
        beat()
    case "impostor":  # its child beats in its stead while it hangs
        say("READY=1")
        child = f"""
import os, socket, time
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
while True:
    notify.sendto(b"WATCHDOG=1", os.environ["NOTIFY_SOCKET"])
    time.sleep({period_s})
"""
        subprocess.Popen([sys.executable, "-c", child])
        time.sleep(600)
    case "hog":
        say("READY=1\nWATCHDOG=1")
        if first_time():
            held = []
            while True:
                held.append(bytearray(os.urandom(1 << 20) * 4))
                say("WATCHDOG=1")
        beat()
    case "spin beside others":  # alive, and never idle, on the one processor that all who do this share
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        say("READY=1")
        while True:
            say("WATCHDOG=1")
            for _ in range(100_000):
                pass
    case "talk":
        log("info", "a quiet word")
        log("warning", "a warning word")
        print("no JSON at all", file=sys.stderr, flush=True)
        say("READY=1")
        beat()
