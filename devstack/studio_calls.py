"""Calls to a running studio, from this process or another: its controls and its scoring service."""

from dataclasses import dataclass, field
from typing import Any

import requests

from devstack.examples import Sample

SECONDS = 30


@dataclass(frozen=True)
class StudioCalls:
    """A studio by its address, the file its certificate is trusted by, and the scoring endpoint's key."""

    url: str
    ca_bundle: str
    scoring_execute_url: str
    scoring_api_key: str = field(repr=False)

    @classmethod
    def of(cls, settings: dict[str, str]) -> "StudioCalls":
        """The studio that these app settings point at."""
        endpoint = settings["SCORING_ML_ENDPOINT"]
        return cls(
            url="/".join(endpoint.split("/")[:3]),
            ca_bundle=settings["REQUESTS_CA_BUNDLE"],
            scoring_execute_url=f"{endpoint.removesuffix('/jobs')}/execute",
            scoring_api_key=settings["SCORING_API_KEY"],
        )

    def accuracy(self, sample: Sample) -> float:
        """Score the sample's rows with the model that is live now; the share it gets right (0 to 1)."""
        answer = requests.post(
            self.scoring_execute_url,
            params={"api-version": "2.0", "details": "true"},
            headers={"Authorization": f"Bearer {self.scoring_api_key}"},
            json=sample.to_score(),
            verify=self.ca_bundle,
            timeout=SECONDS,
        )
        answer.raise_for_status()
        table = next(iter(answer.json()["Results"].values()))["value"]
        column = table["ColumnNames"].index("Scored Labels")
        return sample.accuracy([row[column] for row in table["Values"]])

    def live_model(self) -> str:
        """Where the model lies that the scored endpoint points to: `container/name`, or empty."""
        name = "ScoringExpForADFML" if "/subscriptions/" in self.scoring_execute_url else "endpoint2"
        endpoint = next(each for each in self._get("models") if each["endpoint"] == name)
        return str(endpoint["relative_location"] or "")

    def job_statuses(self) -> dict[str, str]:
        """The status of every job, by its id."""
        return {job["id"]: job["status"] for job in self._get("jobs")}

    def requests_seen(self) -> list[dict[str, Any]]:
        """The calls the studio has seen, oldest first, without secrets."""
        seen: list[dict[str, Any]] = self._get("requests")
        return seen

    def _get(self, what: str) -> Any:  # noqa: ANN401 - JSON
        answer = requests.get(f"{self.url}/_control/{what}", verify=self.ca_bundle, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()
