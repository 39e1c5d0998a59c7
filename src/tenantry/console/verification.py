"""The page that proves an e-mail address."""

from starlette.responses import Response

from tenantry.accounts import verification
from tenantry.console.visit import Visit, token_of


async def ask(visit: Visit) -> Response:
    """Show one button. Mail scanners follow links, so following one must not prove anything."""
    return visit.page("verify_email.html", token=visit.token().text)


async def prove(visit: Visit) -> Response:
    """Prove the address by the letter's token."""
    form = await visit.form()
    token = token_of([form.text("token")])
    async with visit.transaction() as tx:
        await verification.verify_email(tx, token)
    return visit.page(
        "outcome.html",
        title="Your address is confirmed",
        words=["Thank you. You can close this page."],
        request_id=None,
    )
