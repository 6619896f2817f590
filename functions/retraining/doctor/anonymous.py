"""A service that is called without any key or token: for addresses that carry their signature, and for a first look."""

from typing import Any

from azure.core.pipeline.policies import SansIOHTTPPolicy

from functions.retraining.azureml.pipeline import PipelineService


def anonymous_service() -> PipelineService:
    """Sends nothing secret of its own; one call, no retries, with the timeouts that all services are called with."""
    return PipelineService(_no_authentication)


def _no_authentication() -> SansIOHTTPPolicy[Any, Any]:
    return SansIOHTTPPolicy()
