// The service provider of SAML against a real identity provider in process, and against whoever holds an answer of it: wrapped, doubled, commented, bombed, meant
// for somebody else, signed by somebody else or by nobody.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { signingKey } from '../../../../test/harness/saml-metadata.ts'
import { type SamlIdentityProvider, type SamlScript, startSamlProvider } from '../../../../test/harness/saml-provider.ts'
import type { SamlProvider, SamlSettings } from '../../../identity/index.ts'
import { CodedError } from '../../../kernel/index.ts'
import { createSamlProvider } from './saml-provider.ts'

const id = '_the-question'
let offsetMs = 0
const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }
const us: SamlProvider = createSamlProvider({ clock })
let p: SamlIdentityProvider
let settings: SamlSettings

before(async () => {
  p = await startSamlProvider()
  const { own, privateKey } = await us.newCertificate('sso_test')
  const answerUrl = 'https://twinlock.example/sso/saml/org_one/sso_one'
  const addresses = { answerUrl, entityId: `${answerUrl}/metadata`, signOutAddress: `${answerUrl}/logout` }
  settings = { ...us.readMetadata(p.metadata()), ...addresses, ownCertificate: own.certificate, privateKey }
  p.register(us.ownMetadata(settings))
})
after(() => p?.close())

const honest: SamlScript = { inResponseTo: id, nameId: 'u-1', email: 'somebody@one.example' }
const answered = async (script: SamlScript = {}, to: SamlSettings = settings) => us.read(to, await p.answer({ ...honest, ...script }))

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    assert.equal(error.code, 'sign_in_refused', error.message)
    return error.message
  }
  assert.fail('This was to be refused, and was taken.')
}

/** Another character than this one, which base64 has as well. */
const another = (one: string): string => (one === 'A' ? 'B' : 'A')

const assertionIn = (xml: string): string => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? assert.fail('no assertion')
const signatureIn = (xml: string): string => /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(xml)?.[0] ?? assert.fail('no signature')
const evil = (assertion: string): string =>
  assertion
    .replace(signatureIn(assertion), '')
    .replace(/ID="[^"]*"/, 'ID="_evil"')
    .replace('u-1', 'u-admin')
    .replace('somebody@', 'admin@')

describe('an honest provider', () => {
  it('is understood, in the open and encrypted for our own key', async () => {
    for (const isEncrypted of [false, true]) {
      const { answer, inResponseTo, until } = await answered({ isEncrypted })
      assert.deepEqual(
        [answer.subject, answer.email, answer.emailVerified, answer.session, inResponseTo],
        ['u-1', 'somebody@one.example', true, '_s1', id],
      )
      assert.ok(until > Date.now() && until <= Date.now() + 660_000)
    }
  })

  it('reads our request: signed, with the question’s id, and asking anew where that is wanted', async () => {
    const url = await us.signInUrl(settings, { id, isStepUp: true, acr: 'urn:two' })
    const { isForced, xml, ...asked } = await p.asked(url)
    assert.deepEqual([asked.id, isForced], [id, true])
    assert.match(xml, />urn:two</)
    const forged = url.replace(/(?<=Signature=.{20})[A-Za-z0-9]/, another)
    await assert.rejects(p.asked(forged))
    assert.equal((await p.asked(await us.signInUrl(settings, { id, isStepUp: false, acr: undefined }))).isForced, false)
  })

  it('changes its certificate while two are known, and is no more believed with the one that ended', async () => {
    const next = await signingKey()
    const rolling = { ...settings, ...us.readMetadata(p.metadata([p.key.certificate, next.certificate])) }
    assert.equal((await answered({}, rolling)).answer.subject, 'u-1')
    assert.equal((await answered({ key: next }, rolling)).answer.subject, 'u-1')
    const rolled = { ...settings, ...us.readMetadata(p.metadata([next.certificate])) }
    assert.match(await refusal(answered({}, rolled)), /signature/)
    const ended = { ...settings, certificates: settings.certificates.map((one) => ({ ...one, notAfter: new Date().toISOString() })) }
    await assert.rejects(answered({}, ended), { code: 'provider_failed' })
  })
})

describe('an answer that was made for somebody else, or for another time', () => {
  const other: Record<string, SamlScript> = {
    'another audience': { audience: 'https://elsewhere.example/metadata' },
    'another recipient': { recipient: 'https://elsewhere.example/acs' },
    'another destination': { destination: 'https://elsewhere.example/acs' },
    'another issuer': { issuer: 'https://other-provider.example' },
    'a failure': { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' },
    'a name that changes': { nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
    'nobody’s name': { nameId: '' },
    'expired conditions': { notOnOrAfter: Date.now() - 120_000 },
    'conditions of tomorrow': { notBefore: Date.now() + 86_400_000 },
    'made yesterday': { issuedAt: Date.now() - 86_400_000 },
    'made tomorrow': { issuedAt: Date.now() + 86_400_000 },
    'signed in tomorrow': { signedInAt: Date.now() + 86_400_000 },
    'without an audience': { before: (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '') },
    'with a condition that nobody knows': {
      before: (xml) => xml.replace('<saml:AudienceRestriction>', '<saml:Unheard/><saml:AudienceRestriction>'),
    },
    'without a bearer': { before: (xml) => xml.replace('cm:bearer', 'cm:holder-of-key') },
    'two names': { before: (xml) => xml.replace('</saml:NameID>', '</saml:NameID><saml:NameID>u-admin</saml:NameID>') },
    'a question around it and none within': {
      before: (xml) => xml.replace(/(<saml:SubjectConfirmationData[^>]*) InResponseTo="[^"]*"/, '$1'),
    },
    'another question around it': { after: (xml) => xml.replace(`InResponseTo="${id}"`, 'InResponseTo="_another"') },
  }
  for (const [what, script] of Object.entries(other))
    it(`is refused: ${what}`, async () => {
      await refusal(answered(script))
    })

  it('is refused once its time is over by the clock of the deployment, and before it', async () => {
    const answer = await p.answer(honest)
    for (const offset of [400_000, -120_000]) {
      offsetMs = offset
      await refusal(us.read(settings, answer))
    }
    offsetMs = 0
    assert.equal((await us.read(settings, answer)).answer.subject, 'u-1')
  })

  it('says an address only where it says one alone', async () => {
    const second = '<saml:Attribute Name="mail"><saml:AttributeValue>admin@one.example</saml:AttributeValue></saml:Attribute>'
    const { answer } = await answered({ before: (xml) => xml.replace('</saml:AttributeStatement>', `${second}</saml:AttributeStatement>`) })
    assert.deepEqual([answer.email, answer.emailVerified], [undefined, false])
  })
})

describe('a signature', () => {
  const move = (change: (xml: string, assertion: string) => string): SamlScript => ({ after: (xml) => change(xml, assertionIn(xml)) })
  const whole = (xml: string): string => xml.replace(/<\?xml[^>]*\?>/, '')
  // The eight shapes of Somorovsky et al., “On Breaking SAML” (2012), as test tools number them.
  const wrapped: Record<string, SamlScript> = {
    'XSW1, the signed response within an evil one’s signature': move((xml, signed) =>
      xml.replace(
        signed,
        evil(signed).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureIn(signed).replace('</ds:Signature>', `<ds:Object>${whole(xml)}</ds:Object></ds:Signature>`)}`,
        ),
      ),
    ),
    'XSW2, the signed response beside a detached signature': move((xml, signed) =>
      xml.replace(signed, `${evil(signed)}${signatureIn(signed)}${whole(xml)}`),
    ),
    'XSW3, an evil assertion before the signed one': move((xml, signed) => xml.replace(signed, `${evil(signed)}${signed}`)),
    'XSW4, the signed assertion within an evil one': move((xml, signed) =>
      xml.replace(signed, evil(signed).replace('</saml:Assertion>', `${signed}</saml:Assertion>`)),
    ),
    'XSW5, the signed assertion after an evil one that carries its signature': move((xml, signed) =>
      xml.replace(
        signed,
        `${evil(signed).replace('</saml:Issuer>', `</saml:Issuer>${signatureIn(signed)}`)}${signed.replace(signatureIn(signed), '')}`,
      ),
    ),
    'XSW6, the signed assertion within the signature of an evil one': move((xml, signed) =>
      xml.replace(
        signed,
        evil(signed).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureIn(signed).replace('</ds:Signature>', `${signed.replace(signatureIn(signed), '')}</ds:Signature>`)}`,
        ),
      ),
    ),
    'XSW7, an evil assertion among extensions': move((xml, signed) =>
      xml.replace('<samlp:Status>', `<samlp:Extensions>${evil(signed)}</samlp:Extensions><samlp:Status>`),
    ),
    'XSW8, the signed assertion in an object of the signature': move((xml, signed) =>
      xml.replace(
        signed,
        evil(signed).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureIn(signed).replace('</ds:Signature>', `<ds:Object>${signed.replace(signatureIn(signed), '')}</ds:Object></ds:Signature>`)}`,
        ),
      ),
    ),
    'the id of the signed one twice': move((xml, signed) =>
      xml.replace(
        signed,
        evil(signed)
          .replace('_evil', /ID="([^"]*)"/.exec(signed)?.[1] ?? '')
          .replace('</saml:Assertion>', `<saml:Advice>${signed}</saml:Advice></saml:Assertion>`),
      ),
    ),
    'an assertion of another namespace': move((xml, signed) => xml.replace(signed, `<Assertion xmlns="urn:x">${signed}</Assertion>`)),
  }
  for (const [what, script] of Object.entries(wrapped))
    it(`covers what is read, or nothing is: ${what}`, async () => {
      await refusal(answered(script))
    })

  it('is needed on the assertion: around it, elsewhere or nowhere is not enough', async () => {
    await refusal(answered({ after: (xml) => xml.replace(signatureIn(xml), '') }))
    await refusal(
      answered({ after: (xml) => xml.replace(signatureIn(xml), '').replace('<samlp:Status>', `${signatureIn(xml)}<samlp:Status>`) }),
    )
  })

  it('ends with a change of anything that it covers', async () => {
    await refusal(answered({ after: (xml) => xml.replace('u-1', 'u-admin') }))
    await refusal(answered({ after: (xml) => xml.replace('somebody@', 'admin@') }))
    await refusal(answered({ after: (xml) => xml.replace(/(?<=<ds:SignatureValue>.{8})./, another) }))
    await refusal(answered({ after: (xml) => xml.replace(/(?<=<ds:DigestValue>)./, another) }))
  })

  it('counts from the provider’s own key alone, whatever certificate comes along', async () => {
    assert.match(await refusal(answered({ key: await signingKey() })), /signature/)
  })

  it('counts in no weaker algorithm than was agreed on: not SHA-1, not a MAC under a public key, not nothing', async () => {
    assert.match(await refusal(answered({ algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' })), /strong enough/)
    const hmac = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'
    const forged = (xml: string) =>
      xml
        .replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', hmac)
        .replace(/<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${createHmac('sha1', p.key.certificate).update(xml).digest('base64')}`)
    assert.match(await refusal(answered({ after: forged })), /strong enough/)
    const weakDigest = (xml: string) => xml.replace('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1')
    assert.match(await refusal(answered({ after: weakDigest })), /strong enough/)
    const xslt = (xml: string) =>
      xml.replace('http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/TR/1999/REC-xslt-19991116')
    assert.match(await refusal(answered({ after: xslt })), /strong enough/)
    const comments = (xml: string) => xml.replaceAll('xml-exc-c14n#', 'xml-exc-c14n#WithComments')
    assert.match(await refusal(answered({ after: comments })), /strong enough/)
  })
})

describe('a text that is not what it seems', () => {
  it('is refused with a comment in a name, before and after it was signed', async () => {
    const split = (xml: string) => xml.replace('u-1', 'u-admin<!-- -->.evil.example')
    await refusal(answered({ before: split }))
    await refusal(answered({ after: (xml) => xml.replace('u-1', 'u-<!-- -->1') }))
  })

  it('is refused with a document type, entities, instructions or CDATA: no bomb goes off, no file is read', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(500)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
    const file = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for (const prolog of [bomb, file, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/">', '<?xml-stylesheet href="x"?>']) {
      await refusal(answered({ after: (xml) => `${prolog}${xml}` }))
      await refusal(answered({ after: (xml) => `${prolog}${xml.replace('u-1', '&c;')}` }))
    }
    await refusal(
      answered({ before: (xml) => xml.replace('u-1', '<![CDATA[u-1]]>'), after: (xml) => xml.replace('u-1', '<![CDATA[u-1]]>') }),
    )
  })

  it('is refused when it is too long, too deep or too wide, and in another encoding', async () => {
    // Work, not time: the machine may stand still meanwhile.
    const started = process.cpuUsage()
    const deep = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${'<a>'.repeat(60_000)}`
    const wide = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ${Array.from({ length: 2_000 }, (_, at) => `a${at}=""`).join(' ')}/>`
    const declared = (level: number) => Array.from({ length: 39 }, (_, at) => `xmlns:p${level}x${at}="u"`).join(' ')
    const prefixes = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${Array.from({ length: 28 }, (_, level) => `<a ${declared(level)}>`).join('')}${'<b/>'.repeat(3_900)}`
    const again = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${'<a xmlns:b="u" xmlns:b="v"/>'}</samlp:Response>`
    const many = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${'<a/>'.repeat(20_000)}</samlp:Response>`
    for (const text of [
      deep,
      wide,
      prefixes,
      again,
      many,
      '<'.repeat(100_000),
      '',
      '<samlp:Response',
      'x'.repeat(190_000),
      '<a b="'.repeat(20_000),
    ])
      await refusal(us.read(settings, Buffer.from(text).toString('base64')))
    const large = {
      before: (xml: string) => xml.replace('</saml:AttributeStatement>', `${'<a/>'.repeat(1_500)}</saml:AttributeStatement>`),
    }
    assert.match(await refusal(answered(large)), /1500 elements/)
    await refusal(us.read(settings, Buffer.from(await p.answer(honest), 'base64').toString('utf16le')))
    await refusal(us.read(settings, 'A'.repeat(300_000)))
    await refusal(us.read(settings, '%%%'))
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(Buffer.from(await p.answer(honest), 'base64').toString('utf8'), 'utf16le'),
    ])
    await refusal(us.read(settings, utf16.toString('base64')))
    assert.ok(process.cpuUsage(started).user < 10_000_000, 'and nobody waits for it')
  })
})

describe('an encrypted assertion', () => {
  it('is opened with our own key alone, and is not believed for being encrypted', async () => {
    const other = await us.newCertificate('another')
    await refusal(answered({ isEncrypted: true }, { ...settings, privateKey: other.privateKey }))
    await refusal(answered({ isEncrypted: true, key: await signingKey() }))
    await refusal(
      answered({
        isEncrypted: true,
        before: (xml) => xml.replace('u-1', 'u-admin<!-- -->.evil.example'),
        audience: 'https://elsewhere.example',
      }),
    )
  })

  it('tells nobody what is wrong with it', async () => {
    const said = new Set<string>()
    // One character of the last ciphertext, so far from its end: the padding holds or not, what comes out is a text or not.
    const flip = (from: number) => (xml: string) => {
      const end = xml.lastIndexOf('</', xml.lastIndexOf('CipherValue>'))
      const at = end - from
      return `${xml.slice(0, at)}${xml.charAt(at) === 'A' ? 'B' : 'A'}${xml.slice(at + 1)}`
    }
    const changes = [
      ...[8, 24, 30, 40, 200, 900].map(flip),
      (xml: string) => xml.replaceAll('rsa-oaep-mgf1p', 'rsa-1_5'),
      (xml: string) => xml.replaceAll(/aes(128|256)-(cbc|gcm)/g, 'tripledes-cbc'),
      (xml: string) => xml.replace(/CipherValue>[^<]+/, 'CipherValue>AAAA'),
    ]
    for (const after of changes) said.add(await refusal(answered({ isEncrypted: true, after })))
    said.add(await refusal(answered({ isEncrypted: true, key: await signingKey() })))
    assert.equal(said.size, 1, [...said].join('\n'))
  })
})

describe('metadata', () => {
  it('is refused where it is not one provider’s, and fetches nothing', () => {
    const good = p.metadata()
    const bad: Record<string, string> = {
      'no XML': 'https://provider.example/metadata',
      'an entity of a file': `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${good.replace(/<\?xml[^>]*\?>/, '')}`,
      'a service provider': us.ownMetadata(settings),
      'no certificate': p.metadata([]),
      'a certificate that is none': p.metadata(['AAAA']),
      'a script for a page': good.replace(/Location="[^"]*"/, 'Location="javascript:alert(1)"'),
      'a page without TLS': good.replace(/Location="[^"]*"/, 'Location="http://provider.example/sign-in"'),
      'nobody’s': good.replace(/entityID="[^"]*"/, 'entityID=""'),
      'SAML 1.1': good.replace('urn:oasis:names:tc:SAML:2.0:protocol', 'urn:oasis:names:tc:SAML:1.1:protocol'),
    }
    for (const [what, xml] of Object.entries(bad)) assert.throws(() => us.readMetadata(xml), { code: 'invalid' }, what)
  })

  it('of ours holds no script, whatever the base URL is', () => {
    const xml = us.ownMetadata({ ...settings, entityId: '"><script>' })
    assert.equal(xml.includes('<script>'), false)
  })
})

it('keys are made few at a time: whoever asks for many takes neither the cores nor the store from others', async () => {
  const made = await Promise.allSettled(Array.from({ length: 5 }, (_, number) => us.newCertificate(`sso_${number}`)))
  assert.deepEqual(
    made.map((one) => (one.status === 'fulfilled' ? 'made' : one.reason.code)),
    ['made', 'made', 'made', 'busy', 'busy'],
  )
  assert.ok(await us.newCertificate('sso_after'))
})
