"""The studio as one WSGI app: its services, and what is said when something goes wrong."""

import logging

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from devstack.studio.answers import json_answer
from devstack.studio.bes.routes import bes
from devstack.studio.cloud import Cloud
from devstack.studio.control.routes import control
from devstack.studio.errors import Refusal, class_of_status, error_body
from devstack.studio.identity.routes import token
from devstack.studio.management.routes import management
from devstack.studio.resource_manager.paths import AnyLetterCase
from devstack.studio.resource_manager.routes import arm
from devstack.studio.rrs.arm_routes import arm_rrs
from devstack.studio.rrs.routes import rrs
from devstack.studio.traffic import watch

_log = logging.getLogger(__name__)


def make_app(cloud: Cloud) -> Flask:
    """All routes over this state. Each service is a blueprint of its own."""
    app = Flask("devstack.studio", static_folder=None)
    app.url_map.strict_slashes = False
    for service in (bes, rrs, management, token, arm, arm_rrs, control):
        app.register_blueprint(service)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _no_such_route)
    app.register_error_handler(Exception, _failed)
    app.wsgi_app = AnyLetterCase(app.wsgi_app)  # type: ignore[method-assign] # Flask's own way to wrap it
    watch(app, cloud)
    cloud.bind(app)
    return app


def _refused(refusal: Refusal) -> Response:
    answer = json_answer(refusal.body(), refusal.status)
    answer.headers.update(refusal.headers)
    return answer


def _no_such_route(error: HTTPException) -> Response:
    status = error.code or 500
    code = {404: "PathNotFound", 405: "VerbNotAllowed"}.get(status, "RequestBodyInvalid")
    return json_answer(error_body(*class_of_status(status), code, error.description or error.name), status)


def _failed(error: Exception) -> Response:
    _log.error("the studio itself failed", exc_info=error)
    return json_answer(Refusal("UnknownError").body(), 500)
