"""Every page's URL."""

from pathlib import Path

from starlette.routing import BaseRoute

from tenantry.console import declining, invitation, recovery, signing_out, verification, welcome
from tenantry.console.assets import Assets
from tenantry.console.door import Door
from tenantry.console.mailbox import Mailbox
from tenantry.console.pages import Pages
from tenantry.web.service import Service


def routes(service: Service, mailbox: Path | None) -> list[BaseRoute]:
    """The pages that letters lead to; in development also the mail that was caught."""
    assets = Assets()
    door = Door(service, Pages(service.base_url, assets, shows_mail=mailbox is not None))
    pages: list[BaseRoute] = [
        door.page("/", welcome.show),
        door.page("/sign-out", signing_out.ask, signing_out.end),
        door.letter("/verify-email", verification.ask, verification.prove),
        door.letter("/reset-password", recovery.ask, recovery.reset),
        door.letter(invitation.PATH, invitation.show, invitation.answer),
        door.page(
            f"{invitation.PATH}/decline",
            declining.ask,
            declining.decline,
            letter_path=invitation.PATH,
        ),
        assets.route(),
    ]
    if mailbox is not None:
        caught = Mailbox(mailbox)
        pages += [
            door.page("/dev/mail", caught.list_letters),
            door.page("/dev/mail/{name}", caught.show),
            door.page("/dev/mail/{name}/html", caught.show_html),
        ]
    return pages
