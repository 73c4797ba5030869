"""The rule sets of regions."""

import re

import pytest

from alpenglow.cockpit.privacy.regions import RegionsError, load_regions


def test_every_rule_set_names_the_article_of_each_demand() -> None:
    regions = load_regions()
    assert {"gdpr", "pipl", "none"} == set(regions.region)
    for name, law in (("gdpr", r"GDPR Art\. \d+|ePrivacy"), ("pipl", r"PIPL Art\. \d+|Automotive Data Security")):
        assert all(re.search(law, demand.article) for demand in regions.region[name].demand)
        assert {"opt_in", "withdraw", "retention", "access", "erasure"} <= {d.id for d in regions.region[name].demand}


def test_sensitive_purposes_need_a_consent_of_their_own_where_the_law_says_so() -> None:
    regions = load_regions()
    assert regions.needs_own("pipl", "assistant.cloud_model")
    assert not regions.needs_own("gdpr", "assistant.cloud_model")
    assert not regions.needs_own("pipl", "something.else")


TABLE = """
[region.gdpr]
lapses = "never"
separate = false
retention = { trip = 1 }
demand = [{ id = "opt_in", article = "GDPR Art. 7" }]
[sensitive]
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[region.gdpr]", "[region.moon]", "there is no gdpr"),
        ('{ id = "opt_in", article = "GDPR Art. 7" }', "", "at least one"),
        ("GDPR Art. 7", " ", "at least one"),
        ("trip = 1", "trip = 0", "a day at least"),
        ('"never"', '"sometimes"', "regions.toml:"),
        ("[sensitive]", "[sensitive", "regions.toml:"),
    ],
)
def test_a_table_that_cannot_work_is_refused(old: str, new: str, says: str) -> None:
    assert load_regions(TABLE).region["gdpr"].retention == {"trip": 1}
    with pytest.raises(RegionsError, match=says):
        load_regions(TABLE.replace(old, new))
