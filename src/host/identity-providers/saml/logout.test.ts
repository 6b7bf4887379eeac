// A sign-out that a browser brings: the provider's own is read, and everything that an attacker who holds the browser, another provider or an old message could
// make of it is refused; what we send can be read by somebody else's library (test/attacks/hostile-saml.test.ts).
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type SigningKey, signingKey } from '../../../../test/harness/saml-metadata.ts'
import { type SignOutScript, signOutQuery } from '../../../../test/harness/saml-sign-out.ts'
import type { SamlSettings } from '../../../identity/index.ts'
import { isCoded } from '../../../kernel/index.ts'
import { readSignOut, signedOutUrl, signOutUrl } from './logout.ts'

const destination = 'https://twinlock.example/sso/saml/org/sso/logout'
const issuer = 'https://provider.example/metadata'
const now = Date.now()

let key: SigningKey
let other: SigningKey
let settings: SamlSettings

before(async () => {
  ;[key, other] = await Promise.all([signingKey(), signingKey()])
  const certificate = { certificate: key.certificate, sha256: '', notBefore: '', notAfter: '' }
  settings = {
    issuer,
    signInUrl: 'https://provider.example/in',
    signOutUrl: 'https://provider.example/out?tenant=1',
    signOutAnswerUrl: undefined,
    certificates: [certificate],
    entityId: 'https://twinlock.example/sso/saml/org/sso/metadata',
    answerUrl: 'https://twinlock.example/sso/saml/org/sso',
    signOutAddress: destination,
    ownCertificate: key.certificate,
    privateKey: key.privateKey,
  }
})

const query = (more: Partial<SignOutScript> = {}, by = key) => signOutQuery(by, { issuer, destination, issuedAt: now, ...more })
const read = (text: string) => readSignOut(settings, settings.certificates, text, now)

describe('a sign-out of a provider', () => {
  it('says who signed out of which sessions, and keeps what is to be handed back', () => {
    const said = read(query({ id: '_one', sessions: ['_s1', '_s2'], relayState: 'back & forth' }))
    assert.deepEqual(said, { id: '_one', subject: 'u-1', sessions: ['_s1', '_s2'], relayState: 'back & forth' })
    assert.deepEqual(read(query({ notOnOrAfter: now + 1000 })).sessions, [])
  })

  it('is refused unless this provider signed these very octets, for us, just now', () => {
    const replaced = (name: string, value: string) => (text: string) => text.replace(new RegExp(`(^|&)${name}=[^&]*`), `$1${name}=${value}`)
    const hostile: Record<string, string> = {
      'by another key': query({}, other),
      'by SHA-1': query({ algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
      'not signed': query({ after: (text) => text.replace(/&SigAlg=.*$/, '') }),
      'signed by nothing': query({ after: replaced('Signature', '') }),
      'with another relay state': query({ relayState: 'a', after: replaced('RelayState', 'b') }),
      'with a relay state that was put in': query({ after: (text) => text.replace('&SigAlg', '&RelayState=b&SigAlg') }),
      'with another message': query({
        after: replaced('SAMLRequest', query({ subject: 'u-2' }).slice('SAMLRequest='.length).split('&')[0] ?? ''),
      }),
      'with two messages': query({ after: (text) => `${query({ subject: 'u-2' }).split('&')[0]}&${text}` }),
      'of another provider': query({ issuer: 'https://elsewhere.example' }),
      'of nobody': query({ before: (xml) => xml.replace(/<saml:Issuer>.*<\/saml:Issuer>/, '') }),
      'sent to another address': query({ destination: `${destination}/x` }),
      'sent to nowhere': query({ before: (xml) => xml.replace(/ Destination="[^"]*"/, '') }),
      'of yesterday': query({ issuedAt: now - 86_400_000 }),
      'of tomorrow': query({ issuedAt: now + 86_400_000 }),
      'that is over': query({ notOnOrAfter: now - 120_000 }),
      'without an id': query({ id: '' }),
      'of two people': query({
        before: (xml) => xml.replace('</samlp:LogoutRequest>', '<saml:NameID>u-2</saml:NameID></samlp:LogoutRequest>'),
      }),
      'of nobody whom it could name': query({ subject: '' }),
      'of a name within a comment': query({ subject: 'u-1<!-- x -->.evil' }),
      'of more sessions than anybody has': query({ sessions: Array.from({ length: 21 }, (_, number) => `_${number}`) }),
      'of a session without a name': query({ sessions: [''] }),
      'that is an answer': query({ before: (xml) => xml.replaceAll('LogoutRequest', 'LogoutResponse') }),
      'that is larger than a sign-out': query({ before: (xml) => xml.replace('</saml:Issuer>', `</saml:Issuer>${' '.repeat(70_000)}`) }),
      'with a document type': query({ before: (xml) => `<!DOCTYPE x [<!ENTITY a "b">]>${xml}` }),
      'that is no XML': query({ before: () => 'sign out' }),
      'that was not deflated': query({ after: replaced('SAMLRequest', 'AAAA') }),
      'that is too long': query({ after: (text) => `${text}&x=${'a'.repeat(9_000)}` }),
      'that is not to be decoded': query({ after: replaced('SigAlg', '%E0%A4%A') }),
      'with a long relay state': query({ relayState: 'r'.repeat(81) }),
    }
    for (const [what, text] of Object.entries(hostile))
      assert.throws(
        () => read(text),
        (error) => isCoded(error, 'sign_in_refused'),
        what,
      )
  })

  it('is asked of it, and answered, only where it has a page for that', () => {
    const wish = { id: '_a', subject: 'u<1>', format: undefined, session: undefined }
    const url = signOutUrl(settings, wish, now) ?? ''
    assert.ok(url.startsWith('https://provider.example/out?tenant=1&SAMLRequest='))
    const answer = { id: '_b', inResponseTo: '_one', relayState: 'r' }
    assert.match(
      signedOutUrl({ ...settings, signOutAnswerUrl: 'https://provider.example/answer' }, answer, now) ?? '',
      /^https:\/\/provider\.example\/answer\?SAMLResponse=/,
    )
    const without = { ...settings, signOutUrl: undefined }
    assert.deepEqual([signOutUrl(without, wish, now), signedOutUrl(without, answer, now)], [undefined, undefined])
  })
})
