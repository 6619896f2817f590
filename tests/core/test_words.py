"""What people read: refusals, redaction, secrets that stay hidden, datasets that know their blobs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.definitions import BlobDataset
from functions.retraining.core.examples import refusal
from functions.retraining.core.redact import excerpt, redacted
from functions.retraining.core.run import Origin
from functions.retraining.core.secret import Secret
from tests.support.properties import deterministic
from tests.support.world.definitions import STORAGE

from .runs import BLOB

KEY = "Zm9vYmFyYmF6cXV4/+Zm9v=="


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.arff", "A.ARFF", "folder/b.c.Csv"])
def test_an_example_with_a_known_extension_is_taken(name: str) -> None:
    assert refusal(Origin.LABELED_EXAMPLE, replace(BLOB, name=name)) is None


@pytest.mark.parametrize(
    ("origin", "name", "size", "words"),
    [
        (Origin.LABELED_EXAMPLE, "a.txt", 1, ".csv, .tsv, .arff"),
        (Origin.LABELED_EXAMPLE, "csv", 1, ".csv"),
        (Origin.LABELED_EXAMPLE, "a.ilearner", 1, ".arff"),
        (Origin.LABELED_EXAMPLE, "a.csv", 0, "0 bytes"),
        (Origin.TRAINED_MODEL, "a.csv", 1, ".ilearner"),
        (Origin.TRAINED_MODEL, "a.ilearner", 0, "0 bytes"),
    ],
)
def test_what_cannot_succeed_is_refused_in_words(origin: Origin, name: str, size: int, words: str) -> None:
    why = refusal(origin, replace(BLOB, name=name, size=size))
    assert why is not None
    assert words in why
    assert f"examples/{name}" in why


@pytest.mark.parametrize(
    "text",
    [
        f"https://s/c/b?sv=1&sig={KEY}&se=2",
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={KEY};EndpointSuffix=x",
        f"SharedAccessSignature={KEY}",
        f"Authorization: Bearer {KEY}",
        f'{{"apiKey": "{KEY}"}}',
        f"api_key={KEY}",
        f"client_secret={KEY}&grant_type=x",
        f'{{"access_token": "{KEY}',
        f'{{"refresh_token": "{KEY}", "id_token": "{KEY}"}}',
        f"client_assertion={KEY}&grant_type=x",
        f"https://app/api?code={KEY}",
        f"source=https%3A%2F%2Fa%2Fb%3Fsig%3D{KEY}",
        f"source=https%253A%252F%252Fa%252Fb%253Fsig%253D{KEY}",
        f"AccountKey\\u003d{KEY}",
        f"AccountKey&#61;{KEY}",
        f"Bearer%20{KEY}",
    ],
)
def test_a_secret_in_a_services_words_is_cut_out(text: str) -> None:
    assert KEY not in redacted(text)
    assert "***" in redacted(text)


@pytest.mark.parametrize(
    "secret",
    [
        "Ab1+" * 21 + "xy==",
        "Ab1%2B" * 21 + "xy%3D%3D",
        "eyJ0eXAiOiJKV1QiLCJh.eyJhdWQiOiJodHRwczov.c2lnbmF0dXJl",
        "abc8Q~" + "d" * 31,
    ],
)
def test_a_secret_that_shows_by_itself_is_cut_out_whatever_stands_before_it(secret: str) -> None:
    assert redacted(f"the key {secret} is wrong") == "the key *** is wrong"


def test_a_value_is_cut_out_to_its_end_also_where_it_is_escaped() -> None:
    assert redacted('{"a": "AccountKey\\u003dab\\u002bcd\\u003d\\u003d;x"}') == '{"a": "AccountKey\\u003d***;x"}'
    assert redacted("sig&#61;ab&#43;cd&amp;se=1") == "sig&#61;***&amp;se=1"


@pytest.mark.parametrize("text", ["sig ", "eyJ", "-eyJ", "a/", "AccountKey\\", "abc7Q~", "sig\\"])
def test_no_text_makes_redaction_begin_anew_at_each_letter(text: str) -> None:
    began = time.monotonic()
    redacted(text * 100_000)
    assert time.monotonic() - began < 10


@given(st.text(max_size=700))
@deterministic(100)
def test_an_excerpt_is_one_line_of_bounded_length(text: str) -> None:
    line = excerpt(text, 100)
    assert len(line) <= 103
    assert len(line.splitlines()) <= 1


def test_text_without_secrets_is_left_alone() -> None:
    assert redacted("Error 0018: column 'age' is missing") == "Error 0018: column 'age' is missing"


def test_a_secret_is_seen_only_by_who_asks_for_it() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret!r} {secret} {[secret]}"
    assert secret.reveal() == KEY
    assert (secret == Secret(KEY), secret == Secret("x"), secret == KEY) == (True, False, False)
    assert hash(secret) == hash(Secret(KEY))


def test_a_location_is_a_plain_concatenation_and_its_signature_stays_hidden() -> None:
    location = BlobLocation(base="https://s/", relative="c/b", sas=Secret(f"?sig={KEY}"))
    assert location.url.reveal() == f"https://s/c/b?sig={KEY}"
    assert KEY not in repr(location)


@pytest.mark.parametrize(
    ("folder", "file", "container", "name", "holds"),
    [
        ("c/f", None, "c", "f/x.csv", True),
        ("c/f/", None, "c", "f/deep/x.csv", True),
        ("c/f", None, "c", "fx.csv", False),
        ("c/f", None, "d", "f/x.csv", False),
        ("c", None, "c", "x.csv", True),
        ("c/f", "x.csv", "c", "f/x.csv", True),
        ("c/f", "x.csv", "c", "f/y.csv", False),
        ("c", "x.csv", "c", "x.csv", True),
    ],
)
def test_a_dataset_knows_its_blobs(folder: str, file: str | None, container: str, name: str, *, holds: bool) -> None:
    assert BlobDataset("d", STORAGE, folder, file).holds(container, name) is holds
