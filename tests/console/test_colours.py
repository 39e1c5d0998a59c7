"""Contrasts as WCAG 2.2 demands, in both color schemes."""

import re
from importlib import resources
from itertools import product

import pytest

CSS = resources.files("tenantry.console").joinpath("static", "console.css").read_text()
_INKS = ("--text", "--muted", "--accent", "--accent-strong", "--error")
_ON_COLOUR = [
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-strong"),
    ("--on-accent", "--error"),
    ("--on-accent", "--error-strong"),
    ("--success", "--success-background"),
]
READ = [*product(_INKS, ("--background", "--surface")), *_ON_COLOUR]
SEEN = list(product(("--border-strong", "--accent", "--error"), ("--background", "--surface")))


def palette(scheme: str) -> dict[str, str]:
    """The colours of a scheme by name; dark ones lie over the light ones."""
    light, dark = CSS.split("prefers-color-scheme: dark", 1)
    colours = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", dark))
    return colours


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance")."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), SEEN)
def test_fields_and_focus_can_be_seen(scheme: str, edge: str, ground: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_other_stylesheets_take_their_colours_from_the_palette() -> None:
    folder = resources.files("tenantry.console").joinpath("static")
    for sheet in folder.iterdir():
        if sheet.name.endswith(".css") and sheet.name != "console.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", sheet.read_text()), sheet.name
