// Certificates of providers, and the one of our own that a provider encrypts for. In SAML a certificate is a box for a key that two sides gave each other by hand:
// nobody signs it, its name means nothing, and its dates say when the other side will want to change it.
import { createHash, createPrivateKey, generateKeyPair, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import type { SamlCertificate } from '../../../identity/index.ts'

/** How long our own certificate is good for. */
const ownYears = 10
const ownBits = 3072
const rsaBitsMin = 2048

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Uint8Array.of(tag, content.length), content])
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 0xffff ? 6 : content.length > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Uint8Array.of(tag, 0x80 | length.length), length, content])
}

// sha256WithRSAEncryption (RFC 4055), with the NULL that RFC 3279 wants.
const algorithm = der(0x30, Buffer.from('06092a864886f70d01010b', 'hex'), der(0x05))
const commonName = Buffer.from('0603550403', 'hex')

/** A moment as `UTCTime` before 2050 and `GeneralizedTime` from then on (RFC 5280 section 4.1.2.5). */
function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

/** A certificate of a fresh key that says nothing but its name (RFC 5280), and the key; both in base64 of DER, the key in PKCS #8. */
export async function ownCertificate(
  name: string,
  now: number,
  modulusLength = ownBits,
): Promise<{ certificate: string; privateKey: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength })
  const serial = randomBytes(16)
  // A serial number is positive: its first bit is clear, and its first byte is not zero.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const names = der(0x30, der(0x31, der(0x30, commonName, der(0x0c, Buffer.from(name)))))
  const validity = der(0x30, time(now - 3_600_000), time(now + ownYears * 365.25 * 86_400_000))
  const version = der(0xa0, der(0x02, Uint8Array.of(2)))
  const said = der(0x30, version, der(0x02, serial), algorithm, names, validity, names, publicKey.export({ format: 'der', type: 'spki' }))
  const signature = der(0x03, Uint8Array.of(0), sign('sha256', said, privateKey))
  return {
    certificate: der(0x30, said, algorithm, signature).toString('base64'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  }
}

/** Reads a certificate out of base64, which is hostile. Undefined for what is none, or has no key of a kind and size that we believe. */
export function readCertificate(base64: string): SamlCertificate | undefined {
  const text = base64.replace(/\s+/g, '')
  if (text.length > 16_384 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    const read = new X509Certificate(Buffer.from(text, 'base64'))
    const { asymmetricKeyType, asymmetricKeyDetails } = read.publicKey
    if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < rsaBitsMin) return undefined
    return {
      certificate: read.raw.toString('base64'),
      sha256: createHash('sha256').update(read.raw).digest('hex'),
      notBefore: read.validFromDate.toISOString(),
      notAfter: read.validToDate.toISOString(),
    }
  } catch {
    return undefined // whatever it is, it is no certificate
  }
}

const keysMax = 500

/** Keys that were read, by the text that they were read from: reading one takes longer than using it. The oldest goes first. */
class ReadKeys {
  readonly #read: (text: string) => KeyObject
  readonly #keys = new Map<string, KeyObject>()

  constructor(read: (text: string) => KeyObject) {
    this.#read = read
  }

  of(text: string): KeyObject {
    const known = this.#keys.get(text)
    if (known !== undefined) return known
    const key = this.#read(text)
    const oldest = this.#keys.size < keysMax ? undefined : this.#keys.keys().next().value
    if (oldest !== undefined) this.#keys.delete(oldest)
    this.#keys.set(text, key)
    return key
  }
}

const publicKeys = new ReadKeys((certificate) => new X509Certificate(Buffer.from(certificate, 'base64')).publicKey)

/** The key that a provider’s certificate is a box for; the certificate was read before. */
export function publicKeyOf(certificate: string): KeyObject {
  return publicKeys.of(certificate)
}

const privateKeys = new ReadKeys((key) => createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }))

/** Our own private key of a connection, from base64 of DER. */
export function privateKeyOf(key: string): KeyObject {
  return privateKeys.of(key)
}
