"""HTTP requests and answers as the worker protocol carries them (RpcHttp)."""

from collections.abc import Iterable

from werkzeug.wrappers import Request, Response

from devstack.trigger_host.protobuf_stand_in import Message, TypedData


def as_typed_data(request: Request, route_parameters: dict[str, str]) -> TypedData:
    """Return the request as the host hands it to the worker: the body as bytes, repeated values joined by commas."""
    return TypedData(
        http=Message(
            method=request.method,
            url=request.url,
            headers=_joined(request.headers.items()),
            params=route_parameters,
            query=_joined(request.args.items(multi=True)),
            body=TypedData(bytes=request.get_data()),
        )
    )


def as_response(value: TypedData | None) -> Response:
    """Return the answer to a request from what the function returned: an HttpResponse, or text."""
    if value is None:
        return Response(status=204)
    if value.kind == "http":
        http = value.http
        return Response(_content(http.body), status=int(http.status_code), headers=http.headers)
    return Response(_content(value), content_type="text/plain; charset=utf-8")


def _joined(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for name, value in items:
        values.setdefault(name, []).append(value)
    return {name: ",".join(several) for name, several in values.items()}


def _content(body: TypedData) -> bytes:
    value = vars(body)[body.kind]
    return value if isinstance(value, bytes) else str(value).encode()
