"""Which language somebody reads, and which of ours serves them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.kit.languages import accepted, best

OURS = {"en": "en", "de": "de", "pt-br": "pt-BR"}


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", ()),
        ("de", ("de",)),
        ("de-AT, de;q=0.9, en;q=0.8", ("de-AT", "de", "en")),
        ("en;q=0.2, fr ; q=0.7, de", ("de", "fr", "en")),
        ("en, de;q=0", ("en",)),
        ("*, de;q=0.5", ("de",)),
        ("de;q=1.000, en;q=1.001", ("de",)),
        ("; , ,,de;;q=1, <script>, en", ("en",)),
    ],
)
def test_a_header_names_languages_the_dearest_first(header: str, tags: tuple[str, ...]) -> None:
    assert accepted(header) == tags


@given(st.text(max_size=600))
def test_no_header_is_too_odd_to_be_read(header: str) -> None:
    assert best(accepted(header), OURS) in OURS.values()


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ([], "en"),
        (["de"], "de"),
        (["de-AT"], "de"),
        (["DE-Latn-AT"], "de"),
        (["PT-br"], "pt-BR"),
        (["pt"], "en"),
        (["fr", "de"], "de"),
        (["fr", "en", "de"], "en"),
        (["xx"], "en"),
    ],
)
def test_the_first_that_is_there_serves_and_english_otherwise(
    wanted: list[str], language: str
) -> None:
    assert best(wanted, OURS) == language
