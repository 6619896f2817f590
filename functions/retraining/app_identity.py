"""The app's own identity: managed in Azure, the user's login on a laptop. Storage and Resource Manager share it."""

from functools import cache
from typing import TYPE_CHECKING

from .credential_log import keep_answers_out_of_log
from .transport import bounded_transport

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

RETRIES = 1
"""Of a request for a token. A run's lease must outlast them, and whoever asked comes again."""


@cache
def app_identity(client_id: str | None = None) -> "TokenCredential":
    """DefaultAzureCredential; `client_id` names a user-assigned identity, else `AZURE_CLIENT_ID` may.

    One per process and client id, because it keeps its tokens. Nothing is asked of anybody yet.
    """
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - a quarter of a second, only where it is used

    keep_answers_out_of_log()
    named = {"managed_identity_client_id": client_id} if client_id else {}
    return DefaultAzureCredential(
        exclude_interactive_browser_credential=True, transport=bounded_transport(), retry_total=RETRIES, **named
    )
