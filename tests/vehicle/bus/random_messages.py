"""Random messages as DBC text, with every kind of signal and multiplexing."""

from dataclasses import dataclass

from hypothesis import strategies as st

SCALES = ("1", "0.5", "0.01", "2", "-1", "0.1", "0.0078125")
OFFSETS = ("0", "-40", "0.25", "1000")
LENGTHS = (1, 2, 3, 5, 8, 8, 8, 12, 64)


@dataclass(frozen=True)
class RandomMessage:
    text: str  # a whole DBC file with this one message
    length: int
    extended: bool


@st.composite
def messages(draw: st.DrawFn) -> RandomMessage:
    """One message whose signals do not overlap: Intel ones in its first bytes, Motorola ones in the rest."""
    length = draw(st.sampled_from(LENGTHS))
    border = draw(st.integers(0, length))
    extended = draw(st.booleans())
    can_id = draw(st.integers(0, 0x1FFFFFFF if extended else 0x7FF)) | (0x80000000 if extended else 0)
    multiplexed = draw(st.booleans())
    lines: list[str] = []
    floats: list[str] = []
    for big, first, last in ((False, 0, border * 8), (True, border * 8, length * 8)):
        at = first
        while at < last and len(lines) < 20:
            at += draw(st.integers(0, 5))
            room = last - at
            if room <= 0:
                break
            name = f"S{len(lines)}"
            mark = f" m{draw(st.integers(0, 3))}" if multiplexed and lines and draw(st.booleans()) else ""
            float_bits = draw(st.sampled_from([0, 0, 0, 32, 64]))
            if multiplexed and not lines:
                bits, sign, mark = min(room, 4), "+", " M"
            elif float_bits and float_bits <= room:
                bits, sign = float_bits, "-"
                floats.append(f"SIG_VALTYPE_ {can_id} {name} : {1 if bits == 32 else 2};")
            else:
                bits, sign = draw(st.integers(1, min(room, 64))), draw(st.sampled_from("+-"))
            start = at // 8 * 8 + 7 - at % 8 if big else at
            scale, offset = (
                ("1", "0") if mark == " M" else (draw(st.sampled_from(SCALES)), draw(st.sampled_from(OFFSETS)))
            )
            lines.append(f' SG_ {name}{mark} : {start}|{bits}@{0 if big else 1}{sign} ({scale},{offset}) [0|0] "" ECU')
            at += bits
    body = "\n".join([f"BO_ {can_id} M: {length} ECU", *lines, "", *floats])
    return RandomMessage(f'VERSION ""\n\nBU_: ECU\n\n{body}\n', length, extended)
