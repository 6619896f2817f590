"""The hosts of the web services: reachable, trusted over TLS, and at the same time as this machine. Nothing secret."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from azure.core.rest import HttpRequest

from functions.retraining.adf.findings import Unset
from functions.retraining.azureml.answers import Answer
from functions.retraining.core.definitions import Pipeline
from functions.retraining.core.errors import ServiceError

from .anonymous import anonymous_service
from .finding import Area, Finding
from .refusals import to_do_about

SERVICES = Area("services")
WORTH_KNOWING = timedelta(minutes=1)
TOO_FAR = timedelta(minutes=5)
"""What Microsoft Entra ID and Azure Storage bear is 5 and 15 minutes, by their documentation."""


def examine_service_hosts(pipelines: tuple[Pipeline, ...], now: Callable[[], datetime]) -> Iterator[Finding]:
    """Each host once."""
    for origin in dict.fromkeys(_origins(pipelines)):
        host = host_in(origin)
        try:
            answer = anonymous_service().call(f"reach {host}", HttpRequest("HEAD", f"{origin}/"))
        except ServiceError as error:
            yield SERVICES.problem(host, str(error), to_do_about(error))
            continue
        yield SERVICES.ok(host, "answers over TLS with a trusted certificate")
        yield clock_finding(host, answer, now())


def host_in(address: str) -> str:
    """Host and port of an address: what the findings about hosts are called by."""
    return urlsplit(address.strip()).netloc


def clock_finding(host: str, answer: Answer, now: datetime) -> Finding:
    """How far this machine's clock is from the answer's Date header, which has whole seconds."""
    try:
        apart = abs(now - parsedate_to_datetime(answer.header("date")))
    except (ValueError, TypeError):  # no date, or one without a zone
        return SERVICES.notice(f"clock of {host}", "its answer has no date to compare the clock with")
    words = f"this machine's clock is {apart.total_seconds():.0f} seconds apart from the service's"
    if apart >= TOO_FAR:
        return SERVICES.problem(f"clock of {host}", f"{words}: signatures and tokens are refused", "set the clock")
    if apart >= WORTH_KNOWING:
        return SERVICES.notice(f"clock of {host}", words, "let the machine keep its time (NTP)")
    return SERVICES.ok(f"clock of {host}", words)


def _origins(pipelines: tuple[Pipeline, ...]) -> Iterator[str]:
    for pipeline in pipelines:
        training = pipeline.batch_execution.linked_service.ml_endpoint
        scoring = (each.linked_service.update_resource_endpoint for each in pipeline.update_resources)
        for address in (training, *scoring):
            if address and not isinstance(address, Unset):
                yield "{0.scheme}://{0.netloc}".format(urlsplit(address.strip()))
