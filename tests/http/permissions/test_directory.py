"""The directory's functions about permissions say what the code says."""

from typing import Any

import psycopg
import pytest
from tools.permission_functions import FOLDER, functions

from tenantry.authz.builtin_permissions import BUILT_IN, RESERVED_NOUNS, counting_in_workspace

PRODUCTS = ["invoice:read", "workspaces:read", "org:read", "api:key", "apikkey:manage"]


def test_the_functions_follow_from_the_definitions() -> None:
    """Fails where a definition has changed and `make openapi` has not run since."""
    for name, text in functions().items():
        assert (FOLDER / name).read_text() == text, "run `make openapi`"


@pytest.mark.parametrize("name", [*BUILT_IN, *PRODUCTS])
def test_sql_and_code_agree_on_what_counts_in_a_workspace(
    admin: psycopg.Connection[Any], name: str
) -> None:
    row = admin.execute("select directory.counts_in_workspace(%s)", [name]).fetchone()
    assert row == (bool(counting_in_workspace([name])),)


def test_no_noun_of_ours_counts_in_a_workspace_by_being_forgotten(
    admin: psycopg.Connection[Any],
) -> None:
    ours = {name.partition(":")[0] for name in BUILT_IN}
    assert ours <= RESERVED_NOUNS
    for noun in ours:
        row = admin.execute(
            "select directory.counts_in_workspace(%s)", [f"{noun}:anything"]
        ).fetchone()
        assert row == (False,)


def test_admin_permits_what_the_product_declares_and_others_what_they_hold(
    admin: psycopg.Connection[Any],
) -> None:
    held = ["event:read"]
    with admin.transaction(force_rollback=True):
        admin.execute("delete from permissions")
        admin.execute(
            "insert into permissions values ('task:do', '', now(), now()),"
            " ('invoice:read', '', now(), now())"
        )
        everything = admin.execute(
            "select directory.permissions_of('admin', %s), directory.permissions_of('other', %s)",
            [held, held],
        ).fetchone()
    assert everything == (["event:read", "invoice:read", "task:do"], held)
