"""The studio's controls over HTTP, for loopback only. What each takes and gives: docs/wire/studio.md."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, request

from devstack.studio.answers import json_answer, nothing
from devstack.studio.blob_reference import BlobReference
from devstack.studio.cloud import cloud
from devstack.studio.errors import ManagementRefusal
from devstack.studio.faults import Fault
from devstack.studio.provenance import assumed
from devstack.studio.publishing import publish

control = Blueprint("control", __name__, url_prefix="/_control")

_OURS: Final = "The studio's own control; the real service has none"


@control.before_request
def refuse_strangers() -> None:
    """No key opens the controls, so only this machine may use them."""
    if request.remote_addr not in ("127.0.0.1", "::1"):
        raise ManagementRefusal(403, "LoopbackOnly", "The controls answer this machine only.")


@control.get("/health")
@assumed(_OURS)
def health() -> Response:
    """The studio answers."""
    return json_answer({"status": "healthy"})


@control.get("/requests")
@assumed(_OURS)
def requests_seen() -> Response:
    """The calls seen, oldest first, without secrets; `?route=` and `?method=` choose."""
    route, method = request.args.get("route", ""), request.args.get("method", "").upper()
    return json_answer([seen.to_wire() for seen in cloud().requests.matching(route=route, method=method)])


@control.delete("/requests")
@assumed(_OURS)
def clear_requests() -> Response:
    """Forget the calls seen."""
    cloud().requests.clear()
    return nothing()


@control.get("/faults")
@assumed(_OURS)
def faults_pending() -> Response:
    """The faults on order."""
    return json_answer([fault.to_wire() for fault in cloud().faults.pending()])


@control.post("/faults")
@assumed(_OURS)
def inject() -> Response:
    """Order a fault."""
    _understood(lambda: cloud().faults.add(Fault.from_wire(_body())))
    return nothing()


@control.delete("/faults")
@assumed(_OURS)
def clear_faults() -> Response:
    """Take all orders back."""
    cloud().faults.clear()
    return nothing()


@control.get("/settings")
@assumed(_OURS)
def settings() -> Response:
    """The switches as they are."""
    return json_answer(cloud().settings.to_wire())


@control.patch("/settings")
@assumed(_OURS)
def change_settings() -> Response:
    """Change some of the switches; answers all of them."""
    cloud().settings = _understood(lambda: cloud().settings.changed(_body()))
    return json_answer(cloud().settings.to_wire())


@control.post("/reset")
@assumed(_OURS)
def reset() -> Response:
    """As it was at the start."""
    cloud().reset()
    return nothing()


@control.get("/models")
@assumed(_OURS)
def models() -> Response:
    """What each scoring service points to."""
    return json_answer(cloud().models())


@control.get("/jobs")
@assumed(_OURS)
def jobs() -> Response:
    """Every job, oldest first, and the training process that is at it."""
    return json_answer(
        [
            {"id": job.id, "status": job.status.text, "details": job.details, "pid": worker.pid if worker else None}
            for job, worker in ((job, job.worker) for job in cloud().jobs.all())
        ]
    )


@control.post("/publish")
@assumed(_OURS)
def publish_model() -> Response:
    """Train a model and put it behind the scoring services."""
    body = _body()
    model = _understood(lambda: publish(cloud(), body["examples"], BlobReference.from_wire(body["model"])))
    return json_answer(model.to_wire())


def _body() -> dict[str, Any]:
    body = request.get_json(force=True)
    if not isinstance(body, dict):
        raise ManagementRefusal(400, "ControlRefused", "The body is not a JSON object.")
    return body


def _understood[T](act: Callable[[], T]) -> T:
    try:
        return act()
    except (ValueError, TypeError, KeyError) as error:
        raise ManagementRefusal(400, "ControlRefused", str(error)) from error
