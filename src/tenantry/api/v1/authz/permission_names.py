"""Permission names in bodies, queries and paths: built-in ones, or the product's."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from tenantry.authz.builtin_permissions import (
    OFFERED,
    PRODUCT_PATTERN,
    is_permission,
    is_product_permission,
)


def _permission(value: str) -> str:
    if not is_permission(value):
        raise ValueError("must be a permission, such as workspace:read or invoice:approve")
    return value


def _product_permission(value: str) -> str:
    if not is_product_permission(value):
        raise ValueError("must be noun:verb in lowercase letters, with a noun that is not built in")
    return value


PermissionName = Annotated[
    str,
    AfterValidator(_permission),
    WithJsonSchema(
        {
            "type": "string",
            "description": "One of ours, or one that the product has declared.",
            "anyOf": [{"enum": OFFERED}, {"pattern": PRODUCT_PATTERN}],
        }
    ),
]
ProductPermissionName = Annotated[
    str,
    AfterValidator(_product_permission),
    WithJsonSchema({"type": "string", "pattern": PRODUCT_PATTERN}),
]
