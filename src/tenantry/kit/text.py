"""Text from users: what is accepted, and the form in which it is stored."""

import re
import secrets

from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email

NAME_LENGTH = 100
SLUG_LENGTH = 48
SLUG_PATTERN = "^[a-z0-9](-?[a-z0-9])*$"
_SLUG = re.compile(SLUG_PATTERN)
_ROLE_KEY = re.compile("[a-z0-9][a-z0-9_-]{0,47}")
# The categories Cc and Cs of Unicode. A pattern, because a body may have a million characters.
_NOT_PLAIN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Line ends, and characters that override the direction of the following text (UAX 9, section 2):
# in an email, a name could reverse our own words.
_NOT_IN_A_LINE = frozenset(
    "\t\n\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

# Spaces, characters without a glyph (Unicode, Default_Ignorable_Code_Point; format characters of
# annotations and hieroglyphs), and glyphs without ink (fillers, the blank Braille pattern).
_INVISIBLE = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U00013442"
    r"\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_VISIBLE = re.compile(f"[^{_INVISIBLE}]")

# Words that a product needs for its own pages, or that could be mistaken for its staff.
_RESERVED = """
    about account accounts admin api app assets auth billing blog console dashboard dev docs
    health help internal invitations invite legal login logout mail me members new oauth
    operator organizations orgs pricing privacy public root security settings sign-in sign-out
    sign-up signin signup static status support system team teams tenantry terms user users
    well-known workspaces www
"""
RESERVED_SLUGS = frozenset(_RESERVED.split())


def is_plain(text: str) -> bool:
    """Whether text has no control character, NUL or lone surrogate.

    Tabs and line ends are allowed, because messages have lines. For one line, see `is_line`.
    """
    return _NOT_PLAIN.search(text) is None


def is_line(text: str) -> bool:
    """Whether text is plain, stays on one line, and does not change the direction of the text
    around it, so that it can be a name or a mail header."""
    return is_plain(text) and _NOT_IN_A_LINE.isdisjoint(text)


def is_visible(text: str) -> bool:
    """Whether text has a visible character: names without one would look the same."""
    return _VISIBLE.search(text) is not None


def is_name(text: str) -> bool:
    """Whether text can be a name: 1 to 100 characters on one line, not all of them invisible."""
    return len(text) <= NAME_LENGTH and is_line(text) and is_visible(text)


def one_line(text: str) -> str:
    """The text with only what `is_line` allows, and with single spaces."""
    kept = "".join(" " if char in _NOT_IN_A_LINE else char for char in text)
    return " ".join(_NOT_PLAIN.sub(" ", kept).split())


def is_slug(text: str) -> bool:
    """Whether text is a slug: 2 to 48 of `[a-z0-9]`, with single hyphens inside."""
    return 2 <= len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def is_role_key(text: str) -> bool:
    """Whether text is a role's key: of `[a-z0-9_-]`, and not in the format of an id."""
    return not text.startswith("role_") and _ROLE_KEY.fullmatch(text) is not None


def slug_from(name: str) -> str:
    """A slug derived from a name: always valid, never reserved, possibly taken."""
    slug = key_from(name, otherwise="org")
    return with_suffix(slug) if slug in RESERVED_SLUGS else slug


def key_from(name: str, *, otherwise: str) -> str:
    """A key derived from a name; no words are reserved.

    Other characters are transliterated: Straße becomes strasse, Øst ost, 北京 beijing. If fewer
    than two remain, the key ends in a random suffix; if none remains, it begins with `otherwise`.
    """
    key = re.sub("[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")
    key = key[: SLUG_LENGTH - 7].strip("-")
    return key if len(key) >= 2 else with_suffix(key or otherwise)


def with_suffix(slug: str) -> str:
    """The slug with six random characters appended, for when the plain one is taken."""
    suffix = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(6))
    return f"{slug[: SLUG_LENGTH - 7].strip('-')}-{suffix}"


def name_from(address: str) -> str:
    """The default name of a person with this address."""
    return address.partition("@")[0][:NAME_LENGTH]


def email_address(text: str) -> str | None:
    """The normalized email address (RFC 5321, ASCII, casefolded); None if it is invalid.

    Only the syntax of domains is checked: there is no DNS query. `.test` is allowed, because it
    reaches no one (RFC 6761, section 6.2).
    """
    # An encoded word (RFC 2047, section 5) is refused: in a header it would be decoded, and the
    # email would go to someone else.
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
