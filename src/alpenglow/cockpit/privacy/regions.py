"""The rule sets of regions: the table `regions.toml`. What they say becomes consents that lapse and things dropped."""

from typing import Literal

import msgspec

from alpenglow.fabric.tables import read_table

DEFAULT = "gdpr"


class RegionsError(ValueError):
    """The table cannot be used; the text says why."""


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the law demands."""

    id: str
    article: str


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule set."""

    lapses: Literal["never", "drive"]
    separate: bool
    retention: dict[str, int]  # kind → days
    demand: list[Demand]


class Regions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table."""

    region: dict[str, Region]
    sensitive: dict[str, str]  # purpose → which data

    def needs_own(self, region: str, purpose: str) -> bool:
        """Whether a consent to that purpose has to be given by itself."""
        return self.region[region].separate and purpose in self.sensitive


def load_regions(text: str | None = None) -> Regions:
    """The table. RegionsError where it contradicts itself."""
    regions = read_table(__package__, "regions.toml", Regions, RegionsError, text)
    if DEFAULT not in regions.region:
        raise RegionsError(f"regions: there is no {DEFAULT}, which a new car begins with")
    for name, region in regions.region.items():
        if not region.demand or any(not demand.article.strip() for demand in region.demand):
            raise RegionsError(f"regions: {name}: every demand names its article, and there is at least one")
        if any(days < 1 for days in region.retention.values()):
            raise RegionsError(f"regions: {name}: a retention is a day at least")
    return regions
