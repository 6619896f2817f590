"""The search for secrets that each test here ends with does find what it is there for."""

import pytest

from devstack.azurite import ACCOUNT_KEY
from tests.e2e.secret_scan import secrets_in

KEYS = ("planted-endpoint-key", ACCOUNT_KEY)
PLANTED = {
    "a signature": "https://account.blob.core.windows.net/c/b?sv=2024&sig=Ab%2Bcd%3D&se=2026",
    "an encoded signature": "source=https%3A%2F%2Fa%2Fb%3Fse%3D1%26sig%3DAbcdef",
    "a connection string": "DefaultEndpointsProtocol=https;AccountName=a;EndpointSuffix=core.windows.net",
    "an account key": "AccountName=a;AccountKey=c2VjcmV0;",
    "a token": "Authorization: Bearer abcdefgh12345678",
    "a key that is known": '{"apiKey": "planted-endpoint-key"}',
    "Azurite's key": f"key {ACCOUNT_KEY}.",
}


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_found_but_not_shown(text: str) -> None:
    found = secrets_in(f"before {text} after", KEYS)

    assert found
    assert not any(secret in str(found) for secret in ("Ab%2Bcd", "Abcdef", "c2VjcmV0", "abcdefgh", *KEYS))


@pytest.mark.parametrize(
    "text",
    ["sig=***&se=2026", "AccountKey=***;", "Bearer ***", "significant design=good", "the bearer of the examples", ""],
)
def test_what_is_no_secret_or_was_cut_out_is_not_found(text: str) -> None:
    assert secrets_in(text, KEYS) == []
