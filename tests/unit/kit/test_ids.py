"""Ids: UUIDv7 inside, TypeIDs on the wire, and nothing else is taken for one."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.kit.ids import Kind, new_id, parse, show

# From the specification of TypeID: a UUID and its suffix.
KNOWN = [
    ("00000000-0000-0000-0000-000000000000", "00000000000000000000000000"),
    ("00000000-0000-0000-0000-000000000001", "00000000000000000000000001"),
    ("00000000-0000-0000-0000-00000000000a", "0000000000000000000000000a"),
    ("00000000-0000-0000-0000-000000000010", "0000000000000000000000000g"),
    ("00000000-0000-0000-0000-000000000020", "00000000000000000000000010"),
    ("01890a5d-ac96-774b-bcce-b302099a8057", "01h455vb4pex5vsknk084sn02q"),
    ("ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
]
SUFFIX = "01h455vb4pex5vsknk084sn02q"


@pytest.mark.parametrize(("identity", "suffix"), KNOWN)
def test_the_wire_shows_what_the_specification_says(identity: str, suffix: str) -> None:
    assert show(Kind.USER, UUID(identity)) == f"user_{suffix}"
    assert parse(Kind.USER, f"user_{suffix}") == UUID(identity)


def test_the_prefixes_are_those_of_the_contract() -> None:
    assert {kind.name: kind.value for kind in Kind} == {
        "USER": "user",
        "ORGANIZATION": "org",
        "WORKSPACE": "ws",
        "ROLE": "role",
        "MEMBERSHIP": "mem",
        "INVITATION": "inv",
        "EVENT": "evt",
        "SESSION": "ses",
        "API_KEY": "key",
        "SERVICE_ACCOUNT": "sa",
        "SERVICE_KEY": "svk",
        "EMAIL": "email",
    }


@given(st.sampled_from(Kind), st.uuids())
def test_an_id_comes_back_as_it_went_out(kind: Kind, identity: UUID) -> None:
    assert parse(kind, show(kind, identity)) == identity


@given(st.uuids(), st.uuids())
def test_the_wire_keeps_the_order(one: UUID, other: UUID) -> None:
    assert (one < other) == (show(Kind.EVENT, one) < show(Kind.EVENT, other))


@given(st.sampled_from(Kind), st.text(max_size=40))
def test_whatever_is_taken_for_an_id_is_the_one_way_to_write_it(kind: Kind, text: str) -> None:
    for candidate in (text, f"{kind}_{text}"):
        identity = parse(kind, candidate)
        assert identity is None or show(kind, identity) == candidate


@given(st.text(min_size=26, max_size=26))
def test_no_suffix_is_more_than_an_id_can_be(suffix: str) -> None:
    identity = parse(Kind.USER, f"user_{suffix}")
    assert identity is None or show(Kind.USER, identity) == f"user_{suffix}"


@pytest.mark.parametrize("foreign", Kind)
@pytest.mark.parametrize("kind", Kind)
def test_an_id_of_one_kind_is_no_id_of_another(kind: Kind, foreign: Kind) -> None:
    identity = new_id()
    assert (parse(kind, show(foreign, identity)) == identity) == (kind is foreign)


@pytest.mark.parametrize("character", [*"ilouILOUAZ-_ .~é٣\0\n", "\ud800", "\N{GRINNING FACE}"])
def test_a_character_of_another_alphabet_is_refused(character: str) -> None:
    assert parse(Kind.USER, f"user_{SUFFIX[:-1]}{character}") is None
    assert parse(Kind.USER, f"user_{character}{SUFFIX[1:]}") is None


@pytest.mark.parametrize("first", "89abcdefghjkmnpqrstvwxyz")
def test_a_number_beyond_128_bits_is_refused(first: str) -> None:
    assert parse(Kind.USER, f"user_{first}{SUFFIX[1:]}") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "_",
        "user",
        "user_",
        SUFFIX,
        f"_{SUFFIX}",
        f"User_{SUFFIX}",
        f"user__{SUFFIX}",
        f"user-{SUFFIX}",
        f" user_{SUFFIX}",
        f"user_{SUFFIX} ",
        f"user_{SUFFIX}\n",
        f"user_user_{SUFFIX}",
        f"user_{SUFFIX[:-1]}",
        f"user_{SUFFIX}0",
        f"user_{SUFFIX.upper()}",
        "user_01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    assert parse(Kind.USER, text) is None


def test_new_ids_are_of_version_seven_and_grow() -> None:
    ids = [new_id() for _ in range(2_000)]
    assert {each.version for each in ids} == {7}
    assert ids == sorted(set(ids))
