"""The SQL functions that follow from the built-in permissions; `make openapi` writes them."""

from pathlib import Path

from tenantry.authz.builtin_permissions import NOUNS, Permission

FOLDER = Path(__file__).parents[1] / "src" / "tenantry" / "schema" / "functions"

_BUILT_IN = """\
-- Whether a permission is built in, by its noun.
-- `make openapi` writes this from authz/builtin_permissions.py.
create or replace function directory.is_built_in(p_permission text) returns boolean
language sql immutable
as $$
  select split_part(p_permission, ':', 1) = any (array[
{nouns}
  ])
$$;
"""
_COUNTS = """\
-- Whether a permission counts where a role is held in one workspace only: some that are built in,
-- and all of a product's own. `make openapi` writes this from authz/builtin_permissions.py.
create or replace function directory.counts_in_workspace(p_permission text) returns boolean
language sql immutable
as $$
  select p_permission = any (array[
{permissions}
  ]) or not directory.is_built_in(p_permission)
$$;
"""


def functions() -> dict[str, str]:
    """The text of each file, by name."""
    counting = [each for each in Permission if each.definition.counts_in_workspace]
    return {
        "is_built_in.sql": _BUILT_IN.format(nouns=_listed(NOUNS)),
        "counts_in_workspace.sql": _COUNTS.format(permissions=_listed(counting)),
    }


def _listed(names: "list[Permission] | dict[str, str]") -> str:
    return ",\n".join(f"    '{name}'" for name in names)


if __name__ == "__main__":
    for name, text in functions().items():
        (FOLDER / name).write_text(text)
