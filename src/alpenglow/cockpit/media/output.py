"""The sound device: miniaudio plays what `Sound.pull` gives, over PulseAudio, ALSA, or into nothing.

Where there is no sound card the car still plays, at the right speed and silently, so that all that shows the player
works. Rules that always hold:
- the device runs only while something is heard, or it would wake the processor for silence;
- a device that has gone (unplugged, its server restarted) is opened again.
"""

import os
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import miniaudio
import numpy as np
from numpy.typing import NDArray

from alpenglow.cockpit.media.sound import RATE_HZ, Sound

_PERIOD_MS = 40
_GONE_S = 3.0  # a device that asked for nothing for so long has gone
_APP = "Alpenglow"


class Output:
    """The device; its methods wait for it, so they are called in threads."""

    def __init__(self, sound: Sound, *, silent: bool = False) -> None:
        self._sound, self._silent = sound, silent
        self._device: miniaudio.PlaybackDevice | None = None
        self._lock = threading.Lock()
        self.running = False
        self.says = ""  # which device it is: "Null" where there is none

    def run(self) -> None:
        """Open the device if it is not, and let it ask for sound."""
        with self._lock:
            if self.running:
                return
            if self._device is None:
                self._device = self._open()
            try:
                self._start(self._device)
            except miniaudio.MiniaudioError:  # it has gone since it was opened
                self._shut()
                self._device = self._opened([miniaudio.Backend.NULL])
                self._start(self._device)
            self.says = str(self._device.backend)
            self.running = True

    def rest(self) -> None:
        """Let the device ask for nothing."""
        with self._lock:
            if self.running and self._device is not None:
                try:
                    self._device.stop()
                except miniaudio.MiniaudioError:
                    self._shut()
            self.running = False

    @property
    def gone(self) -> bool:
        """Whether the device should run and has asked for nothing for a while."""
        return self.running and self._sound.clock() - self._sound.pulled_at > _GONE_S

    def reopen(self) -> None:
        """Open the device anew, or another where it has gone."""
        self.close()
        self.run()

    def close(self) -> None:
        """Let go of the device."""
        with self._lock:
            self._shut()
            self.running = False

    def _start(self, device: miniaudio.PlaybackDevice) -> None:
        pulling = self._pulling()
        next(pulling)
        self._sound.pulled_at = self._sound.clock()
        device.start(pulling)

    def _shut(self) -> None:
        if self._device is not None:
            self._device.close()
            self._device = None

    def _open(self) -> miniaudio.PlaybackDevice:
        backends = [miniaudio.Backend.NULL] if self._silent else sound_backends()
        try:
            return self._opened(backends)
        except miniaudio.MiniaudioError:
            return self._opened([miniaudio.Backend.NULL])

    def _opened(self, backends: list[miniaudio.Backend]) -> miniaudio.PlaybackDevice:
        return miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=self._sound.channels,
            sample_rate=RATE_HZ,
            buffersize_msec=_PERIOD_MS,
            backends=backends,
            app_name=_APP,
        )

    def _pulling(self) -> Generator[NDArray[np.float32] | bytes, int]:
        frames = yield b""
        while True:
            frames = yield self._sound.pull(frames)


def sound_backends() -> list[miniaudio.Backend]:
    """What this machine can play with. ALSA is asked only where there is a card: it fills the log otherwise."""
    if sys.platform != "linux":
        return []  # miniaudio's own choice
    found = []
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.environ.get("PULSE_SERVER") or (runtime and Path(runtime, "pulse", "native").exists()):
        found.append(miniaudio.Backend.PULSEAUDIO)
    if any(Path("/dev/snd").glob("pcm*p")):
        found.append(miniaudio.Backend.ALSA)
    return [*found, miniaudio.Backend.NULL]
