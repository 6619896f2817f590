"""A credential that asks nobody."""

import time
from typing import Any

from azure.core.credentials import AccessToken

from .made_up import TOKEN


class OneToken:
    """Gives one token for one scope, for an hour; refuses any other scope."""

    def __init__(self, scope: str) -> None:
        self._scope = scope

    def get_token(self, *scopes: str, **_options: Any) -> AccessToken:  # noqa: ANN401 - azure-core's protocol
        assert scopes == (self._scope,)
        return AccessToken(TOKEN, int(time.time()) + 3600)
