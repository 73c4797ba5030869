"""A data frame as it was on the bus: what buses and logs yield and the codec takes and makes."""

from typing import NamedTuple

EXTENDED = 0x8000_0000  # marks a 29-bit identifier where one number stands for both kinds, as in DBC files
STANDARD_ID_MAX = 0x7FF
EXTENDED_ID_MAX = 0x1FFF_FFFF

# ISO 11898-1:2015, table 5: the payload lengths that a CAN FD frame can have.
FD_LENGTHS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64)


class Frame(NamedTuple):
    """One CAN or CAN FD data frame."""

    time_ns: int  # when it was on the bus, ns since 1970
    channel: str  # the bus's name: "can0"
    can_id: int  # 11 or 29 bits
    data: bytes  # 0…8 bytes, 0…64 with `fd`
    extended: bool = False  # a 29-bit identifier
    fd: bool = False
