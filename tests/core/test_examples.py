"""Which blobs can begin a run that succeeds."""

import pytest
from msgspec.structs import replace

from functions.retraining.core.examples import refusal
from functions.retraining.core.run import Origin

from .runs import BLOB


@pytest.mark.parametrize(
    "name",
    [
        "../retraining/open/x.csv",
        "a/../../other/x.csv",
        "a/./x.csv",
        "%2e%2e/other/x.csv",
        "%2E./other/x.csv",
        "a%2f..%2f..%2fother/x.csv",
        "..\\other\\x.csv",
        "..%5cother%5cx.csv",
    ],
)
def test_a_name_that_would_lead_to_another_blob_as_part_of_a_url_is_refused(name: str) -> None:
    why = refusal(Origin.LABELED_EXAMPLE, replace(BLOB, name=name))
    assert why
    assert name in why
    assert "has a folder named . or .." in why


@pytest.mark.parametrize(
    "name", ["a//x.csv", "...csv", "a../x.csv", "..a/x.csv", "100%.csv", "%2Fx.csv", "%252e%252e/x.csv", "a\\x.csv"]
)
def test_a_name_that_stays_where_it_is_is_taken(name: str) -> None:
    assert refusal(Origin.LABELED_EXAMPLE, replace(BLOB, name=name)) is None
