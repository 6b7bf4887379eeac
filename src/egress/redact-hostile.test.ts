// Redaction against an upstream that hides what must not come back: escapes, encodings, depth, bytes that are no text.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '../kernel/index.ts'
import { headersBack } from './headers.ts'
import { redactBody, secretRemover } from './redact.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const redact = (body: string | Uint8Array, contentType = 'application/json', secret: string | undefined = 'key/with+slash') =>
  new TextDecoder().decode(
    redactBody(typeof body === 'string' ? utf8(body) : body, contentType, { remove: secretRemover(secret), fingerprint: () => 'f' }).body,
  )

describe('the secret that the broker injected', () => {
  it('comes back in no JSON escape', () => {
    const escaped = {
      slash: '"key\\/with+slash"',
      letter: '"\\u006bey/with+slash"',
      all: `"${[...'key/with+slash'].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
    }
    for (const [name, text] of Object.entries(escaped)) {
      assert.doesNotMatch(JSON.stringify(JSON.parse(redact(`{"echo":${text}}`))), /key\/with\+slash/, name)
      assert.doesNotMatch(redact(`{"email":"a@b.example","echo":${text}}`), /key\/with\+slash/, `${name} beside a personal field`)
    }
  })

  it('comes back neither without its scheme, nor as what a Basic one says, nor as the value of a parameter', () => {
    const echoed: readonly (readonly [secret: string, told: string])[] = [
      ['Bearer tok-1234567890', 'tok-1234567890'],
      ['ApiKey tok-1234567890', Buffer.from('tok-1234567890').toString('base64')],
      [`Basic ${btoa('svc:hunter-two')}`, 'svc:hunter-two'],
      [`basic ${btoa('svc:hunter-two')}`, 'hunter-two'],
      ['Token token="tok-1234567890", v=1', 'tok-1234567890'],
      ['sid=tok-1234567890; other=x', 'tok-1234567890'],
    ]
    for (const [secret, told] of echoed)
      for (const [body, type] of [
        [`You sent ${told}.`, 'text/plain'],
        [JSON.stringify({ echo: told }), 'application/json'],
      ] as const)
        assert.equal(redact(body, type, secret).includes(told), false, `${secret} in ${body}`)
    assert.equal(redact('Bearer of news', 'text/plain', 'Bearer tok-1234567890'), 'Bearer of news')
  })

  it('comes back in no escapes of URLs, forms, HTML and JSON, and in no other case', () => {
    const secret = `key/with+slash "and' <more>&~`
    const percent = encodeURIComponent(secret)
    const told = [
      percent.toLowerCase(),
      percent.replaceAll('%20', '+').replaceAll("'", '%27').replaceAll('~', '%7E'),
      'key/with+slash &quot;and&#39; &lt;more&gt;&amp;~',
      JSON.stringify(secret),
      secret.toUpperCase(),
    ]
    for (const one of told) assert.match(redact(`You sent ${one}.`, 'text/plain', secret), /^You sent "?\[redacted\]"?\.$/, one)
  })

  it('comes back as no number', () => {
    for (const digits of ['1234567890123', '12345678901234567890123'])
      for (const body of [`{"echo":${digits}}`, `[${digits}]`, `{"email":"a@b.example","echo":${digits}}`])
        assert.equal(redact(body, 'application/json', digits).includes(digits), false, body)
    assert.equal(redact('{"n":1.50}'), '{"n":1.50}', 'and what is no credential stays as it came')
  })

  it('comes back in no other spelling in a header', () => {
    assert.equal(
      headersBack({ etag: btoa('key/with+slash') }, secretRemover('key/with+slash')).etag?.includes(btoa('key/with+slash')),
      false,
    )
  })
})

describe('personal fields of a JSON answer', () => {
  const gone = (text: string) => assert.equal(text.includes('a@b.example'), false, text.slice(-120))

  it('are redacted behind a hundred thousand values', () => gone(redact(`[${'0,'.repeat(100_001)}{"email":"a@b.example"}]`)))
  it('are redacted whatever the case of the content type', () => gone(redact('{"email":"a@b.example"}', 'Application/JSON')))
  it('are redacted behind a byte-order mark', () => gone(redact('\ufeff{"email":"a@b.example"}')))
  it('are redacted beside a byte that is not UTF-8', () =>
    gone(redact(Uint8Array.from([...utf8('{"email":"a@b.example","x":"'), 0xff, ...utf8('"}')]))))
  it('are redacted in a member that is overridden', () => gone(redact('{"a":{"email":"a@b.example"},"a":1}')))
  it('are redacted in lists of texts', () => gone(redact('{"email":["a@b.example"]}')))
})

describe('a hostile answer', () => {
  it('nested deeper than can be walked is refused with a code', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    try {
      redact(deep)
    } catch (error) {
      assert.ok(isCoded(error), String(error))
    }
  })
})
