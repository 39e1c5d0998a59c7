"""Metadata: what programs keep with a resource, as its fields in bodies."""

from typing import Annotated, Any, cast

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from tenantry.api.schemas.fields import LINE_PATTERN, ONE_LINE, TEXT_PATTERN, Body, Values

MOST_METADATA = 50


def _few(value: Any) -> Any:
    """Check the count first, so that a hundred thousand keys are not checked one by one."""
    if isinstance(value, dict) and len(cast(Values, value)) > MOST_METADATA:
        raise ValueError(f"must have at most {MOST_METADATA} keys")
    return cast(Any, value)


MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=40), ONE_LINE]
MetadataValue = Annotated[str, StringConstraints(max_length=500)]
Metadata = Annotated[
    dict[MetadataKey, MetadataValue],
    BeforeValidator(_few),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MOST_METADATA,
            "propertyNames": {"minLength": 1, "maxLength": 40, "pattern": LINE_PATTERN},
            "additionalProperties": {"type": "string", "maxLength": 500, "pattern": TEXT_PATTERN},
        }
    ),
]
MetadataPatch = Annotated[
    dict[MetadataKey, MetadataValue | None],
    BeforeValidator(_few),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MOST_METADATA,
            "propertyNames": {"minLength": 1, "maxLength": 40, "pattern": LINE_PATTERN},
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": 500, "pattern": TEXT_PATTERN},
                    {"type": "null"},
                ]
            },
        }
    ),
]


def changes_of(body: Body) -> dict[str, Any]:
    """What a PATCH names; metadata is a patch by itself."""
    given = body.model_dump(exclude_unset=True)
    if "metadata" in given:
        given["metadata_patch"] = given.pop("metadata")
    return given
