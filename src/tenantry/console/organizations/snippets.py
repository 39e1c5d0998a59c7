"""Code examples with the URLs and ids of one organization."""


def snippets(base_url: str, org_id: str) -> list[tuple[str, str]]:
    """Getting and using a token in a shell, verifying one in Python and TypeScript: title, code."""
    return [
        (title, code.format(base_url=base_url, org_id=org_id))
        for title, code in (("curl", _CURL), ("Python", _PYTHON), ("TypeScript", _TYPESCRIPT))
    ]


_CURL = """\
TOKEN=$(curl -s {base_url}/api/v1/auth/token \\
  -d grant_type=password -d username=you@example.com \\
  --data-urlencode "password=$PASSWORD" | jq -r .access_token)

curl {base_url}/api/v1/organizations/{org_id}/members \\
  -H "Authorization: Bearer $TOKEN"
"""
_PYTHON = """\
# pip install pyjwt[crypto]
import jwt

keys = jwt.PyJWKClient("{base_url}/.well-known/jwks.json")


def who(token: str) -> str:
    \"\"\"The id of the user, from a valid token.\"\"\"
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token),
        algorithms=["ES256", "RS256"],
        issuer="{base_url}",
        audience="{base_url}",
    )
    return claims["sub"]
"""
_TYPESCRIPT = """\
// npm install jose
import {{ createRemoteJWKSet, jwtVerify }} from "jose";

const keys = createRemoteJWKSet(new URL("{base_url}/.well-known/jwks.json"));

export async function who(token: string): Promise<string> {{
  const {{ payload }} = await jwtVerify(token, keys, {{
    issuer: "{base_url}",
    audience: "{base_url}",
    typ: "at+jwt",
  }});
  return payload.sub!;
}}

export const members = (token: string) =>
  fetch("{base_url}/api/v1/organizations/{org_id}/members", {{
    headers: {{ Authorization: `Bearer ${{token}}` }},
  }}).then((answer) => answer.json());
"""
