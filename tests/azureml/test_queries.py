"""Queries of URLs in messages and in urllib3's log."""

import logging

import pytest

from functions.retraining.azureml.queries import keep_out_of_log, without_queries


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/operationsStatus/o?t=1&c=MII&s=abc", "/operationsStatus/o?..."),
        ("https://h.example/o?s=abc HTTP/1.1", "https://h.example/o?... HTTP/1.1"),
        ("with url: /o?s=abc (Caused by X('y'))", "with url: /o?... (Caused by X('y'))"),
        ('"/a?s=1" and "/b?s=2"', '"/a?..." and "/b?..."'),
        ("/o?s=a?b", "/o?..."),
        ("is it so? it is", "is it so? it is"),
        ("nothing", "nothing"),
    ],
)
def test_a_query_is_cut_and_nothing_else(text: str, shown: str) -> None:
    assert without_queries(text) == shown


def test_urllib3_writes_no_query_from_then_on_and_its_numbers_stay(caplog: pytest.LogCaptureFixture) -> None:
    keep_out_of_log()
    keep_out_of_log()
    logger = logging.getLogger("urllib3.connectionpool")
    assert len([each for each in logger.filters if "queries" in type(each).__module__]) == 1
    with caplog.at_level(logging.DEBUG, logger.name):
        logger.debug('%s://%s:%s "%s %s %s" %s %s', "https", "h", 443, "GET", "/o?s=abc", "HTTP/1.1", 200, None)
        logger.debug("Starting new HTTPS connection (%d): %s:%s", 1, "h", 443)
        logger.debug("without arguments")
    assert caplog.messages == [
        'https://h:443 "GET /o?... HTTP/1.1" 200 None',
        "Starting new HTTPS connection (1): h:443",
        "without arguments",
    ]
