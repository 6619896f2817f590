"""Point 10: least rights. What is documented is what is done; a signature opens what it is for and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from azure.storage.blob import BlobServiceClient

from devstack.azurite import Azurite
from tests.reliability.finding import Finding
from tests.reliability.rights_documented import documented
from tests.reliability.rights_measured import Rights, measured
from tests.reliability.rights_references import Yard, tried


def findings() -> Iterator[Finding]:
    """Both; under half a minute."""
    yield compared(documented(), measured())
    yield references()


def compared(written: Rights, done: Rights) -> Finding:
    """Whether docs/rights.md says exactly what the app did."""
    places = sorted(written.keys() | done.keys())
    troubles = tuple(
        f"{on}: documented {sorted(written.get(on, ()))}, done {sorted(done.get(on, ()))}"
        for on in places
        if written.get(on) != done.get(on)
    )
    operations = sum(map(len, done.values()))
    return Finding(
        "what the app does on each container and service is what docs/rights.md says",
        len(places),
        len(places) - len(troubles),
        f"{operations} kinds of operation",
        troubles,
    )


def references() -> Finding:
    """Everything that a signature is not for, tried with it on real storage."""
    with (
        TemporaryDirectory(prefix="relearner-rights-") as folder,
        Azurite.start(Path(folder)) as azurite,
        BlobServiceClient.from_connection_string(azurite.connection_string) as storage,
    ):
        tries = [each for permission in ("r", "cw") for each in tried(Yard(storage), permission)]
    troubles = tuple(f"{what}: {wrong}" for what, wrong in tries if wrong)
    return Finding(
        "with a signature for one blob: everything else in the account, and anything once it is over",
        len(tries),
        len(tries) - len(troubles),
        troubles=troubles,
    )
