"""The look of every letter: words around one button, as text and as HTML."""

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tenantry.mail.model import Letter

_templates = Environment(
    loader=PackageLoader("tenantry.mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def lay_out(letter: Letter) -> tuple[str, str]:
    """The letter as text and as HTML; both have the same link."""
    text, html = (
        _templates.get_template(name).render(letter=letter)
        for name in ("letter.txt", "letter.html")
    )
    return text, html
