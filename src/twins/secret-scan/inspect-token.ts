// Looking into tokens that wrap something: JSON in a JWT, `user:password` in a Basic header, PEM in base64. Attacker-controlled and bounded in
// length by the rules; what cannot be decoded is simply not that kind of token.

/** The claims of a three-part token whose header names an algorithm; undefined for a text that is none. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const [header = '', payload = ''] = token.split('.')
  const head = parseObject(decodeText(header))
  return typeof head?.alg === 'string' ? parseObject(decodeText(payload)) : undefined
}

/** Whether base64 wraps a user and a password that is one. */
export function wrapsCredentials(base64: string, isPassword: (password: string) => boolean): boolean {
  const text = decodeText(base64) ?? ''
  const colon = text.indexOf(':')
  return colon > 0 && /^[\x20-\x7e]+$/.test(text) && isPassword(text.slice(colon + 1))
}

/** Whether base64 wraps the beginning of a PEM private key. */
export function wrapsPrivateKey(base64: string): boolean {
  return decodeText(base64.slice(0, Math.floor(base64.length / 4) * 4))?.includes('PRIVATE KEY-----') === true
}

function decodeText(base64: string): string | undefined {
  const standard = base64.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '')
  try {
    return atob(standard + '='.repeat((4 - (standard.length % 4)) % 4))
  } catch {
    return undefined // not base64, and so not a token that wraps anything
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined // any object is a record of unknowns
  } catch {
    return undefined // not JSON, and so not a JWT
  }
}
