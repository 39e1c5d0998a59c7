"""How permissions are called, and in which order they are told."""

import pytest

from tenantry.authz.builtin_permissions import (
    BUILT_IN,
    DEVELOPER,
    NOUNS,
    RESERVED_NOUNS,
    VIEWER,
    Permission,
    counting_in_workspace,
    in_order,
    is_permission,
    is_product_permission,
)

GOOD = ["invoice:read", "invoice:approve_all", "a:b", "i18n:x2", f"{'n' * 40}:{'v' * 40}"]
BAD = [
    *("", "invoice", "invoice:", ":read", "invoice:read:all", "Invoice:read", "invoice:Read"),
    *("invoice:*", "invoice: read", " invoice:read", "invoice:read\n", "1nvoice:read"),
    *("_invoice:read", "invoice:_read", "in-voice:read", "in.voice:read", "ínvoice:read"),
    *(f"{'n' * 41}:v", f"n:{'v' * 41}"),
]


@pytest.mark.parametrize("name", GOOD)
def test_a_product_calls_its_own_noun_and_verb(name: str) -> None:
    assert is_product_permission(name)
    assert is_permission(name)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_noun_and_verb_is_no_permission(name: str) -> None:
    assert not is_product_permission(name)
    assert not is_permission(name)


@pytest.mark.parametrize("noun", sorted(RESERVED_NOUNS))
def test_our_nouns_are_no_products(noun: str) -> None:
    assert not is_product_permission(f"{noun}:paint")
    assert is_product_permission(f"{noun}s:paint")


def test_ours_are_permissions_and_no_products() -> None:
    assert all(is_permission(name) and not is_product_permission(name) for name in BUILT_IN)
    assert {name.partition(":")[0] for name in BUILT_IN} <= RESERVED_NOUNS


def test_each_is_told_once_ours_first() -> None:
    given = ["task:do", "event:read", "invoice:read", "organization:read", "event:read"]
    assert in_order(given) == ["organization:read", "event:read", "invoice:read", "task:do"]


def test_a_products_own_count_in_a_workspace() -> None:
    assert counting_in_workspace([*BUILT_IN, "invoice:read"]) == [
        *(each.value for each in Permission if each.definition.counts_in_workspace),
        "invoice:read",
    ]


def test_each_is_defined_in_words_of_its_own() -> None:
    definitions = [each.definition for each in Permission]
    assert len({each.description for each in definitions}) == len(Permission)
    assert len({each.label for each in definitions}) == len(Permission)
    assert {each.name.partition(":")[0] for each in definitions} == NOUNS.keys()
    assert {key for each in definitions for key in each.held_by} <= {DEVELOPER, VIEWER}
