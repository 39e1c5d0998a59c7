"""The API as FastAPI describes it: OpenAPI 3.1 from the same declarations that answer requests.

FastAPI is a tool of development here; the service serves the document that was written with it.
Why: docs/adr/0035-serve-the-committed-document.md.
"""

from collections.abc import Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Form, Header, Path, Query
from fastapi.responses import JSONResponse, Response
from fastapi.security import OAuth2PasswordBearer
from tools.openapi import examples

from tenantry import __version__
from tenantry.api.context import ReadContext
from tenantry.api.routing.operations import Operation
from tenantry.api.schemas.problems import OAuthError, Problem
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import PATH_IDS, PATH_NAMES, Requirement

_TAGS = {
    "organizations": "Organizations and their content.",
    "workspaces": "Workspaces of an organization, visible to all members or private.",
    "roles": "Named sets of permissions.",
    "access": "Access checks with explanations, and the permission catalog.",
    "members": "Members of an organization.",
    "invitations": "Invitations to join an organization with a role.",
    "api_keys": "API keys let programs act in one organization with a role.",
    "service_accounts": "Non-human identities in an organization.",
    "auth": "Sign-up, tokens and passwords.",
    "me": "The caller's own account.",
    "operator": "For operators, who manage organizations and users but cannot see their content.",
}
_bearer = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/token", refreshUrl="/api/v1/auth/token", scheme_name="password"
)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document (OpenAPI 3.1), with the one shape that every problem has."""
    app = FastAPI(
        title="Tenantry",
        version=__version__,
        description="Organizations, workspaces, roles, members and invitations.",
        openapi_tags=[{"name": name, "description": told} for name, told in _TAGS.items()],
    )
    for operation in operations:
        _describe(app, operation)
    made = app.openapi()
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    made["components"]["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
    _leave_out_unused(made)
    for operation in operations:
        _exemplify(made, operation)
    return made


def _describe(app: FastAPI, operation: Operation) -> None:
    app.add_api_route(
        operation.path,
        _StandIn(operation),
        methods=[operation.method],
        status_code=operation.status,
        response_model=operation.result,
        response_class=JSONResponse if operation.result else Response,
        summary=_summary(operation),
        description=_description(operation),
        operation_id=operation.id,
        tags=list(operation.tags),
        responses=_refusals(operation),
    )


def _exemplify(document: dict[str, Any], operation: Operation) -> None:
    """Give the body its example: tools would else invent one, by patterns, that is refused."""
    if operation.body is None:
        return
    described = document["paths"][operation.path][operation.method.lower()]
    if 428 in operation.refusals:
        headers = {each["name"]: each for each in described["parameters"]}
        headers["If-Match"]["example"] = "*"  # whatever version there is
    example = examples.BODIES[operation.id]
    for media in described["requestBody"]["content"].values():
        media["example"] = example
    if operation.form:
        # Fields of a form are filled in one by one.
        fields = document["components"]["schemas"][operation.body.__name__]["properties"]
        for name, value in example.items():
            fields[name]["example"] = value


def _leave_out_unused(document: dict[str, Any]) -> None:
    """Take out what FastAPI says of its own validation, which our calls do not use."""
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
    for described in document["paths"].values():
        for call in described.values():
            if "HTTPValidationError" in str(call["responses"].get("422")):
                del call["responses"]["422"]


def _summary(operation: Operation) -> str:
    paragraph = operation.described.partition("\n\n")[0]
    return " ".join(paragraph.split()).rstrip(".").replace("`", "")


def _description(operation: Operation) -> str:
    text = operation.described
    if isinstance(operation.access, Permission):
        text += f"\n\nRequires the permission `{operation.access.value}`."
    if operation.access is Requirement.OPERATOR:
        text += "\n\nFor operators only."
    return text


class _StandIn:
    """What FastAPI takes for a function, to read the inputs from its signature. Never called."""

    def __init__(self, operation: Operation) -> None:
        parameters = [
            *_path_parameters(operation),
            *_query_parameter(operation),
            *_header_parameters(operation),
            *_body_parameter(operation),
        ]
        if operation.access is not Requirement.ANYONE:
            parameters.append(_parameter("bearer", str, Depends(_bearer)))
        self.__signature__ = Signature(parameters)

    async def __call__(self) -> None: ...


def _parameter(name: str, type_: Any, marker: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[type_, marker])


def _path_parameters(operation: Operation) -> list[Parameter]:
    return [_parameter(name, str, Path(pattern=_PATTERNS[name])) for name in operation.parameters]


def _query_parameter(operation: Operation) -> list[Parameter]:
    return [_parameter("query", operation.query, Query())] if operation.query else []


def _header_parameters(operation: Operation) -> list[Parameter]:
    headers = list[Any]()
    if operation.context is ReadContext and not operation.is_list:
        told = "The ETag of your copy; 304 if it is current."
        headers.append(Header(alias="If-None-Match", description=told))
    if operation.method == "PATCH":
        told = "The ETag of the version to change; 412 if it is not current."
        headers.append(Header(alias="If-Match", description=told))
    if operation.takes_key:
        told = "A repeated request with the same key returns the first response again."
        visible = "^[!-~]{1,255}$"
        headers.append(Header(alias="Idempotency-Key", description=told, pattern=visible))
    return [
        Parameter(
            header.alias.lower().replace("-", "_"),
            Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[str | None, header],
        )
        for header in headers
    ]


def _body_parameter(operation: Operation) -> list[Parameter]:
    if operation.body is None:
        return []
    return [_parameter("body", operation.body, Form() if operation.form else Body())]


def _refusals(operation: Operation) -> dict[int | str, dict[str, Any]]:
    statuses = set(operation.refusals) | {503}
    if operation.access is not Requirement.ANYONE:
        # Whom a trusted issuer knows may be refused on their way in, whatever they call.
        statuses |= {401, 403, 409}
    if operation.parameters:
        statuses.add(404)
    if operation.body is not None:
        statuses |= {400, 413, 415}
    if not operation.form:
        statuses.add(422)
    if operation.limited:
        statuses.add(429)
    described: dict[int | str, dict[str, Any]] = {
        status: {"description": _told(operation, status), **_content(operation, status)}
        for status in sorted(statuses)
    }
    if operation.raises_revision:
        described[operation.status] = {"headers": {"Tenantry-Revision": _REVISION}}
    if operation.makes:
        described[201] = {"description": _WORDS[201], "model": operation.result}
    if operation.context is ReadContext and not operation.is_list:
        described[304] = {"description": "Your copy is current."}
    return described


def _told(operation: Operation, status: int) -> str:
    if status == 413:
        return f"The body exceeds {operation.largest_body // 1024} KiB."
    return _WORDS[status]


def _content(operation: Operation, status: int) -> dict[str, Any]:
    if operation.form and status in (400, 401, 429):
        return {"model": OAuthError}
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"content": {"application/problem+json": {"schema": reference}}}


_PATTERNS = {**{name: kind.pattern for name, kind in PATH_IDS.items()}, **PATH_NAMES}
_REVISION = {
    "description": "The organization's revision after this change; later ones are greater.",
    "schema": {"type": "integer", "minimum": 1},
}
_WORDS = {
    201: "Created.",
    400: "The request is malformed.",
    401: "A valid access token is required.",
    403: "You may not do this.",
    404: "Not found, or you have no access.",
    409: "A rule or an existing resource conflicts with it; `code` says which.",
    410: "Already used, or expired.",
    412: "The resource has changed since the version in `If-Match`.",
    415: "The media type of the body is not supported.",
    422: "Some values are invalid; `errors` says which.",
    428: "`If-Match` is required.",
    429: "Too many requests; try again after `Retry-After` seconds.",
    503: "Busy, or the database or an issuer is down; try again after `Retry-After` seconds.",
}
