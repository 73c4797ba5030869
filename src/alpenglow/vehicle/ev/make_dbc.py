"""Writes `aurora.dbc` and `aurora.map.json` from the tables: `python -m alpenglow.vehicle.ev.make_dbc FOLDER`."""

import sys
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.vehicle.ev.body_items import GROUPS, command_message, field_of, status_message
from alpenglow.vehicle.ev.drive_messages import DRIVE_MESSAGES
from alpenglow.vehicle.ev.layout import Field, Form, Message

_NOTICE = "The simulated car Aurora. Written by alpenglow.vehicle.ev.make_dbc; change its tables, not this file."


def messages() -> list[Message]:
    """Every frame of the car: what it sends, then what it obeys."""
    body = [status_message(group) for group in GROUPS]
    commands = [m for group in GROUPS if (m := command_message(group)) is not None]
    return [*DRIVE_MESSAGES, *body, *commands]


def _labels(field: Field) -> dict[int, str]:
    if field.form is Form.FLAG:
        return {0: "OFF", 1: "ON", 3: "SNA"}
    if field.form is Form.CHOICE:
        return dict(enumerate(field.options)) | {field.sna: "SNA"}
    return {field.sna: "SNA"}


def _number(value: float) -> str:
    return f"{value:.10g}"


def dbc() -> str:
    """The DBC's text."""
    all_messages = messages()
    nodes = sorted({m.sender for m in all_messages})
    lines = ['VERSION ""', "", "NS_ :", "", "BS_:", "", f"BU_: {' '.join(nodes)}", ""]
    owner = {m.name: m.sender for m in all_messages}
    for m in all_messages:
        receiver = "COCKPIT" if m.cycle_ms else owner[m.name.removesuffix("_CMD")]
        lines.append(f"BO_ {m.can_id} {m.name}: 8 {m.sender}")
        if m.protected:
            lines.append(f' SG_ {m.name}_CRC : 0|8@1+ (1,0) [0|255] "" {receiver}')
            lines.append(f' SG_ {m.name}_Counter : 8|4@1+ (1,0) [0|14] "" {receiver}')
        for field, at in m.placed():
            span = f"[{_number(field.offset)}|{_number(field.high)}]"
            factor = f"({_number(field.scale)},{_number(field.offset)})"
            lines.append(f' SG_ {field.name} : {at}|{field.bits}@1+ {factor} {span} "{field.unit}" {receiver}')
        lines.append("")
    lines += [f'CM_ "{_NOTICE}";', ""]
    lines += [
        'BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;',
        'BA_DEF_ BO_ "E2EProfile" STRING ;',
        'BA_DEF_ BO_ "E2EDataId" INT 0 65535;',
        'BA_DEF_ SG_ "GenSigStartValue" INT 0 2147483647;',
        'BA_DEF_DEF_ "GenMsgCycleTime" 0;',
        'BA_DEF_DEF_ "E2EProfile" "";',
        'BA_DEF_DEF_ "E2EDataId" 0;',
        'BA_DEF_DEF_ "GenSigStartValue" 0;',
    ]
    for m in all_messages:
        lines.append(f'BA_ "GenMsgCycleTime" BO_ {m.can_id} {m.cycle_ms};')
        if m.protected:
            lines.append(f'BA_ "E2EProfile" BO_ {m.can_id} "P01";')
            lines.append(f'BA_ "E2EDataId" BO_ {m.can_id} {m.can_id};')
        if not m.cycle_ms:  # a command leaves alone what it does not name
            lines += [f'BA_ "GenSigStartValue" SG_ {m.can_id} {f.name} {f.sna};' for f in m.fields]
    lines.append("")
    for m in all_messages:
        for field in m.fields:
            table = " ".join(f'{raw} "{label}"' for raw, label in _labels(field).items())
            lines.append(f"VAL_ {m.can_id} {field.name} {table} ;")
    return "\n".join(lines) + "\n"


def _values(field: Field) -> dict[str, Any] | None:
    if field.form is Form.FLAG:
        return {"OFF": False, "ON": True}
    if field.form is Form.CHOICE:
        return {name: field.values.get(name, name) for name in field.options}
    return None


def _entry(path: str, message: Message, field: Field) -> dict[str, Any]:
    if field.form is Form.COLOUR:  # text in VSS, a number on any bus: `vehicle.colours` stands between
        path = path.replace("Cabin.Light.AmbientLight", "Alpenglow.AmbientColor").removesuffix(".Color")
    entry: dict[str, Any] = {"path": f"Vehicle.{path}", "message": message.name, "signal": field.name}
    values = _values(field)
    if values is not None:
        entry["values"] = values
    return entry


def mapping() -> dict[str, Any]:
    """The mapping file's content."""
    signals = [
        _entry(path, m, field) | {"invalid": ["SNA"]}
        for m in messages()
        if m.cycle_ms
        for field in m.fields
        for path in field.paths
    ]
    actuators = []
    for group in GROUPS:
        message = command_message(group)
        if message is None:
            continue
        for item in group.items:
            if item.settable:
                field = field_of(item)
                actuators += [_entry(path, message, field) for path in field.paths]
    return {"signals": signals, "actuators": actuators}


def mapping_text() -> str:
    """The mapping file as it is written: one entry a line, so that a change shows as one."""
    content = mapping()
    parts = []
    for key, entries in content.items():
        rows = ",\n".join("  " + msgspec.json.encode(e).decode() for e in entries)
        parts.append(f'"{key}": [\n{rows}\n]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def write(folder: Path) -> None:
    """Write both files into `folder`."""
    (folder / "aurora.dbc").write_text(dbc())
    (folder / "aurora.map.json").write_text(mapping_text())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m alpenglow.vehicle.ev.make_dbc FOLDER")
    write(Path(sys.argv[1]))
