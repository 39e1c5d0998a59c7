"""Text that people give us: what is accepted, and the one form in which it is kept."""

import re
import secrets

from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email

NAME_LENGTH = 100
SLUG_LENGTH = 48
SLUG_PATTERN = "^[a-z0-9](-?[a-z0-9])*$"
_SLUG = re.compile(SLUG_PATTERN)
_ROLE_KEY = re.compile("[a-z0-9][a-z0-9_-]{0,47}")
# The categories Cc and Cs of Unicode. A pattern, since a body has a million characters to look at.
_NOT_PLAIN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Ends of lines, and what overrides the direction of text until it is undone (UAX 9, section 2):
# in an email, a name could reverse our own words.
_NOT_IN_A_LINE = frozenset(
    "\t\n\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

# Blanks, what has no shape of its own (Unicode, Default_Ignorable_Code_Point; format characters of
# annotations and hieroglyphs), and what is drawn as nothing (fillers, the blank of Braille).
_INVISIBLE = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U00013442"
    r"\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_VISIBLE = re.compile(f"[^{_INVISIBLE}]")

# Words that a product wants for its own pages, or that would pass for its staff.
_RESERVED = """
    about account accounts admin api app assets auth billing blog console dashboard dev docs
    health help internal invitations invite legal login logout mail me members new oauth
    operator organizations orgs pricing privacy public root security settings sign-in sign-out
    sign-up signin signup static status support system team teams tenantry terms user users
    well-known workspaces www
"""
RESERVED_SLUGS = frozenset(_RESERVED.split())


def is_plain(text: str) -> bool:
    """Whether text has no control character, NUL or lone surrogate in it.

    Tab and the line ends pass: a message has lines. Where only one line makes sense, see `is_line`.
    """
    return _NOT_PLAIN.search(text) is None


def is_line(text: str) -> bool:
    """Whether text is plain, stays on one line, and does not change the direction of the text
    around it, so that it can be a name or a mail header."""
    return is_plain(text) and _NOT_IN_A_LINE.isdisjoint(text)


def is_visible(text: str) -> bool:
    """Whether text has a character that can be seen: a name without one could not be told apart."""
    return _VISIBLE.search(text) is not None


def is_name(text: str) -> bool:
    """Whether text can be a name: 1 to 100 characters on one line, not all of them invisible."""
    return len(text) <= NAME_LENGTH and is_line(text) and is_visible(text)


def one_line(text: str) -> str:
    """What `is_line` would let pass of a text that somebody else wrote; blanks are single."""
    kept = "".join(" " if char in _NOT_IN_A_LINE else char for char in text)
    return " ".join(_NOT_PLAIN.sub(" ", kept).split())


def is_slug(text: str) -> bool:
    """Whether text may stand in a URL as a slug: 2 to 48 of `[a-z0-9]`, single hyphens inside."""
    return 2 <= len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def is_role_key(text: str) -> bool:
    """Whether text may be the key of a role: of `[a-z0-9_-]`, and not to be taken for an id."""
    return not text.startswith("role_") and _ROLE_KEY.fullmatch(text) is not None


def slug_from(name: str) -> str:
    """A slug made from a name; never reserved, always valid, perhaps taken."""
    slug = key_from(name, otherwise="org")
    return with_suffix(slug) if slug in RESERVED_SLUGS else slug


def key_from(name: str, *, otherwise: str) -> str:
    """The same, with no reserved words; a name with no usable characters becomes `otherwise`.

    Other characters are transliterated: Straße becomes strasse, Øst ost, 北京 beijing.
    """
    key = re.sub("[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")
    key = key[: SLUG_LENGTH - 7].strip("-")
    return key if len(key) >= 2 else with_suffix(key or otherwise)


def with_suffix(slug: str) -> str:
    """The same slug with six random characters behind it, for when the plain one is taken."""
    suffix = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(6))
    return f"{slug[: SLUG_LENGTH - 7].strip('-')}-{suffix}"


def name_from(address: str) -> str:
    """What a person is called who gives an address and no name."""
    return address.partition("@")[0][:NAME_LENGTH]


def email_address(text: str) -> str | None:
    """The one form of an email address (RFC 5321, ASCII, casefolded); None where it is none.

    Domains are checked for their shape alone: no name is looked up. `.test` passes, since it
    reaches no one (RFC 6761, section 6.2).
    """
    # No address holds an encoded word (RFC 2047, section 5): in a header it would be decoded, and
    # the email would go to someone else.
    if len(text) > 254 or "=?" in text:
        return None
    try:
        valid = validate_email(
            text,
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError:
        return None
    return (valid.ascii_email or valid.normalized).casefold()
