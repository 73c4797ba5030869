"""What every sample must be, whatever came over the bus."""

from alpenglow.signals import Catalogue, Quality, Sample, check_value


def assert_legal(sample: Sample, catalogue: Catalogue) -> None:
    """A valid sample's value is one that the catalogue allows, in the type it has there."""
    if sample.quality is Quality.VALID:
        checked = check_value(catalogue.signals[sample.index], sample.value)
        assert checked == sample.value
        assert type(checked) is type(sample.value)
    else:
        assert sample.quality is Quality.INVALID
        assert sample.value is None
