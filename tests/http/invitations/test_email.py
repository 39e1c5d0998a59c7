"""The email that carries an invitation: who writes what to whom."""

from tests.support.api.invitations import offered
from tests.support.mail.mailbox import email_to, part
from tests.support.scene import Scene, new_address


async def test_it_tells_who_invites_where_as_what_and_until_when(scene: Scene) -> None:
    email = new_address()
    token = await offered(scene, email, role="developer", message="Bring <b>cake</b>\nand tea")

    email = await email_to(scene.mailbox, email)

    text, html = part(email, "plain"), part(email, "html")
    assert email["Subject"] == "Alice invites you to Acme"
    assert "Alice invites you to join Acme as Developer." in text
    assert "UTC." in text
    assert "Alice writes:\n\n> Bring <b>cake</b>\n> and tea" in text
    assert "Bring &lt;b&gt;cake&lt;/b&gt;" in html
    assert f"http://tenantry.test/invitation?token={token}\n" in text
    assert f'href="http://tenantry.test/invitation?token={token}"' in html


async def test_without_words_of_the_inviter_it_quotes_no_one(scene: Scene) -> None:
    email = new_address()
    await offered(scene, email)

    assert "writes" not in part(await email_to(scene.mailbox, email), "plain")
