// The keys of the starter's pipeline and services: made here, kept in the data folder at mode 0600, never sent anywhere. The product knows the public halves.
import { createPrivateKey, generateKeyPairSync, type JsonWebKeyInput, randomUUID, sign } from 'node:crypto'
import { join } from 'node:path'
import type { AssertionSigner } from '../../app/index.ts'
import { writePrivate } from './data.ts'

type JsonWebKey = JsonWebKeyInput['key']

/** A workload's key file, as the command line reads it. */
export interface WorkloadFile {
  readonly kind: 'pipeline' | 'service'
  readonly slug: string
  readonly organization: string
  readonly environment: string
  readonly spiffeId: string
  readonly tokenEndpoint: string
  readonly audience: string
  readonly jwk: JsonWebKey
  /** The channels that this service fetches. */
  readonly pulls?: readonly string[]
}

/** A P-256 key pair: the private JWK, and the public one to register. */
export function newWorkloadKey(): { readonly jwk: JsonWebKey; readonly publicJwk: Record<string, string> } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return { jwk: privateKey.export({ format: 'jwk' }), publicJwk: { kty: 'EC', crv: 'P-256', x, y } }
}

/** Keeps a workload's key file. */
export function writeWorkloadFile(folder: string, file: WorkloadFile): void {
  writePrivate(join(folder, `${file.slug}.json`), `${JSON.stringify(file, null, 2)}\n`)
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const assertionSeconds = 60

/** Signs client assertions (RFC 7523 section 2.2) with a workload's private key. */
export function assertionSigner(jwk: JsonWebKey): AssertionSigner {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return async (audience, subject) => {
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: subject, sub: subject, aud: audience, iat, exp: iat + assertionSeconds, jti: randomUUID() }
    const signed = `${part({ alg: 'ES256', kid: 'own', typ: 'JWT' })}.${part(claims)}`
    return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
}
