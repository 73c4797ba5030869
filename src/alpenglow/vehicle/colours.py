"""Colours: VSS says them as text ("#RRGGBB"), a bus carries them as numbers. This stands between the two.

A mapping file feeds `Vehicle.Alpenglow.AmbientColor.<zone>` with the number; what is published beside it, and may be
set, is `Vehicle.Cabin.Light.AmbientLight.<zone>.Color`.
"""

import re
from collections.abc import Sequence

from alpenglow.signals import BadValue, Catalogue, Sample, Value

_NUMBER = "Vehicle.Alpenglow.AmbientColor."
_TEXT = "Vehicle.Cabin.Light.AmbientLight."
_FORM = re.compile(r"#[0-9A-Fa-f]{6}")


class Colours:
    """Adds the text of every colour number that passes, and turns text to be written into its number."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._text_index = {
            index: catalogue.index_of[f"{_TEXT}{path.removeprefix(_NUMBER)}.Color"]
            for path, index in catalogue.index_of.items()
            if path.startswith(_NUMBER)
        }

    def with_text(self, samples: list[Sample]) -> list[Sample]:
        """`samples` and, for each number that is a colour, the sample that says it as text."""
        known = self._text_index
        texts = [s for s in samples if s.index in known] if known else []
        return samples + [
            Sample(known[s.index], None if s.value is None else f"#{s.value:06X}", s.quality, s.time_ns) for s in texts
        ]

    @staticmethod
    def to_write(path: str, value: Value) -> tuple[str, Value]:
        """The path and the value that the bus takes; BadValue for a colour that is none."""
        if not (path.startswith(_TEXT) and path.endswith(".Color")):
            return path, value
        if not isinstance(value, str) or not _FORM.fullmatch(value):
            raise BadValue(f"{path} takes a colour as #RRGGBB, not {value!r}")
        return f"{_NUMBER}{path.removeprefix(_TEXT).removesuffix('.Color')}", int(value[1:], 16)


def paths(written: Sequence[str]) -> frozenset[str]:
    """The colour paths that can be set where `written` can."""
    return frozenset(f"{_TEXT}{p.removeprefix(_NUMBER)}.Color" for p in written if p.startswith(_NUMBER))
