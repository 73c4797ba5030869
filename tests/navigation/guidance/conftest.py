"""The town, made once."""

import pytest

from tests.navigation.guidance.town import Town, town


@pytest.fixture(scope="package")
def small_town() -> Town:
    return town()
