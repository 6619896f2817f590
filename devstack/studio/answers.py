"""The forms of answers that every service gives."""

import json

from flask import Response


def json_answer(body: object, status: int = 200) -> Response:
    """A JSON answer without a trailing newline: published clients cut the job id's quotes off blindly."""
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")


def nothing() -> Response:
    """204, without a body."""
    return Response(status=204)
