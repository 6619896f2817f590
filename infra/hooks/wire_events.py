"""After the code is deployed: one event subscription for each blob-triggered function, from the app's own index."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from functions.retraining.doctor.app_index import IndexedFunction, IndexingError, index_app

from .azure_cli import DeploymentFailed, deploy
from .failures import HookError
from .subscriptions import event_subscriptions

ROOT = Path(__file__).resolve().parents[2]
"""The folder of function_app.py."""

TEMPLATE = ROOT / "infra" / "events.bicep"

NEEDED = (
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_RESOURCE_GROUP",
    "FUNCTION_APP_NAME",
    "EVENT_TOPIC_NAME",
    "TRAINING_STORAGE_NAME",
    "DEAD_LETTER_CONTAINER",
)
"""What azd puts into the environment: its own, and the outputs of infra/main.bicep."""

TRIES = 8
FIRST_WAIT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 60.0

NOT_YET = (
    "blobs_extension",  # ARM, listKeys: the host has made no key yet
    "host runtime",  # ARM, listKeys: there is no host to ask yet (azure-functions-host#6568)
    "url validation",  # Event Grid: its handshake was not answered (azure-docs#107285)
    "validation handshake",  # the same, in other words (azure-functions-host#6402)
    "validate the provided endpoint",  # the same, in older words (Azure-Functions#1007)
)
"""What the services say while the deployed app is still starting, in lower case."""


def main(arguments: Sequence[str]) -> int:
    """Run the hook: 0 if every subscription is there or none is wanted, 1 with the reason on stderr."""
    options = _options(arguments)
    try:
        _wire(os.environ, options.tries, options.wait)
    except HookError as error:
        print(f"Events are not wired: {error}", file=sys.stderr)  # noqa: T201 - azd shows what a hook prints
        return 1
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=TRIES, help="deployments before giving up")
    parser.add_argument(
        "--wait", type=float, default=FIRST_WAIT_SECONDS, help="seconds before the second; then doubled"
    )
    return parser.parse_args(arguments)


def _wire(environ: Mapping[str, str], tries: int, wait: float) -> None:
    wanted = event_subscriptions(_functions(environ), environ)
    if not wanted:
        _tell("No blob trigger has the source EventGrid (BLOB_TRIGGER_SOURCE): the app polls, no event is wired.")
        return
    _check(environ)
    for each in wanted:
        _tell(f"{each['subjectBeginsWith']}*{each['subjectEndsWith']} -> {each['functionName']}")
    _deploy_patiently(environ, wanted, tries, wait)
    _tell(f"{len(wanted)} event subscriptions are in place.")


def _functions(environ: Mapping[str, str]) -> tuple[IndexedFunction, ...]:
    try:
        return index_app(ROOT, environ)
    except IndexingError as error:
        raise HookError(
            f"The app's functions could not be read: {error}. This needs Python 3.13 and the packages of "
            f"{ROOT / 'requirements.txt'}."
        ) from error


def _check(environ: Mapping[str, str]) -> None:
    missing = [name for name in NEEDED if not environ.get(name)]
    if missing:
        raise HookError(
            f"{', '.join(missing)} is not in the environment. azd sets it after azd provision; by hand, take the "
            "values of azd env get-values."
        )


def _deploy_patiently(environ: Mapping[str, str], wanted: list[dict[str, str]], tries: int, wait: float) -> None:
    """Deploy; while the app is still starting, again after a wait. Making what is there already changes nothing."""
    for attempt, pause in zip(range(1, tries + 1), _waits(wait), strict=False):
        try:
            return _deploy(environ, wanted)
        except DeploymentFailed as error:
            _give_up_if(last=attempt == tries, error=error)
        _tell(f"The app is not ready to answer Event Grid yet; try {attempt + 1} of {tries} in {pause:g} seconds.")
        time.sleep(pause)
    return None


def _give_up_if(*, last: bool, error: DeploymentFailed) -> None:
    """Raises HookError if the failure is none that passes, or this was the last try."""
    if not any(words in str(error).lower() for words in NOT_YET):
        raise HookError(f"the deployment failed: {error}") from error
    if last:
        raise HookError(
            "the app never answered Event Grid. Is it running, and are its functions listed in the portal? Then run "
            f"azd deploy again. The last answer: {error}"
        ) from error


def _deploy(environ: Mapping[str, str], wanted: list[dict[str, str]]) -> None:
    deploy(
        TEMPLATE,
        environ["AZURE_SUBSCRIPTION_ID"],
        environ["AZURE_RESOURCE_GROUP"],
        {
            "functionAppName": environ["FUNCTION_APP_NAME"],
            "eventTopicName": environ["EVENT_TOPIC_NAME"],
            "trainingStorageName": environ["TRAINING_STORAGE_NAME"],
            "deadLetterContainer": environ["DEAD_LETTER_CONTAINER"],
            "subscriptions": wanted,
        },
    )


def _waits(first: float) -> Iterator[float]:
    """Seconds before each further try."""
    while True:
        yield min(first, LONGEST_WAIT_SECONDS)
        first *= 2


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - azd shows what a hook prints
