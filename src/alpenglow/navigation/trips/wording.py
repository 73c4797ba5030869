"""Sentences about trips in the driver's language, from `words/*.toml`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from alpenglow.fabric.tables import read_table

LANGUAGES = ("en", "de", "zh", "ar")


@dataclass(frozen=True)
class Words:
    """One language's sentences, and numbers as it writes them."""

    language: str
    entries: dict[str, Any]

    def say(self, key: str, **values: object) -> str:
        """The sentence `key` ("problem.no_way") with `values` filled in."""
        section, name = key.split(".")
        return str(self.entries[section][name]).format(**values)

    def number(self, value: float, digits: int = 0) -> str:
        """As people write it; no minus before a zero."""
        text = f"{value:.{digits}f}"
        if not float(text):
            text = text.lstrip("-")
        return text.replace("-", "−").replace(".", self.entries["decimal"])

    def listed(self, names: list[str]) -> str:
        """Names in a row."""
        return str(self.entries["list"]).join(names)

    def time(self, seconds: float) -> str:
        """Hours and minutes; at least a minute, since nobody is told of less."""
        minutes = max(1, round(seconds / 60.0))
        if minutes < 60:
            return self.say("units.minutes", minutes=minutes)
        return self.say("units.hours", hours=minutes // 60, minutes=minutes % 60)

    def distance(self, metres: float) -> str:
        """Kilometres, with a tenth where they are few."""
        if metres < 1000.0:
            return self.say("units.metres", number=self.number(round(metres, -1)))
        return self.say("units.kilometres", number=self.number(metres / 1000.0, int(metres < 10e3)))

    def height(self, metres: float) -> str:
        """Metres of climb."""
        return self.say("units.metres", number=self.number(metres))

    def energy(self, kwh: float) -> str:
        """kWh with a tenth."""
        return self.say("units.energy", number=self.number(kwh, 1))

    def percent(self, percent: float) -> str:
        """Charge, rounded as the cluster rounds it."""
        return self.say("units.percent", number=self.number(percent))

    def power(self, kw: float) -> str:
        """kW; the tenth where there is one."""
        return self.say("units.power", number=self.number(kw, 0 if abs(kw - round(kw)) < 0.05 else 1))

    def change(self, share: float) -> str:
        """0.09 as "+9 %"."""
        return ("+" if round(share * 100.0) > 0 else "") + self.percent(share * 100.0)


@cache
def words(language: str) -> Words:
    """The sentences of a language, by its tag ("de-AT" is German); English for one that there is none of."""
    base = language.replace("_", "-").partition("-")[0].lower()
    known = base if base in LANGUAGES else "en"
    return Words(known, read_table(f"{__package__}.words", f"{known}.toml", dict[str, Any], ValueError))
