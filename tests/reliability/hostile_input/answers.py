"""Whatever the services answer: a value, or a ServiceError without a secret in it."""

from collections.abc import Mapping

from hypothesis import strategies as st

from functions.retraining.azureml.answers import Answer
from tests.azureml.recorded import names, recorded
from tests.azureml.test_arbitrary_answers import DECODERS, bodies, headers, refusal
from tests.e2e.secret_scan import secrets_in

from .mutation import damaged

LONGEST_WORDS = 5000

ANSWERS = st.tuples(
    st.sampled_from(sorted(DECODERS)),
    st.sampled_from([200, 200, 201, 204, 301, 400, 404, 409, 429, 503, 999]),
    headers,
    bodies | st.sampled_from([recorded(name).body for name in names()]).flatmap(damaged),
)


def check_answer(answer: tuple[str, int, Mapping[str, str], bytes]) -> None:
    """Only a ServiceError comes out, short and without anything that looks like a secret."""
    decoder, status, lines, body = answer
    said = refusal(decoder, Answer(status, lines, body))
    assert len(said) < LONGEST_WORDS, f"{len(said)} characters"
    assert secrets_in(said, ()) == [], said
