"""The search for secrets that each test here, and each session, ends with does find what it is there for."""

import base64
import html
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, quote_plus

import pytest
from azure.storage.blob import BlobSasPermissions, UserDelegationKey, generate_blob_sas

from devstack.azurite import ACCOUNT, ACCOUNT_KEY
from devstack.studio.provisioning import Keys
from tests.e2e.secret_scan import secrets_in

STUDIO = Keys()
KNOWN = ("planted-endpoint-key", ACCOUNT_KEY, STUDIO.training, STUDIO.service_principal)
CLASSIC_KEY = base64.b64encode(bytes(range(64))).decode()


def delegation() -> str:
    key = UserDelegationKey()  # type: ignore[no-untyped-call]  # the SDK's own class has no annotations here
    key.signed_oid = key.signed_tid = "9a6f2d0e-5f0b-4c58-9a1f-000000000001"
    key.signed_start, key.signed_expiry = "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"
    key.signed_service, key.signed_version, key.value = "b", "2020-02-10", "c2VjcmV0"
    return signed(user_delegation_key=key)


def signed(**by: object) -> str:
    expiry = datetime.now(UTC) + timedelta(hours=1)
    return str(generate_blob_sas(ACCOUNT, "c", "b", permission=BlobSasPermissions(read=True), expiry=expiry, **by))  # type: ignore[arg-type]  # by name


SAS = signed(account_key=ACCOUNT_KEY)
PLANTED = {
    "a signature": "https://account.blob.core.windows.net/c/b?sv=2024&sig=Ab%2Bcd%3D&se=2026",
    "an encoded signature": "source=https%3A%2F%2Fa%2Fb%3Fse%3D1%26sig%3DAbcdef",
    "an encoded signature that comes first": "source=https%3A%2F%2Fa%2Fb%3Fsig%3DAbcdef",
    "a signature encoded twice": "source=https%253A%252F%252Fa%252Fb%253Fsig%253DAbcdef",
    "a signature in JSON": json.dumps({"SasBlobToken": f"?{SAS}"}),
    "a signature in JSON in JSON": json.dumps(json.dumps({"sig": "Abcdef"})),
    "a signature escaped for JSON": '"?sv=1\\u0026sig\\u003dAbcdef"',
    "a signature escaped for HTML": html.escape("?sv=1&sig=Abcdef"),
    "a signature by its name alone": "sig: Abcdef",
    "a user delegation signature": f"?{delegation()}",
    "a connection string": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;EndpointSuffix=x",
    "a connection string by signature": f"BlobEndpoint=https://a;SharedAccessSignature={SAS}",
    "an account key": "AccountName=a;AccountKey=c2VjcmV0;",
    "an account key in JSON": '{"accountKey": "c2VjcmV0"}',
    "a token": "Authorization: Bearer abcdefgh12345678",
    "a token, encoded": "Bearer%20abcdefgh12345678",
    "a token by itself": "eyJ0eXAiOiJKV1QiLCJhbGci.eyJhdWQiOiJodHRwczov.c2lnbmF0dXJl",
    "a token by its name, cut off": '{"access_token": "Abcdef',
    "a client secret in a form": "grant_type=client_credentials&client_secret=Abcdef",
    "a client secret by its form": "the secret abc8Q~" + "d" * 34 + " is wrong",
    "a classic web service's key by its form": f"key {CLASSIC_KEY}.",
    "that key, encoded": f"key={quote(CLASSIC_KEY, safe='')}",
    "a key that is known": '{"apiKey": "planted-endpoint-key"}',
    "Azurite's key": f"key {ACCOUNT_KEY}.",
    "Azurite's key, cut at its end": f"key {ACCOUNT_KEY.rstrip('=')}",
    "Azurite's key for JSON": ACCOUNT_KEY.replace("/", "\\/"),
    "a studio's key": f"with {STUDIO.training}",
    "a service principal's secret": STUDIO.service_principal,
    "that secret in a form": quote_plus(STUDIO.service_principal),
    "that secret in a query": quote(STUDIO.service_principal, safe=""),
    "that secret in a query in a query": quote(quote(STUDIO.service_principal, safe=""), safe=""),
    "that secret in HTML": html.escape(STUDIO.service_principal),
    "that secret in lower-case encoding": quote(STUDIO.service_principal, safe="").lower(),
    "a key over a line's end": f"key {ACCOUNT_KEY[:40]}\n    {ACCOUNT_KEY[40:]}",
    "a key over a line's end in JSON": json.dumps({"trace": f"{STUDIO.training[:30]}\n  {STUDIO.training[30:]}"}),
}
NEVER_SHOWN = ("Ab%2Bcd", "Abcdef", "c2VjcmV0", "abcdefgh", CLASSIC_KEY, *KNOWN)


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_found_but_not_shown(text: str) -> None:
    for around in (f"before {text} after", text, f"{'x' * 1000} {text}\n"):
        found = secrets_in(around, KNOWN)
        assert found
        assert not any(secret in str(found) for secret in NEVER_SHOWN)


@pytest.mark.parametrize(
    "text",
    [
        "sig=***&se=2026",
        "sig=REDACTED&se=REDACTED",
        "?sv=1&sig=...",
        "AccountKey=***;",
        "Bearer ***",
        "Bearer q8Xwi... (HTTP 503)",
        "significant design=good",
        "the bearer of the examples",
        "AccountName=a;DefaultEndpointsProtocol=https;AccountKey=***",
        "signature: 20261122T083000Z-0123456789ab",
        f"etag {'0123456789abcdef' * 8}",
        "",
    ],
)
def test_what_is_no_secret_or_was_cut_out_is_not_found(text: str) -> None:
    assert secrets_in(text, KNOWN) == []


def test_two_lines_without_a_secret_do_not_make_one() -> None:
    assert secrets_in(f"{ACCOUNT_KEY[:40]}\nsomething else\n{ACCOUNT_KEY[40:80]}", KNOWN) == []
