// Opens an encrypted assertion (SAML 2.0 Core section 2.3.4, XML Encryption 1.1) with the connection's own key, and puts it where it lay: what comes out is read
// and checked as if it had come in the open. Whoever sends one chooses what is in it, so every failure looks the same from outside: none tells a key apart from a
// padding (Jager and Somorovsky 2011; Bleichenbacher 1998).
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto'
import { answerRefused } from '../provider-failure.ts'
import { privateKeyOf } from './certificate.ts'
import { ns, texts } from './names.ts'
import { childrenOf, everyElement, type PlainElement } from './plain-xml.ts'

interface Content {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-cbc' | 'aes-256-cbc'
  readonly keyBytes: number
  readonly nonceBytes: number
  readonly isAuthenticated: boolean
}

const contents: Readonly<Record<string, Content>> = {
  [`${ns.encryption11}aes128-gcm`]: { cipher: 'aes-128-gcm', keyBytes: 16, nonceBytes: 12, isAuthenticated: true },
  [`${ns.encryption11}aes256-gcm`]: { cipher: 'aes-256-gcm', keyBytes: 32, nonceBytes: 12, isAuthenticated: true },
  // What many providers send unless they are told otherwise; the signature within is what counts.
  [`${ns.encryption}aes128-cbc`]: { cipher: 'aes-128-cbc', keyBytes: 16, nonceBytes: 16, isAuthenticated: false },
  [`${ns.encryption}aes256-cbc`]: { cipher: 'aes-256-cbc', keyBytes: 32, nonceBytes: 16, isAuthenticated: false },
}

const tagBytes = 16

/** One failure for whatever is wrong with what was encrypted, until its signature held. */
export function closed(cause?: unknown): Error {
  return answerRefused('Its encrypted assertion cannot be opened.', cause)
}

const algorithmOf = (element: PlainElement | undefined): string =>
  childrenOf(element, ns.encryption, 'EncryptionMethod')[0]?.attributes.get('Algorithm') ?? ''

function cipherBytes(element: PlainElement | undefined): Buffer {
  const [data] = childrenOf(element, ns.encryption, 'CipherData')
  const text = childrenOf(data, ns.encryption, 'CipherValue')[0]?.text.replace(/\s+/g, '') ?? ''
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw closed()
  return Buffer.from(text, 'base64')
}

/** How RSA-OAEP hashes: SHA-1 in the older of its two names, which is no weakness there (RFC 8017 section 7.1), or what the newer one says. */
function oaepHash(key: PlainElement): string {
  const [method] = childrenOf(key, ns.encryption, 'EncryptionMethod')
  const digest = childrenOf(method, ns.signature, 'DigestMethod')[0]?.attributes.get('Algorithm')
  const generator = childrenOf(method, ns.encryption11, 'MGF')[0]?.attributes.get('Algorithm')
  const name = algorithmOf(key)
  const isSha1 = digest === undefined || digest === `${ns.signature}sha1`
  if (name === `${ns.encryption}rsa-oaep-mgf1p` && isSha1) return 'sha1'
  if (name === `${ns.encryption11}rsa-oaep` && digest === `${ns.encryption}sha256` && generator === `${ns.encryption11}mgf1sha256`)
    return 'sha256'
  if (name === `${ns.encryption11}rsa-oaep` && isSha1 && (generator === undefined || generator === `${ns.encryption11}mgf1sha1`))
    return 'sha1'
  throw closed()
}

function contentKey(encrypted: PlainElement, privateKey: string): Buffer {
  const keys = [...everyElement(encrypted)].filter((one) => one.name === 'EncryptedKey' && one.namespace === ns.encryption)
  const [only, another] = keys
  if (only === undefined || another !== undefined) throw closed()
  return privateDecrypt(
    { key: privateKeyOf(privateKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: oaepHash(only) },
    cipherBytes(only),
  )
}

function withoutPadding(bytes: Buffer): Buffer {
  // XML Encryption pads with anything, and says how much in the last byte.
  const count = bytes.at(-1) ?? 0
  if (count < 1 || count > 16 || count > bytes.length) throw closed()
  return bytes.subarray(0, bytes.length - count)
}

function opened(data: PlainElement, key: Buffer): Buffer {
  const content = contents[algorithmOf(data)]
  const bytes = cipherBytes(data)
  if (content === undefined || key.length !== content.keyBytes || bytes.length <= content.nonceBytes + tagBytes) throw closed()
  const nonce = bytes.subarray(0, content.nonceBytes)
  if (content.cipher === 'aes-128-gcm' || content.cipher === 'aes-256-gcm') {
    const decipher = createDecipheriv(content.cipher, key, nonce, { authTagLength: tagBytes })
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(content.nonceBytes, -tagBytes)), decipher.final()])
  }
  const decipher = createDecipheriv(content.cipher, key, nonce).setAutoPadding(false)
  return withoutPadding(Buffer.concat([decipher.update(bytes.subarray(content.nonceBytes)), decipher.final()]))
}

/** The text of the assertion in an `EncryptedAssertion`. Throws `sign_in_refused`, the same whatever is wrong with it. */
export function openAssertion(encrypted: PlainElement, privateKey: string): string {
  try {
    const [data, another] = childrenOf(encrypted, ns.encryption, 'EncryptedData')
    if (data === undefined || another !== undefined || (data.attributes.get('Type') ?? texts.element) !== texts.element) throw closed()
    const key = contentKey(encrypted, privateKey)
    return new TextDecoder('utf-8', { fatal: true }).decode(opened(data, key))
  } catch (error) {
    throw closed(error)
  }
}
