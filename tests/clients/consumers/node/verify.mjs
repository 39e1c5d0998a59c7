// A consumer in Node with jose: `issuer audience` as arguments, tokens as JSON on standard input.
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'

const [issuer, audience] = process.argv.slice(2)
const discovered = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()
if (discovered.issuer !== issuer) throw new Error('discovery tells of another issuer')
const keys = createRemoteJWKSet(new URL(discovered.jwks_uri))

async function verified(token) {
  try {
    if (!decodeProtectedHeader(token).kid) return null
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['ES256', 'RS256'],
      requiredClaims: ['exp', 'iat', 'sub'],
    })
    return payload
  } catch {
    return null
  }
}

let given = ''
for await (const piece of process.stdin) given += piece
const said = {}
for (const [name, token] of Object.entries(JSON.parse(given))) said[name] = await verified(token)
console.log(JSON.stringify(said))
