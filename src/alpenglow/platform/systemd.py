"""Unit files: systemd in the supervisor's place, on a car's computer.

The same table becomes one service per process, under a target, after a oneshot unit that writes the settings and
new secrets into /run at each boot. Limits, deadlines and restarts are the table's; the fence around each process
(systemd.exec(5)) comes on top. The processes are unchanged: they speak sd_notify either way.
"""

import shlex
import sys
from pathlib import Path

from .plan import Place, Request, find_place
from .problems import StackProblem
from .processes import Process
from .supervisor import EX_CONFIG, GRACE_S, LONGEST_WAIT_CRITICAL_S, LONGEST_WAIT_S

_RUN_DIR = "/run/alpenglow"
_STATE_DIR = "/var/lib/alpenglow"
_USER = "alpenglow"

_FENCE = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077
"""


def export_systemd(folder: Path, *, line: str, platform: str, computer: str | None, port: int) -> list[Path]:
    """Write the units of one computer, and the sysusers.d(5) file of their user. Raises StackProblem."""
    place = find_place(Request(line=line, platform=platform, computer=computer))
    files = {
        "alpenglow.target": _target(place),
        "alpenglow-prepare.service": _prepare(place, line, platform, port),
        **{f"alpenglow-{process.name}.service": _service(process) for process in place.here},
        "alpenglow.sysusers.conf": f'u {_USER} - "Alpenglow" {_STATE_DIR}\n',
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text)
    except OSError as problem:
        raise StackProblem(f"cannot write units to {folder}: {problem}") from None
    return [folder / name for name in files]


def _target(place: Place) -> str:
    wants = " ".join(f"alpenglow-{process.name}.service" for process in place.here)
    return f"""\
# systemctl enable --now alpenglow.target; alpenglow.sysusers.conf belongs into /etc/sysusers.d as alpenglow.conf
[Unit]
Description=Alpenglow on the computer {place.name} ({place.profile.title})
Wants={wants}

[Install]
WantedBy=multi-user.target
"""


def _prepare(place: Place, line: str, platform: str, port: int) -> str:
    where = str(place.line_dir) if "/" in line else line
    profile = str(Path(platform).absolute()) if platform.endswith(".toml") else platform
    command = _command(
        str(Path(sys.executable).with_name("alpenglow")), "platform", "prepare", "--line", where, "--platform", profile,
        "--computer", place.name, "--port", str(port), "--run-dir", _RUN_DIR, "--state-dir", _STATE_DIR,
    )  # fmt: skip
    return f"""\
[Unit]
Description=Alpenglow settings and secrets of this boot
PartOf=alpenglow.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={command}
User={_USER}
RuntimeDirectory=alpenglow
RuntimeDirectoryMode=0700
StateDirectory=alpenglow
StateDirectoryMode=0700
{_FENCE}"""


def _service(process: Process) -> str:
    longest_s = LONGEST_WAIT_CRITICAL_S if process.critical else LONGEST_WAIT_S
    families = "AF_UNIX AF_INET AF_INET6"
    if process.name == "vehicle":
        families += " AF_CAN"
    return f"""\
[Unit]
Description=Alpenglow {process.name}
PartOf=alpenglow.target
Requires=alpenglow-prepare.service
After=alpenglow-prepare.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={_command(sys.executable, "-m", process.module)}
Environment=ALPENGLOW_SETTINGS={_RUN_DIR}/{process.name}.settings.json
User={_USER}
TimeoutStartSec={process.ready_s:g}
WatchdogSec={process.alive_s:g}
WatchdogSignal=SIGKILL
TimeoutStopSec={GRACE_S:g}
KillMode=mixed
Restart=always
RestartSec={min(longest_s, 0.1 if process.critical else 1.0):g}
RestartPreventExitStatus={EX_CONFIG}
MemoryMax={process.memory_mb}M
MemorySwapMax=0
CPUWeight={process.cpu_weight}
OOMScoreAdjust={0 if process.critical else 500}
LimitCORE=0
ReadWritePaths={_RUN_DIR} {_STATE_DIR}
RestrictAddressFamilies={families}
{_FENCE}"""


def _command(*arguments: str) -> str:
    """A command line as systemd splits it: % and $ are its own."""
    return shlex.join(arguments).replace("%", "%%").replace("$", "$$")
