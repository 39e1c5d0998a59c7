"""A consumer with joserfc: `issuer audience` as arguments, tokens as JSON on standard input."""

import json
import sys
from urllib.request import urlopen

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet


def main() -> None:
    """Say of each token what it says, or null where it is refused."""
    issuer, audience = sys.argv[1:]
    with urlopen(f"{issuer}/.well-known/oauth-authorization-server") as answer:
        discovered = json.load(answer)
    assert discovered["issuer"] == issuer
    with urlopen(discovered["jwks_uri"]) as answer:
        keys = KeySet.import_key_set(json.load(answer))
    claims = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )

    def verified(token: str) -> object:
        try:
            opened = jwt.decode(token, keys, algorithms=["ES256", "RS256"])
            if opened.header.get("typ") != "at+jwt" or "kid" not in opened.header:
                return None
            claims.validate(opened.claims)
        except (JoseError, ValueError):
            return None
        return opened.claims

    said = {name: verified(token) for name, token in json.load(sys.stdin).items()}
    sys.stdout.write(json.dumps(said))


main()
