"""What happens to every call on its way in and out: a request id, a line in the log, a fault if one is on order."""

import time
import uuid
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import ClientDisconnected

from devstack.studio.answers import json_answer
from devstack.studio.broken_answers import cut_in_half, dripping, dropped, junk, reset_midway
from devstack.studio.cloud import Cloud
from devstack.studio.errors import class_of_status, error_body
from devstack.studio.faults import TRANSPORT_FAULTS, Fault, FaultKind
from devstack.studio.identity.refusals import token_error_body
from devstack.studio.request_log import open_body, open_query
from devstack.studio.resource_manager.paths import PATH_AS_SENT

_HTML: Final = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


def watch(app: Flask, cloud: Cloud) -> None:
    """Watch every call of this app but the control API's."""

    @app.before_request
    def come_in() -> Response | None:
        g.request_id, g.received_at, g.started = str(uuid.uuid4()), datetime.now(UTC), time.monotonic()
        g.fault = None if _is_control() else cloud.faults.strike(_route(), TRANSPORT_FAULTS)
        return _instead(g.fault) if g.fault else None

    @app.after_request
    def go_out(answer: Response) -> Response:
        answer.headers["x-ms-request-id"] = g.request_id
        if g.fault:
            answer = _spoiled(answer, g.fault)
        if not _is_control():
            _note(cloud, answer)
        return answer


def _route() -> str:
    return request.endpoint or ""


def _is_control() -> bool:
    return request.path.startswith("/_control/")


def _instead(fault: Fault) -> Response | None:
    """The answer to give without carrying the call out; None if it shall be carried out."""
    match fault.kind:
        case FaultKind.HTTP_ERROR:
            return _error_answer(fault)
        case FaultKind.GARBAGE:
            return Response(_HTML, fault.status or 200, content_type="text/html")
        case FaultKind.LOST_REQUEST:
            return dropped()
        case FaultKind.SLOW:
            time.sleep(fault.seconds)
    return None


def _error_answer(fault: Fault) -> Response:
    status = fault.status or 503
    if _route().startswith("token."):
        answer = json_answer(token_error_body(fault.code, fault.message), status)
    else:
        answer = json_answer(error_body(*class_of_status(status), fault.code, fault.message), status)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = f"{fault.retry_after:g}"
    return answer


def _spoiled(answer: Response, fault: Fault) -> Response:
    match fault.kind:
        case FaultKind.LOST_REPLY:
            return dropped()
        case FaultKind.RESET:
            return reset_midway(answer)
        case FaultKind.TRUNCATED:
            return cut_in_half(answer)
        case FaultKind.JUNK:
            return junk(fault.status or 200)
        case FaultKind.DRIP:
            return dripping(answer, fault.seconds)
    return answer


def _note(cloud: Cloud, answer: Response) -> None:
    cloud.requests.add(
        received_at=g.received_at.isoformat(),
        method=request.method,
        path=request.environ.get(PATH_AS_SENT, request.path),
        route=_route(),
        query=open_query(request.args),
        body=_body(),
        status=answer.status_code,
        seconds=round(time.monotonic() - g.started, 6),
        fault=str(g.fault.kind) if g.fault else "",
        request_id=g.request_id,
    )


def _body() -> object:
    """What was sent, without its secrets; of a caller who died in the middle of it, that."""
    try:
        return open_body(request.get_data(), request.content_type or "")
    except ClientDisconnected:
        return "cut off by the caller"
