import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../test/harness/seeded.ts'
import { redactBody, secretRemover } from './redact.ts'

const secret = 'key-Zx81+/hT0&pq=='
const utf8 = (text: string) => new TextEncoder().encode(text)
const fingerprint = (value: string) => `f${value.length}`
const redact = (body: string | Uint8Array, contentType = 'application/json', injected: string | undefined = secret) => {
  const remove = secretRemover(injected)
  const { body: bytes, places } = redactBody(typeof body === 'string' ? utf8(body) : body, contentType, { remove, fingerprint })
  return { bytes, text: new TextDecoder().decode(bytes), places }
}
const spellings = [
  secret,
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  encodeURIComponent(secret),
  [...secret].reverse().join(''),
]

describe('the secret that the broker injected', () => {
  it('comes back in no spelling that is known, from text and from JSON, in values and in names', () => {
    for (const spelling of spellings) {
      const echoed = [
        `you sent ${spelling}`,
        JSON.stringify({ echo: spelling }),
        JSON.stringify({ [spelling]: 1 }),
        JSON.stringify([[{ a: `x${spelling}x` }]]),
        `${spelling}${spelling}`,
      ]
      for (const text of echoed) {
        for (const type of ['application/json', 'text/plain', '']) {
          const { text: clean, places } = redact(text, type)
          assert.equal(clean.includes(spelling), false, `${spelling} in ${clean}`)
          assert.ok(places >= 1)
        }
      }
    }
  })

  it('comes back from no binary body', () => {
    const body = Uint8Array.from([0xff, 0xfe, 0, ...utf8(secret), 0xff, ...utf8(spellings[1] ?? '')])
    const { bytes, places } = redact(body, 'application/octet-stream')
    assert.equal(places, 2)
    assert.equal(Buffer.from(bytes).includes(secret), false)
    assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xfe, 0])
  })

  it('is taken out wherever it stands, whatever is around it', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const own = random.text('abcXYZ019+/=_-', 8, 24)
      const noise = () => random.text('abcXYZ019+/=_- {}":,', 0, 30)
      const { text } = redact(`${noise()}${own}${noise()}${Buffer.from(own).toString('base64')}${noise()}`, 'text/plain', own)
      assert.equal(text.includes(own), false, `seed ${seed}`)
    }
  })
})

describe('personal fields of a JSON answer', () => {
  it('become fingerprints, equal for equal values, at every depth', () => {
    const body = {
      email: 'a@b.example',
      list: [{ Phone: '12345' }, { iban: 'DE00' }, { 'e-mail': 'a@b.example' }],
      card_number: 4111,
      token: 'x',
      name: 'kept',
      address: { street: 'Long' },
    }
    const { text, places } = redact(JSON.stringify(body), 'application/json; charset=utf-8', undefined)
    assert.deepEqual(JSON.parse(text), {
      email: '[redacted:f11]',
      list: [{ Phone: '[redacted:f5]' }, { iban: '[redacted:f4]' }, { 'e-mail': '[redacted:f11]' }],
      card_number: '[redacted:f4]',
      token: '[redacted:f1]',
      name: 'kept',
      address: { street: '[redacted:f4]' },
    })
    assert.equal(places, 7)
  })

  it('are looked for in every JSON, and not in other texts', () => {
    const body = JSON.stringify({ email: 'a@b.example' })
    for (const type of ['application/json', 'application/problem+json', 'text/json;x=1', 'application/vnd.api+json'])
      assert.equal(redact(body, type).places, 1, type)
    assert.equal(redact(body, 'text/plain', undefined).places, 1, 'what looks like JSON is read as JSON, whatever it is called')
    assert.equal(redact(`mail: ${body}`, 'text/plain', undefined).places, 0)
  })
})

describe('an answer in which nothing is redacted', () => {
  it('goes through byte by byte', () => {
    for (const body of ['{ "a" : 1.0 }', '[]', 'no json', '', '{"a":1,}', '"text"'])
      assert.deepEqual(redact(body), { bytes: utf8(body), text: body, places: 0 })
    const binary = Uint8Array.from([0xff, 0x00, 0x80])
    assert.deepEqual([...redact(binary, 'image/png').bytes], [...binary])
    assert.deepEqual([...redact(binary, 'image/png', undefined).bytes], [...binary])
  })
})

describe('a hostile answer', () => {
  it('of many megabytes costs no more than reading it', () => {
    const big = JSON.stringify({ rows: Array.from({ length: 20_000 }, (_, at) => ({ at, email: `p${at}@x.example` })) })
    const { text, places } = redact(big)
    assert.equal(places, 20_000)
    assert.equal(text.includes('@x.example'), false)
    assert.equal(redact('['.repeat(200_000)).places, 0, 'what is no JSON is text')
  })

  it('of escaped quotes alone costs no more than reading it, and holds nobody up', () => {
    const quotes = JSON.stringify(['"'.repeat(250_000)])
    // Work, not time: the machine may stand still meanwhile.
    const began = process.cpuUsage()
    assert.equal(redact(quotes).places, 0)
    assert.ok(process.cpuUsage(began).user < 10_000_000, 'the square of its length would take minutes')
  })

  it('that is nested 30 levels deep is redacted at the bottom', () => {
    const deep = `${'{"a":'.repeat(30)}{"email":"x@y.example"}${'}'.repeat(30)}`
    assert.equal(redact(deep).text.includes('x@y.example'), false)
  })
})
