// Signatures of SAML held against @node-saml/node-saml, which checks them by other code over another reader: whatever is taken here it takes as well, and reads the
// very same; and what a provider signs with another writer's canonical form holds here, however it is written.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { pem } from '../../../../test/harness/saml-metadata.ts'
import { type SamlIdentityProvider, type SamlScript, startSamlProvider } from '../../../../test/harness/saml-provider.ts'
import type { SamlProvider, SamlSettings } from '../../../identity/index.ts'
import { CodedError } from '../../../kernel/index.ts'
import { canonicalXml } from './canonical-xml.ts'
import { publicKeyOf } from './certificate.ts'
import { readEnvelope } from './envelope.ts'
import { everyElement, readPlainXml } from './plain-xml.ts'
import { createSamlProvider } from './saml-provider.ts'
import { holds } from './signature.ts'

const us: SamlProvider = createSamlProvider({ clock: { now: () => Date.now(), monotonic: () => performance.now() } })
let p: SamlIdentityProvider
let settings: SamlSettings
let oracle: SAML

before(async () => {
  p = await startSamlProvider()
  const { own, privateKey } = await us.newCertificate('sso_test')
  const answerUrl = 'https://twinlock.example/sso/saml/org_one/sso_one'
  const addresses = { answerUrl, entityId: `${answerUrl}/metadata`, signOutAddress: `${answerUrl}/logout` }
  settings = { ...us.readMetadata(p.metadata()), ...addresses, ownCertificate: own.certificate, privateKey }
  p.register(us.ownMetadata(settings))
  oracle = new SAML({
    callbackUrl: answerUrl,
    issuer: settings.entityId,
    audience: settings.entityId,
    idpCert: pem('CERTIFICATE', p.key.certificate),
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: -1,
  })
})
after(() => p?.close())

const lines = (text: string): string => text.replaceAll('&#xD;', '\n')

/** The signed text as it is here; nothing where it is refused. */
function taken(response: string): string | undefined {
  try {
    const { signature, assertion } = readEnvelope(response, settings.privateKey)
    return holds(signature, assertion, [publicKeyOf(p.key.certificate)])
      ? lines(canonicalXml(assertion, { without: signature }))
      : undefined
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

/** The signed text as node-saml has it, written as it would be here; nothing where it refuses. It gives out a carriage return that was an entity as one that ends a line. */
async function takenByOracle(response: string): Promise<string | undefined> {
  try {
    const text = (await oracle.validatePostResponseAsync({ SAMLResponse: response })).profile?.getAssertionXml?.()
    return text === undefined ? undefined : lines(canonicalXml(readPlainXml(text)))
  } catch {
    return undefined // whatever it says, it refuses
  }
}

const decoded = (response: string): string => Buffer.from(response, 'base64').toString('utf8')
const encoded = (xml: string): string => Buffer.from(xml).toString('base64')
const answered = (script: SamlScript = {}) => p.answer({ nameId: 'u-1', email: 'somebody@one.example', inResponseTo: '_q', ...script })

/** A generator of numbers that is the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Below = (below: number) => number
const pick = <T>(below: Below, from: readonly T[]): T => from[below(from.length)] ?? assert.fail('nothing to pick from')

const texts = ['x', ' two words ', '&amp;&lt;&gt;', '&quot;&apos;', 'ä€😀', '&#9;&#10;&#13;', '\n\t', 'a>b', '&#x1F600;', '']
const inAttributes = texts.map((text) => text.replaceAll('"', '&quot;'))
// Prefixes of one letter: the oracle orders longer ones by language and not by bytes.
const prefixes = ['a', 'b', 'c']

/** An element as providers could write it: prefixes declared here, there or anew, attributes in any order, empty or not. */
function drawn(below: Below, depth: number, known: readonly string[]): string {
  const declared = prefixes.filter((prefix) => !known.includes(prefix) && below(3) === 0)
  const usable = [...known, ...declared]
  const prefixed = (name: string) => (usable.length > 0 && below(2) === 0 ? `${pick(below, usable)}:${name}` : name)
  const named = prefixed(pick(below, ['one', 'two', 'Three']))
  const attributes = ['z', 'k', 'A'].filter(() => below(2) === 0).map((name) => `${prefixed(name)}="${pick(below, inAttributes)}"`)
  const defaults = below(4) === 0 ? [`xmlns="urn:${pick(below, ['d', 'e'])}"`] : below(6) === 0 ? ['xmlns=""'] : []
  const tag = [named, ...attributes, ...declared.map((prefix) => `xmlns:${prefix}='urn:${prefix}'`), ...defaults].join(
    pick(below, [' ', '\n', '  ']),
  )
  const within = Array.from({ length: depth > 3 ? 0 : below(3) }, () => `${pick(below, texts)}${drawn(below, depth + 1, usable)}`)
  const inside = `${within.join('')}${pick(below, texts)}`
  return inside === '' ? `<${tag}/>` : `<${tag}>${inside}</${named}>`
}

it('hold over whatever a provider signs by another writer, and are read as node-saml reads them', async () => {
  const below = numbers(7)
  let widest = 0
  for (let number = 0; number < 40; number++) {
    const value = Array.from({ length: 3 }, () => drawn(below, 0, [])).join(pick(below, texts))
    const response = await answered({
      before: (xml) =>
        xml.replace(
          '</saml:AttributeStatement>',
          `<saml:Attribute Name="drawn"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
        ),
    })
    const text = taken(response)
    assert.notEqual(text, undefined, `what the provider signed holds: ${value}`)
    assert.equal(text, await takenByOracle(response), value)
    widest = Math.max(widest, text?.length ?? 0)
  }
  assert.ok(widest > 2_000, 'what was drawn was worth comparing')
})

/** Other ways to write the same. */
const sameSaid: Readonly<Record<string, (xml: string) => string>> = {
  'attributes between other quotes': (xml) => xml.replace(/ Version="2\.0"/g, " Version='2.0'"),
  'attributes on lines of their own': (xml) => xml.replace(/ IssueInstant=/g, '\n\tIssueInstant='),
  'empty elements with an end': (xml) => xml.replace(/<(ds:\w+|samlp:StatusCode)([^<>]*)\/>/g, '<$1$2></$1>'),
  'a letter by its number': (xml) => xml.replace('>u-1<', '>&#117;-&#x31;<'),
  'a prefix declared where nobody uses it': (xml) => xml.replace('<saml:Subject>', '<saml:Subject xmlns:unused="urn:unused">'),
  'a prefix declared again': (xml) => xml.replace('<saml:Subject>', '<saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">'),
  'other ends of lines around the assertion': (xml) => xml.replace('<samlp:Status>', '\r\n<samlp:Status>'),
  'what is around the assertion in another way': (xml) => xml.replace(/(<samlp:Response[^>]*?) Destination="[^"]*"/, '$1'),
}

it('hold however the same is written, where they hold for node-saml, and are read alike', async () => {
  const response = await answered()
  const plain = taken(response)
  assert.notEqual(plain, undefined)
  for (const [what, change] of Object.entries(sameSaid)) {
    const changed = encoded(change(decoded(response)))
    assert.notEqual(changed, response, `${what}: nothing changed`)
    assert.equal(taken(changed), plain, what)
    assert.equal(await takenByOracle(changed), plain, what)
  }
})

/** Changes of an answer that an attacker could make without the key, drawn: of one character, of a piece moved, doubled or cut, of a prefix bound anew. */
function spoiled(below: Below, xml: string): string {
  const at = below(xml.length)
  const tags = [...xml.matchAll(/<\/?[\w:]+[^<>]*>/g)]
  const tag = pick(below, tags)
  const [start, end] = [tag.index, tag.index + tag[0].length]
  const ways = [
    () => `${xml.slice(0, at)}${pick(below, ['A', 'b', '0', ' ', '"', '&#65;', '>', '-'])}${xml.slice(at + 1)}`,
    () => `${xml.slice(0, start)}${xml.slice(end)}`,
    () => `${xml.slice(0, end)}${tag[0]}${xml.slice(end)}`,
    () => `${xml.slice(0, end)}${pick(below, texts)}${xml.slice(end)}`,
    () => xml.replace(pick(below, ['xmlns:saml="', 'xmlns:samlp="', 'xmlns:ds="']), '$&x'),
    () =>
      xml.slice(0, start) +
      tag[0].replace(/^(<[\w:]+)/, `$1 ${pick(below, ['xmlns="urn:x"', 'xmlns:ds="urn:x"', 'id="_x"', 'xml:lang="en"', 'xmlnsx="y"'])}`) +
      xml.slice(end),
  ]
  return pick(below, ways)()
}

it('never hold here where node-saml refuses, or over anything else than it reads', async () => {
  const below = numbers(11)
  const xml = decoded(await answered())
  let same = 0
  for (let number = 0; number < 1_500; number++) {
    const changed = encoded(spoiled(below, xml))
    const text = taken(changed)
    if (text === undefined) continue
    same++
    assert.equal(text, await takenByOracle(changed), decoded(changed))
  }
  assert.ok(same > 20 && same < 700, `${same} of them changed nothing that is signed`)
})

it('cover prefixes that a provider names to be written in any case', async () => {
  const typed = '<saml:AttributeValue xmlns:xs="urn:xs" xmlns:xsi="urn:xsi" xsi:type="xs:string">x</saml:AttributeValue>'
  const response = await answered({ before: (xml) => xml.replace(/<saml:AttributeValue>[^<]*<\/saml:AttributeValue>/, typed) })
  assert.equal(taken(response), await takenByOracle(response))
  const { assertion, signature } = readEnvelope(response, settings.privateKey)
  const value = [...everyElement(assertion)].find(({ name }) => name === 'AttributeValue') ?? assert.fail('no value')
  assert.equal(
    canonicalXml(value),
    '<saml:AttributeValue xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi="urn:xsi" xsi:type="xs:string">x</saml:AttributeValue>',
  )
  assert.match(canonicalXml(value, { inclusive: ['xs', '', 'not-there'] }), /xmlns:saml="[^"]*" xmlns:xs="urn:xs" xmlns:xsi="urn:xsi"/)
  assert.equal(holds(signature, assertion, []), false, 'and under no key nothing holds')
})
