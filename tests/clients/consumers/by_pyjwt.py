"""A consumer with PyJWT: `issuer audience` as arguments, tokens as JSON on standard input."""

import json
import sys
from urllib.request import urlopen

import jwt


def main() -> None:
    """Say of each token what it says, or null where it is refused."""
    issuer, audience = sys.argv[1:]
    with urlopen(f"{issuer}/.well-known/oauth-authorization-server") as answer:
        discovered = json.load(answer)
    assert discovered["issuer"] == issuer
    keys = jwt.PyJWKClient(discovered["jwks_uri"])

    def verified(token: str) -> object:
        try:
            if jwt.get_unverified_header(token).get("typ") != "at+jwt":
                return None
            return jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token).key,
                algorithms=["ES256", "RS256"],
                issuer=issuer,
                audience=audience,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, ValueError):
            return None

    said = {name: verified(token) for name, token in json.load(sys.stdin).items()}
    sys.stdout.write(json.dumps(said))


main()
