"""What needs a yes before it is done: what opens the car, costs money or is hard to undo. The door decides on top."""

from collections.abc import Callable

from alpenglow.assistant.resolving import Move
from alpenglow.signals import Value

type Read = Callable[[str], Value | None]

# branch of paths → values that need a yes; () = any
_FIRST: tuple[tuple[str, tuple[Value, ...]], ...] = (
    ("Vehicle.Powertrain.Transmission.SelectedGear", (-1, -2, 127, 1)),
)


class Policy:
    """Which moves are read back and confirmed first."""

    def asks_first(self, move: Move, read: Read) -> bool:
        """Whether the speaker must say yes before `move` is made."""
        moving = read("Vehicle.Speed")
        if not isinstance(moving, int | float) or moving > 0.5:
            return False  # the interlocks speak first: a refusal needs no yes
        return any(move.path.startswith(path) and (not values or move.value in values) for path, values in _FIRST)
