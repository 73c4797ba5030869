"""Checksums and counters: a frame that is damaged or frozen is not trusted, and one that we send is."""

from typing import Any

import msgspec
import pytest
from e2e import crc

from alpenglow.signals import Quality, load_catalogue
from alpenglow.vehicle.dbc import parse_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.encoder import Packer
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.mapping import MappingError, parse_mapping

CATALOGUE = load_catalogue()
DBC = """VERSION ""

BU_: ECU

BO_ 180 SPEED: 8 ECU
 SG_ VALUE : 7|16@0+ (0.01,0) [0|0] "km/h" ECU
 SG_ COUNTER : 51|4@0+ (1,0) [0|0] "" ECU
 SG_ CHECKSUM : 63|8@0+ (1,0) [0|0] "" ECU

BO_ 181 FIRST: 8 ECU
 SG_ CHECKSUM : 7|8@0+ (1,0) [0|0] "" ECU
 SG_ VALUE1 : 15|16@0+ (0.01,0) [0|0] "km/h" ECU

BO_ 182 NIBBLE: 8 ECU
 SG_ VALUE2 : 7|16@0+ (0.01,0) [0|0] "km/h" ECU
 SG_ CHECKSUM : 59|4@0+ (1,0) [0|0] "" ECU

BO_ 183 LONG: 32 ECU
 SG_ CHECKSUM : 0|16@1+ (1,0) [0|0] "" ECU
 SG_ VALUE3 : 24|16@1+ (0.01,0) [0|0] "km/h" ECU

BO_ 184 E2E: 8 ECU
 SG_ VALUE4 : 16|16@1+ (0.01,0) [0|0] "km/h" ECU

BA_DEF_ BO_ "E2EProfile" STRING ;
BA_DEF_ BO_ "E2EDataId" INT 0 65535;
BA_DEF_DEF_ "E2EProfile" "";
BA_DEF_DEF_ "E2EDataId" 0;
BA_ "E2EProfile" BO_ 184 "P01";
BA_ "E2EDataId" BO_ 184 291;
"""
ALGORITHMS = [
    ("SPEED", "VALUE", "toyota"),
    ("SPEED", "VALUE", "crc8-j1850"),
    ("FIRST", "VALUE1", "subaru"),
    ("NIBBLE", "VALUE2", "honda"),
    ("LONG", "VALUE3", "hyundai-canfd"),
]
DBC_FILE = parse_dbc(DBC.encode(), "test.dbc")


def both(message: str, signal: str, checks: list[dict[str, Any]]) -> tuple[Decoder, Packer]:
    """Who receives the message and who sends it."""
    entry = {"path": "Vehicle.Speed", "message": message, "signal": signal}
    content = msgspec.json.encode({"signals": [entry], "checks": checks})
    mapping = parse_mapping(content, "test.json", DBC_FILE, CATALOGUE)
    return Decoder({"can0": DBC_FILE}, {"can0": mapping}, CATALOGUE), Packer("can0", DBC_FILE.by_name[message], mapping)


def quality(decoder: Decoder, frame: Frame) -> Quality:
    [sample] = decoder.feed(frame)
    return sample.quality


@pytest.mark.parametrize(("message", "signal", "algorithm"), ALGORITHMS)
def test_a_single_changed_bit_makes_the_frame_invalid(message: str, signal: str, algorithm: str) -> None:
    receiver, sender = both(message, signal, [{"messages": [message], "checksum": {"algorithm": algorithm}}])
    frame = sender.pack({signal: 57.2})
    assert quality(receiver, frame) is Quality.VALID
    for bit in range(len(frame.data) * 8):
        damaged = bytearray(frame.data)
        damaged[bit // 8] ^= 1 << bit % 8
        assert quality(receiver, frame._replace(data=bytes(damaged))) is Quality.INVALID
    assert quality(receiver, frame._replace(data=frame.data[:-1])) is Quality.INVALID
    assert receiver.failures[f"can0.{message}"] == len(frame.data) * 8 + 1


def test_the_algorithms_are_those_of_the_cars() -> None:
    real = bytes.fromhex("000000001D0B7A5E")  # 0x0B4 of the recorded RAV4
    receiver, _ = both("SPEED", "VALUE", [{"messages": ["SPEED"], "checksum": {"algorithm": "toyota"}}])
    assert quality(receiver, Frame(1, "can0", 0xB4, real)) is Quality.VALID
    assert crc.calculate_crc8(b"123456789") == 0x4B  # the catalogue's check value of CRC-8 SAE J1850


def test_a_counter_may_lose_a_frame_but_neither_stop_nor_jump() -> None:
    checks = [{"messages": ["SPEED"], "counter": {"signal": "COUNTER", "max_delta": 2, "max_repeats": 2}}]
    receiver, _ = both("SPEED", "VALUE", checks)

    def send(counter: int) -> Quality:
        return quality(receiver, Frame(1, "can0", 180, bytes([0, 0, 0, 0, 0, 0, counter, 0])))

    assert [send(c) for c in (14, 15, 0, 2)] == [Quality.VALID] * 4
    assert send(9) is Quality.INVALID  # jumped
    assert send(10) is Quality.VALID
    assert [send(10) for _ in range(4)] == [Quality.VALID] * 2 + [Quality.INVALID] * 2  # stands still
    assert send(11) is Quality.VALID


def test_counter_and_checksum_are_both_asked_of_every_frame() -> None:
    rule = {"messages": ["SPEED"], "counter": {"max_repeats": 0}, "checksum": {"algorithm": "toyota"}}
    receiver, sender = both("SPEED", "VALUE", [rule])
    frames = [sender.pack({"VALUE": 10.0}) for _ in range(20)]
    assert len({f.data for f in frames}) == 16  # the counter goes round
    assert [quality(receiver, f) for f in frames] == [Quality.VALID] * 20
    assert quality(receiver, frames[-1]) is Quality.INVALID


def test_the_dbc_itself_can_ask_for_end_to_end_protection() -> None:
    receiver, sender = both("E2E", "VALUE4", [])
    frames = [sender.pack({"VALUE4": 10.0}, time_ns=i * 10**7) for i in range(10)]
    said = [quality(receiver, f) for f in frames]
    assert said[2:] == [Quality.VALID] * 8  # the state machine wants two right frames first
    forged = bytearray(frames[-1].data)
    forged[2] ^= 1
    assert quality(receiver, frames[-1]._replace(data=bytes(forged))) is Quality.INVALID


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"messages": ["NONE"], "checksum": {"algorithm": "toyota"}}, "has no message NONE"),
        ({"messages": ["SPEED"], "checksum": {"algorithm": "subaru"}}, "needs 8 bits in the first byte of SPEED"),
        ({"messages": ["SPEED"], "checksum": {"algorithm": "toyota", "signal": "SUM"}}, "SPEED has no signal SUM"),
        ({"messages": ["SPEED"], "checksum": {"algorithm": "rot13"}}, "rot13"),
        ({"messages": "*", "e2e": {"profile": "P01", "data_id": 1}}, "e2e needs the messages by name"),
        ({"messages": ["SPEED"], "e2e": {"profile": "P01", "data_id": 99999999}}, "data ID"),
    ],
)
def test_a_check_that_cannot_be_made_is_refused_with_its_place(rule: dict[str, Any], words: str) -> None:
    with pytest.raises(MappingError, match=r"test\.json: .*checks\[0\]") as error:
        both("SPEED", "VALUE", [rule])
    assert words in str(error.value)
