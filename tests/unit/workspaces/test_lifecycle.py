"""Whether a workspace may change, be put aside, or end."""

from dataclasses import replace

import pytest

from tenantry.kit.ids import new_id
from tenantry.tenancy.workspaces.model import (
    OPEN,
    PRIVATE,
    DefaultWorkspace,
    Workspace,
    WorkspaceArchived,
)
from tenantry.tenancy.workspaces.rules import ensure_archivable, ensure_changeable
from tests.unit.roles_of import NOW

LAB = Workspace(new_id(), new_id(), "Lab", "lab", "", False, OPEN, {}, None, NOW, NOW)
DEFAULT = replace(LAB, is_default=True)
ARCHIVED = replace(LAB, archived_at=NOW)


@pytest.mark.parametrize("before", [OPEN, PRIVATE])
@pytest.mark.parametrize("after", [OPEN, PRIVATE])
def test_one_that_is_not_the_default_is_shown_and_hidden_freely(before: str, after: str) -> None:
    ensure_changeable(replace(LAB, visibility=before), replace(LAB, visibility=after))


def test_the_default_one_is_renamed_and_never_hidden() -> None:
    ensure_changeable(DEFAULT, replace(DEFAULT, name="Home"))
    with pytest.raises(DefaultWorkspace):
        ensure_changeable(DEFAULT, replace(DEFAULT, visibility=PRIVATE))


@pytest.mark.parametrize("changed", [ARCHIVED, replace(ARCHIVED, name="Other")])
def test_an_archived_one_changes_in_nothing(changed: Workspace) -> None:
    with pytest.raises(WorkspaceArchived):
        ensure_changeable(ARCHIVED, changed)


def test_every_one_ends_but_the_default_one() -> None:
    ensure_archivable(LAB)
    ensure_archivable(ARCHIVED)
    with pytest.raises(DefaultWorkspace):
        ensure_archivable(DEFAULT)
