// What identity providers and directories write: XML, certificates and answers of SAML, documents and changes of SCIM. All of it is hostile until a signature or a
// token says who wrote it, and is read before that.
import assert from 'node:assert/strict'
import { canonicalXml } from '../../../src/host/identity-providers/saml/canonical-xml.ts'
import { readCertificate } from '../../../src/host/identity-providers/saml/certificate.ts'
import { answerBytesMax, readEnvelope } from '../../../src/host/identity-providers/saml/envelope.ts'
import { readMetadata } from '../../../src/host/identity-providers/saml/metadata.ts'
import {
  everyElement,
  type PlainElement,
  readPlainXml,
  XmlRefused,
  xmlLimits,
} from '../../../src/host/identity-providers/saml/plain-xml.ts'
import { readMembers, readOperations, readValue, userKind } from '../../../src/identity/index.ts'
import { metadataOf } from '../../harness/saml-metadata.ts'
import { hostileValue, spoilText, spoilValue } from '../hostile.ts'
import { isRefusal, type Target, target } from '../target.ts'

const metadata = metadataOf('https://p.example/metadata', 'https://p.example/in', ['MIIB'], 'https://p.example/out')
const answer =
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0">' +
  '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>' +
  '<Assertion ID="_b" Version="2.0"><Issuer>p</Issuer><Subject><NameID>x &amp; &#x59;</NameID></Subject></Assertion></samlp:Response>'
const bombs = [
  '<a '.repeat(4_000),
  '<a>'.repeat(9_000),
  '&amp;'.repeat(30_000),
  `<a${' b="c"'.repeat(9_000)}/>`,
  `<a>${'<b/>'.repeat(9_000)}</a>`,
]

/** All that is read of an element, however it was written. */
function shapeOf({ name, namespace, attributes, scope, content }: PlainElement): unknown {
  const said = [...attributes].map(([written, value]) => {
    const [prefix, local] = written.includes(':') ? written.split(':') : ['', written]
    return [prefix === '' ? '' : scope.get(prefix ?? ''), local, value].map(String)
  })
  return { name, namespace, said: said.sort(), content: content.map((part) => (typeof part === 'string' ? part : shapeOf(part))) }
}

const operations = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [
    { op: 'Replace', path: 'name.familyName', value: 'X' },
    { op: 'remove', path: 'emails[type eq "work"].value' },
    { op: 'add', value: { active: true } },
  ],
}

/** The readers of what comes from providers. */
export const providerTargets: readonly Target[] = [
  target<string>({
    name: 'saml-xml',
    share: 14,
    draw: (random) => (random.once(40) ? random.pick(bombs) : spoilText(random, random.pick([metadata, answer]))),
    put(text) {
      const root = readPlainXml(text)
      const elements = [...everyElement(root)]
      assert.ok(elements.length <= xmlLimits.elements)
      for (const { start, end } of elements) assert.ok(text.slice(start, end).startsWith('<') && text.slice(start, end).endsWith('>'))
      // What a signature would be over says all that is read: read again, it is the same.
      const canonical = canonicalXml(root)
      if (canonical.length > xmlLimits.characters) return
      const again = readPlainXml(canonical)
      assert.deepEqual(shapeOf(again), shapeOf(root))
      assert.equal(canonicalXml(again), canonical)
    },
    promises: (error) => error instanceof XmlRefused,
  }),
  target<string>({ name: 'saml-metadata', share: 6, draw: (random) => spoilText(random, metadata), put: readMetadata }),
  target<string>({
    name: 'saml-answer',
    share: 6,
    draw(random) {
      const encoded = Buffer.from(random.once(4) ? answer : spoilText(random, answer).toWellFormed()).toString('base64')
      return random.once(60) ? 'A'.repeat(answerBytesMax + 4) : random.once(4) ? spoilText(random, encoded) : encoded
    },
    put(text) {
      readEnvelope(text, '')
      assert.fail('an answer that nobody signed has an envelope')
    },
    promises: isRefusal,
  }),
  target<string>({
    name: 'saml-certificate',
    share: 4,
    draw: (random) => spoilText(random, Buffer.from('30820122300d06092a864886f70d01010105000382010f00', 'hex').toString('base64')),
    put: (text) => assert.equal(readCertificate(text), undefined),
  }),
  target<unknown>({
    name: 'scim-operations',
    share: 20,
    draw: (random) => spoilValue(random, operations),
    put(body) {
      for (const { op, path } of readOperations(body)) assert.ok(op !== 'remove' || path !== undefined)
    },
  }),
  target<{ readonly at: number; readonly given: unknown }>({
    name: 'scim-value',
    share: 20,
    draw: (random) => ({
      at: random.below(userKind.core.attributes.length),
      given: random.once(2) ? hostileValue(random) : spoilValue(random, [{ value: 'a@b.example', type: 'work', primary: true }, 'text']),
    }),
    put({ at, given }) {
      const attribute = userKind.core.attributes[at]
      assert.ok(attribute)
      const value = readValue(attribute, given)
      assert.ok(!Array.isArray(value) || value.length <= 50)
    },
  }),
  target<unknown>({
    name: 'scim-members',
    share: 8,
    draw: (random) => spoilValue(random, [{ value: 'per_01j0zq7y3f8k9m2n4p5q6r7s8t' }, 'grp_01j0zq7y3f8k9m2n4p5q6r7s8t']),
    put(given) {
      for (const id of readMembers(given)) assert.match(id, /^(per|grp)_[0-9a-z]{26}$/)
    },
  }),
]
