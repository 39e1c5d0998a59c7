"""An operator's own templates, checked when the service starts."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables

from tenantry.kit.languages import TAG
from tenantry.platform.mail.layout import LAYOUTS, MOMENT, Templates
from tenantry.platform.mail.model import Email

_LINK = "https://link.example/?token=sample"
_SOME_TIME = datetime(2026, 12, 3, 14, 5, tzinfo=UTC)


class BrokenTemplate(Exception):
    """The folder of templates cannot be used; the message names the file and the fix."""


def load_templates(folder: Path) -> Templates:
    """Our templates, overridden by the files of a folder. BrokenTemplate.

    A file may use only the variables of our template with the same name.
    """
    if not folder.is_dir():
        raise BrokenTemplate(f"{folder} is no folder")
    ours, templates = Templates(), Templates(folder)
    for path in sorted(folder.rglob("*.j2")):
        name = path.relative_to(folder).as_posix()
        _ensure_known(name, ours.names)
        _ensure_parsable(name, ours, templates)
    for language in templates.languages.values():
        _ensure_renderable(language, ours, templates)
    return templates


def _ensure_known(name: str, emails: Collection[str]) -> None:
    language, _, file = name.rpartition("/")
    if name in LAYOUTS or (TAG.fullmatch(language) and file in {MOMENT, *map(_file, emails)}):
        return
    raise BrokenTemplate(
        f"{name} replaces no template: there are {', '.join(LAYOUTS)}, and"
        f" <language>/ with {MOMENT}, {', '.join(map(_file, emails))}"
    )


def _ensure_parsable(name: str, ours: Templates, templates: Templates) -> None:
    try:
        source, _, _ = templates.loader.get_source(templates.as_text, name)
        used = find_undeclared_variables(templates.as_text.parse(source, name))
        # Compiled as well: parsing alone does not see every mistake.
        blocks = templates.as_text.get_template(name).blocks
    except TemplateSyntaxError as broken:
        raise BrokenTemplate(f"{name}, line {broken.lineno}: {broken.message}") from broken
    except (UnicodeDecodeError, OSError) as unreadable:
        raise BrokenTemplate(f"{name} cannot be read as UTF-8") from unreadable
    missing = {"subject", "words"} - blocks.keys()
    if missing and not name.endswith(MOMENT):
        raise BrokenTemplate(f"{name} has no block {' and no block '.join(sorted(missing))}")
    known = _names(name, ours)
    unknown = sorted(used - known)
    if unknown:
        raise BrokenTemplate(
            f"{name} uses {', '.join(unknown)}, which that email does not have: available are"
            f" {', '.join(sorted(known))}"
        )


def _ensure_renderable(language: str, ours: Templates, templates: Templates) -> None:
    if not templates.has(f"{language}/{MOMENT}"):
        raise BrokenTemplate(f"{language}/{MOMENT} is missing: it formats dates in that language")
    for email in ours.names:
        names = _names(f"en/{_file(email)}", ours) - {"layout"}
        for sample in ("", "Sample"):
            values: dict[str, str | datetime] = dict.fromkeys(names, sample)
            try:
                printed = templates.render(
                    Email("", email, values | {"moment": _SOME_TIME}, _LINK), [language]
                )
            except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as broken:
                raise BrokenTemplate(f"{language}/{_file(email)}: {broken}") from broken
            if printed["text"].count(_LINK) != 1 or f'href="{_LINK}"' not in printed["html"]:
                raise BrokenTemplate(
                    f"{language}/{_file(email)} must contain its link once in the text, and as an"
                    " href in the HTML: an email begins with {% extends layout %}, and the layouts"
                    " show {{ link }}"
                )


def _names(name: str, ours: Templates) -> set[str]:
    """The variables of our template of this name; for other languages, of our English one."""
    if "/" in name:
        name = f"en/{name.rpartition('/')[2]}"
    source, _, _ = ours.loader.get_source(ours.as_text, name)
    return find_undeclared_variables(ours.as_text.parse(source))


def _file(email: str) -> str:
    return f"{email}.j2"
