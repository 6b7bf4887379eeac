// What actions and the broker are asked for: bodies, queries, inputs of every capability, paths and headers of calls, answers of upstreams.
import assert from 'node:assert/strict'
import { catalogue, parseInput } from '../../../src/app/index.ts'
import { headersOut, readRequestPath, redactBody, secretRemover } from '../../../src/egress/index.ts'
import { sha256 } from '../../../src/host/crypto/system-ports.ts'
import { type Capability, utf8 } from '../../../src/kernel/index.ts'
import { parseJsonBody, readQuery } from '../../../src/server/index.ts'
import { manifestSchema, scanBytes } from '../../../src/twins/index.ts'
import type { Seeded } from '../../harness/seeded.ts'
import { hostileTexts, hostileValue, spoilBytes, spoilJsonText, spoilText, spoilValue } from '../hostile.ts'
import { type Target, target } from '../target.ts'

/** An input that has most of the fields of a capability, with anything in them. */
function anyInput(random: Seeded, { input }: Capability): unknown {
  const fields = Object.keys(input.shape).filter(() => !random.once(6))
  return Object.fromEntries(fields.map((name) => [name, hostileValue(random)]))
}

const manifest = {
  connections: [
    {
      connection: 'accounts-data',
      allow: [
        { methods: ['GET'], path: '/accounts/{id}' },
        { methods: ['POST'], path: '/payments/**' },
      ],
    },
  ],
  assets: [{ name: 'readings', asset: 'ast_01j0zq7y3f8k9m2n4p5q6r7s8t' }],
  parameters: { accounts: 3, deep: { list: [1, 2, { a: null }] } },
  outputs: { filesMax: 10, bytesMax: 1_000_000 },
  deadlineSeconds: 60,
  memoryMegabytes: 256,
}

const csv = 'account,iban,password\n1,DE02120300000000202051,AKIAIOSFODNN7EXAMPLE\n'
const answer = { accounts: [{ id: 1, email: 'holder@people.example', token: 'abc', note: 'a "quoted" \\ text' }], next: null }
const secret = 'an-upstream-key-0123456789'

const headerNames = [
  'accept',
  'Content-Type',
  'authorization',
  'cookie',
  'x-forwarded-for',
  'te',
  'Transfer-Encoding',
  'prefer',
  '__proto__',
]

/** Readers of requests and of answers. */
export const inputTargets: readonly Target[] = [
  target<string>({
    name: 'json-body',
    share: 70,
    draw: (random) => spoilJsonText(random, random.once(2) ? manifest : answer),
    put(text) {
      const value = parseJsonBody(text, 32)
      assert.deepEqual(value, text === '' ? {} : JSON.parse(text))
      assert.equal(Reflect.get({}, 'admin'), undefined)
    },
  }),
  target<{ text: string; capability: string }>({
    name: 'query',
    share: 50,
    draw(random) {
      const capability = random.pick(catalogue)
      const names = [...Object.keys(capability.input.shape), ...hostileTexts]
      const parts = Array.from(
        { length: random.below(6) },
        () => `${random.pick(names)}=${encodeURIComponent(random.pick(hostileTexts).toWellFormed())}`,
      )
      return { capability: capability.name, text: spoilText(random, parts.join('&')) }
    },
    put({ text, capability: name }) {
      const capability = catalogue.find((one) => one.name === name)
      assert.ok(capability !== undefined)
      parseInput(capability, readQuery(text, capability.input))
    },
  }),
  target<{ capability: string; input: unknown }>({
    name: 'input',
    share: 90,
    draw(random) {
      const capability = random.pick(catalogue)
      return { capability: capability.name, input: random.once(10) ? hostileValue(random) : anyInput(random, capability) }
    },
    put({ capability: name, input }) {
      const capability = catalogue.find((one) => one.name === name)
      assert.ok(capability !== undefined)
      parseInput(capability, input)
    },
  }),
  target<unknown>({
    name: 'manifest',
    share: 40,
    draw: (random) => spoilValue(random, manifest),
    put(value) {
      const read = manifestSchema.safeParse(value)
      if (!read.success) return
      const rules = read.data.connections.flatMap(({ allow }) => allow)
      for (const { path } of rules) assert.match(path, /^\/[^\s\\"<>|^`]*$/)
    },
  }),
  target<string>({
    name: 'request-path',
    share: 90,
    draw: (random) => spoilText(random, random.pick(['/accounts/12?limit=2&after=x', '/a/b%20c/d', '/payments/%C3%A9'])),
    put(text) {
      const { path, query } = readRequestPath(text)
      assert.equal(path + query, text)
      // INVARIANT of the broker: no other reader of this path finds another resource in it.
      assert.equal(new URL(`http://upstream.example${text}`).pathname, path)
    },
  }),
  target<Record<string, string>>({
    name: 'headers-out',
    share: 40,
    draw: (random) =>
      Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [random.pick(headerNames), spoilText(random, random.pick(hostileTexts))]),
      ),
    put(headers) {
      const passed = headersOut(headers)
      assert.deepEqual(
        Object.keys(passed).filter((name) => /auth|cookie|forward|^te$|transfer/i.test(name)),
        [],
      )
    },
  }),
  target<{ body: Uint8Array; type: string }>({
    name: 'redaction',
    share: 12,
    draw(random) {
      const text = spoilJsonText(random, answer)
      const at = random.below(text.length + 1)
      const body = `${text.slice(0, at)}${random.pick([secret, encodeURIComponent(secret), btoa(secret), ''])}${text.slice(at)}`
      return {
        body: random.once(2) ? utf8(body.toWellFormed()) : spoilBytes(random, utf8(body.toWellFormed())),
        type: random.pick(['application/json', 'text/csv', '', 'a/b+json']),
      }
    },
    put({ body, type }) {
      const clean = redactBody(body, type, { remove: secretRemover(secret), fingerprint: () => 'f' })
      assert.equal(Buffer.from(clean.body).includes(secret), false)
    },
  }),
  // A text of escaped quotes, of opening brackets or of blanks is where a backtracking pattern takes the square of its length.
  target<{ body: Uint8Array; type: string }>({
    name: 'redaction-of-repetitions',
    share: 1,
    draw: (random) => ({
      body: utf8(JSON.stringify([random.pick(['"', '\\', ' ', '{', '":', '"a" ', '\u00e9', 'a:', '\n']).repeat(100_000)])),
      type: 'application/json',
    }),
    put: ({ body, type }) => redactBody(body, type, { remove: secretRemover(secret), fingerprint: () => 'f' }),
  }),
  target<Uint8Array>({
    name: 'secret-scan',
    share: 10,
    draw: (random) =>
      spoilBytes(random, utf8(random.once(2) ? spoilText(random, csv).toWellFormed() : spoilJsonText(random, manifest).toWellFormed())),
    put(bytes) {
      const { findings, steps } = scanBytes('readings.csv', bytes, { sha256 })
      for (const { preview } of findings) assert.ok(preview.length < 40)
      assert.ok(Number.isFinite(steps))
    },
  }),
  target<Uint8Array>({
    name: 'secret-scan-of-repetitions',
    share: 1,
    draw: (random) =>
      utf8(random.pick(['password=', 'a', '0', '/', '"', 'eyJ', '-----BEGIN ', 'https://a:b@', 'AKIA', '\\', ' ', '=']).repeat(20_000)),
    put: (bytes) => scanBytes('readings.csv', bytes, { sha256 }),
  }),
]
