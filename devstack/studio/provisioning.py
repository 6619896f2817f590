"""The workspace the studio starts with: the two web services of the article, with its names.

Seed names: a training web service, and a predictive one with its `default` endpoint and the updatable `endpoint2`.
"""

import base64
import json
import secrets
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from devstack.studio.workspace import (
    MODEL_EXTENSIONS,
    TABLE_EXTENSIONS,
    Endpoint,
    Resource,
    WebService,
    Workspace,
)

RESOURCE_NAME: Final = "Training Exp for ADF ML [trained model]"
UPDATABLE_ENDPOINT: Final = "endpoint2"
INPUT_PORT: Final = "input1"
MODEL_PORT: Final = "output1"
EVALUATION_PORT: Final = "output2"


def _key() -> str:
    return secrets.token_urlsafe(48)


def _principal_secret() -> str:
    # With the characters that a form has to encode: real ones have them too, and clients that forget it break.
    return f"{base64.b64encode(secrets.token_bytes(30)).decode()}+/="


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one studio; fresh ones unless given. Any of them may be given alone.

    `service_principal` and `service_principal_without_role` are secrets of their service principals; `signing` is
    what tokens and operation URLs are signed with.
    """

    workspace_token: str = field(default_factory=_key, repr=False)
    training: str = field(default_factory=_key, repr=False)
    training_secondary: str = field(default_factory=_key, repr=False)
    scoring_default: str = field(default_factory=_key, repr=False)
    scoring_default_secondary: str = field(default_factory=_key, repr=False)
    scoring: str = field(default_factory=_key, repr=False)
    scoring_secondary: str = field(default_factory=_key, repr=False)
    arm_scoring: str = field(default_factory=_key, repr=False)
    arm_scoring_secondary: str = field(default_factory=_key, repr=False)
    service_principal: str = field(default_factory=_principal_secret, repr=False)
    service_principal_without_role: str = field(default_factory=_principal_secret, repr=False)
    signing: str = field(default_factory=_key, repr=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Keys from a JSON file with some or all of these names. Raises ValueError or TypeError for any other."""
        return cls(**json.loads(path.read_text("utf-8")))

    def write(self, path: Path) -> None:
        """Write them where only the file's owner can read them."""
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def provision(keys: Keys) -> Workspace:
    """A fresh workspace. Its ids are always the same, so that a restarted studio has the same URLs."""
    training = WebService(
        id=_id("training service"),
        name="Training Exp for ADF ML",
        endpoints=(Endpoint(_id("training"), "default", keys.training, keys.training_secondary),),
        inputs={INPUT_PORT: TABLE_EXTENSIONS},
        outputs={MODEL_PORT: MODEL_EXTENSIONS, EVALUATION_PORT: (".csv",)},
    )
    scoring = WebService(
        id=_id("scoring service"),
        name="Scoring Exp for ADF ML",
        endpoints=(
            _scoring_endpoint("default", keys.scoring_default, keys.scoring_default_secondary),
            _scoring_endpoint(UPDATABLE_ENDPOINT, keys.scoring, keys.scoring_secondary),
        ),
    )
    return Workspace(_id("workspace"), keys.workspace_token, (training, scoring))


def _scoring_endpoint(name: str, primary: str, secondary: str) -> Endpoint:
    return Endpoint(_id(f"scoring {name}"), name, primary, secondary, (Resource(RESOURCE_NAME),))


def stable_guid(what: str) -> str:
    """The GUID of something that the studio starts with: always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"relearner-studio/{what}"))


def _id(what: str) -> str:
    return stable_guid(what).replace("-", "")
