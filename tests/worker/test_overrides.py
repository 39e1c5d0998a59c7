"""An operator's own templates: file by file, and refused before an email could break on its way."""

from pathlib import Path

import pytest

from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.overrides import BrokenTemplate, load_templates
from tests.support.mail.mail_server.every_email import every_email

REMOVED = """{% extends layout %}
{% block subject %}Goodbye from {{ organization }}{% endblock %}
{% block words %}Goodbye, {{ name }}.{% endblock %}
"""
MOMENT = "le {{ day }}/{{ month }}/{{ year }} à {{ time }}\n"
BARE = "{% block subject required %}{% endblock %}{% block words required %}{% endblock %}"


def write(folder: Path, name: str, content: str | bytes) -> None:
    """Put a file into the folder."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def text(templates: Templates, name: str, *, locale: str = "en") -> str:
    """How an email reads, with its subject before it."""
    email = next(each for each in every_email(locale=locale) if each.name == name)
    sent = templates.render(email)
    return f"{sent['subject']}\n{sent['text']}"


def refusal(folder: Path) -> str:
    """Why the folder is refused."""
    with pytest.raises(BrokenTemplate) as refused:
        load_templates(folder)
    return str(refused.value)


def test_a_file_takes_the_place_of_ours_and_the_others_stay(tmp_path: Path) -> None:
    write(tmp_path, "en/removed.j2", REMOVED)
    templates, ours = load_templates(tmp_path), Templates()

    assert text(templates, "removed") == "Goodbye from Nora\nGoodbye, Nora.\n"
    assert text(templates, "removed", locale="de") == text(ours, "removed", locale="de")
    assert text(templates, "added") == text(ours, "added")


def test_a_layout_takes_the_place_of_ours_in_every_email(tmp_path: Path) -> None:
    write(tmp_path, "layout.txt.j2", BARE + "\n{{ link }}\n-- \nAcme Ltd, Berlin\n")
    templates = load_templates(tmp_path)
    assert text(templates, "added").endswith("\n-- \nAcme Ltd, Berlin\n")
    assert text(templates, "added", locale="de").endswith("\n-- \nAcme Ltd, Berlin\n")


def test_a_folder_may_bring_a_language_and_english_fills_its_gaps(tmp_path: Path) -> None:
    write(tmp_path, "fr/moment.j2", MOMENT)
    write(tmp_path, "fr/removed.j2", REMOVED.replace("Goodbye", "Adieu"))
    templates = load_templates(tmp_path)
    assert "Adieu, Nora." in text(templates, "removed", locale="fr-CA")
    assert text(templates, "added", locale="fr") == text(templates, "added")


def test_what_is_no_template_may_lie_there(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "ours")
    write(tmp_path, "en/notes.txt", "ours")
    assert load_templates(tmp_path).names == Templates().names


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("en/removed.j2", "{% extends layout %}\n{% blok subject %}", "en/removed.j2, line 2: "),
        ("en/removed.j2", REMOVED.replace("name }", "name | shout }"), "No filter named 'shout'"),
        ("en/removed.j2", b"{% extends layout %}\xff", "en/removed.j2 cannot be read as UTF-8"),
        ("en/removed.j2", "Goodbye.", "has no block subject and no block words"),
        ("en/removed.j2", REMOVED.removeprefix("{% extends layout %}"), "must contain its link"),
        ("en/removed.j2", REMOVED + "{{ email }}", "uses email, which that email does not have"),
        ("en/removed.j2", REMOVED.replace("name", "link"), "uses link"),
        ("en/removed.j2", REMOVED.replace("name", "1 / 0"), "en/removed.j2: division by zero"),
        ("de/moment.j2", "{{ weekday }}", "de/moment.j2 uses weekday"),
        ("layout.txt.j2", BARE, "must contain its link"),
        ("layout.html.j2", "{{ link }}", "layout.html.j2 has no block subject"),
        ("layout.html.j2", BARE + "{{ link }}", "must contain its link"),
        ("en/goodbye.j2", REMOVED, "en/goodbye.j2 replaces no template"),
        ("english emails/removed.j2", REMOVED, "replaces no template"),
        ("removed.j2", REMOVED, "removed.j2 replaces no template"),
        ("fr/removed.j2", REMOVED, "fr/moment.j2 is missing"),
    ],
)
def test_a_broken_file_is_refused_by_name(
    tmp_path: Path, name: str, content: str | bytes, why: str
) -> None:
    write(tmp_path, name, content)
    assert why in refusal(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").endswith("is no folder")
