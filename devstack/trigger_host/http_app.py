"""The HTTP side as a WSGI application: the function routes under their prefix, the blob webhook, the admin routes.

As the real host answers: 404 with no body where no route matches path and method, 401 without a fitting key, 500
with no body when the function fails.
"""

from collections.abc import Iterable

from werkzeug.wrappers import Request, Response

from devstack.trigger_host.admin import Admin
from devstack.trigger_host.blob_webhook import BLOB_WEBHOOK, BlobWebhook
from devstack.trigger_host.host_keys import HostKeys
from devstack.trigger_host.http_message import as_response, as_typed_data
from devstack.trigger_host.invocations import Invocations
from devstack.trigger_host.triggers import HttpTrigger


class HttpApp:
    """Answers requests. Every method may be called by many threads at once."""

    def __init__(
        self,
        triggers: Iterable[HttpTrigger],
        prefix: str,
        keys: HostKeys,
        invocations: Invocations,
        admin: Admin,
        blob_webhook: BlobWebhook | None,
    ) -> None:
        self._triggers = sorted(triggers, key=lambda trigger: trigger.route.precedence)
        self._prefix = f"/{prefix}/" if prefix else "/"
        self._keys = keys
        self._invocations = invocations
        self._admin = admin
        self._blob_webhook = blob_webhook

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        # The raw path keeps an encoded slash apart from a real one, which PATH_INFO does not.
        path = str(request.environ["REQUEST_URI"]).partition("?")[0]
        if path.startswith("/admin/"):
            return self._admin_answer(request, path)
        if path.casefold() == BLOB_WEBHOOK:
            return self._webhook_answer(request)
        matched = self._match(request.method, path)
        if matched is None:
            return Response(status=404)
        trigger, parameters = matched
        if not self._keys.admit(trigger.auth_level, _key(request)):
            return Response(status=401)
        reason = f"{request.method} {path}"
        result = self._invocations.run(trigger, as_typed_data(request, parameters), reason)
        return as_response(result.return_value) if result.succeeded else Response(status=500)

    def _match(self, method: str, path: str) -> tuple[HttpTrigger, dict[str, str]] | None:
        if not path.casefold().startswith(self._prefix.casefold()):
            return None
        for trigger in self._triggers:
            parameters = trigger.route.match(path[len(self._prefix) :])
            if parameters is not None and (not trigger.methods or method in trigger.methods):
                return trigger, parameters
        return None

    def _admin_answer(self, request: Request, path: str) -> Response:
        if not self._keys.admit("admin", _key(request)):
            return Response(status=401)
        return self._admin.answer(request.method, path)

    def _webhook_answer(self, request: Request) -> Response:
        if self._blob_webhook is None:
            return Response(status=404)
        if not self._keys.admit("system", _key(request)):
            return Response(status=401)
        return self._blob_webhook.answer(request)


def _key(request: Request) -> str:
    return request.headers.get("x-functions-key") or request.args.get("code") or ""
