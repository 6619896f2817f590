"""Runs of this suite's own, good and bad, so that the search for secrets always has something to look through."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from devstack.azurite import Azurite
from devstack.studio import Fault, FaultKind
from functions.retraining.core.errors import RelearnerError
from functions.retraining.core.run import RunStatus
from tests.e2e.house import House
from tests.reliability.artefacts import ARTEFACTS
from tests.reliability.service_faults.calls import Kind
from tests.reliability.service_faults.stage import Stage

WRONG_KEY = "planted-wrong-key-Zm9vYmFy+/=="


def keep_own_artefacts() -> None:
    """A good run and several bad ones with each kind of scoring web service: all that they wrote down is kept."""
    with (
        TemporaryDirectory(prefix="relearner-secrets-") as folder,
        Azurite.start(Path(folder)) as azurite,
        Stage.open(azurite) as stage,
    ):
        for kind in Kind:
            for what, happens in HAPPENINGS.items():
                with stage.house(kind) as house:
                    happens(house)
                    _keep(f"secrets, {kind} {what}", house)


def _good(house: House) -> None:
    run = house.ended(house.begun())
    assert run.status is RunStatus.SUCCEEDED, run.failure


def _refused(house: House) -> None:
    """Every kind of call is refused or fails once, in the service's own words."""
    for route in ("bes.submit", "bes.start", "bes.status", "management.patch_endpoint", "arm.patch_web_service"):
        house.studio.inject(Fault(FaultKind.HTTP_ERROR, route, status=503, count=1))
    house.ended(house.begun())


def _wrong_keys(house: House) -> None:
    for name in ("TRAINING_API_KEY", "SCORING_API_KEY", "SCORING_SERVICE_PRINCIPAL_KEY"):
        house.settings[name] = WRONG_KEY
    house.restart()
    house.ended(house.begun())


def _wrong_account_key(house: House) -> None:
    """The whole storage account refuses: the doors raise, and say so."""
    house.upload()
    house.settings["TrainingStorage"] = house.settings["TrainingStorage"].replace("AccountKey=E", "AccountKey=F")
    ARTEFACTS.must_not_hold(house.settings["TrainingStorage"].partition("AccountKey=")[2].partition(";")[0])
    house.restart()
    try:
        house.ended(house.arrives())
    except RelearnerError as error:
        ARTEFACTS.keep("secrets: errors", f"{error!r} {error}\n")


HAPPENINGS: Mapping[str, Callable[[House], None]] = {
    "good run": _good,
    "calls that fail": _refused,
    "wrong keys": _wrong_keys,
    "wrong account key": _wrong_account_key,
}


def _keep(name: str, house: House) -> None:
    ARTEFACTS.must_not_hold(WRONG_KEY, *house.secrets())
    ARTEFACTS.keep(f"{name}: log", house.log.text)
    ARTEFACTS.keep(f"{name}: what the studio saw", json.dumps([seen.to_wire() for seen in house.studio.requests]))
    for document, text in house.state().items():
        ARTEFACTS.keep(f"{name}: document {document}", text)
