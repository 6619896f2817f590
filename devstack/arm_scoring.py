"""The sample pipeline with a scoring web service of the Resource Manager kind: the article's second variant."""

import json
import shutil
from pathlib import Path

from devstack.places import ROOT
from devstack.studio import Studio

LINKED_SERVICE = "updatableScoringEndpoint2"


def arm_settings(studio: Studio, folder: Path) -> dict[str, str]:
    """What the app settings have otherwise for this kind; the definitions that go with them are written to `folder`."""
    shutil.copytree(ROOT / "adf", folder, dirs_exist_ok=True)
    document = folder / "linkedService" / f"{LINKED_SERVICE}.json"
    document.write_text(json.dumps(_linked_service(), indent=4) + "\n", "utf-8")
    return {
        "ADF_FOLDER": str(folder.resolve()),
        "SCORING_ML_ENDPOINT": studio.arm_scoring_endpoint_url,
        "SCORING_API_KEY": studio.arm_scoring_api_key,
        "SCORING_UPDATE_RESOURCE_ENDPOINT": studio.arm_update_resource_endpoint,
        "SERVICE_PRINCIPAL_ID": studio.service_principal_id,
        "SERVICE_PRINCIPAL_KEY": studio.service_principal_key,
        "TENANT": studio.tenant,
        "AZURE_AUTHORITY_HOST": studio.authority,
        "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
    }


def _linked_service() -> dict[str, object]:
    """The sample's document, with the service principal that this kind wants."""
    sample = json.loads((ROOT / "adf" / "linkedService" / f"{LINKED_SERVICE}.json").read_text("utf-8"))
    sample["properties"]["typeProperties"] |= {
        "servicePrincipalId": "%SERVICE_PRINCIPAL_ID%",
        "servicePrincipalKey": "%SERVICE_PRINCIPAL_KEY%",
        "tenant": "%TENANT%",
    }
    document: dict[str, object] = sample
    return document
