// Bytes, ids, digests, canonical JSON: the kernel's readers, whose every answer has one spelling.
import assert from 'node:assert/strict'
import {
  base64,
  base64url,
  canonicalText,
  fromBase64,
  fromBase64url,
  fromUtf8,
  type IdPrefix,
  idPrefixes,
  isDigest,
  type Json,
  parseId,
  utf8,
} from '../../../src/kernel/index.ts'
import { hostileTexts, hostileValue, spoilBytes, spoilText } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const someId = 'run_01j0zq7y3f8k9m2n4p5q6r7s8t'
const digest = `sha256:${'9f'.repeat(32)}`

/** The kernel's readers. */
export const textTargets: readonly Target[] = [
  target<{ prefix: string; text: string }>({
    name: 'id',
    share: 60,
    draw: (random) => ({ prefix: random.pick(Object.keys(idPrefixes)), text: spoilText(random, someId) }),
    put({ prefix, text }) {
      parseId(prefix as IdPrefix, text) // one of the prefixes that were drawn from
      // A well-formed id has nothing in it that a log, a path or a query could take for something else.
      assert.match(text, /^[a-z]{3}_[0-9a-z]{26}$/)
      assert.ok(text.startsWith(prefix) && !isDigest(text))
    },
  }),
  target<string>({
    name: 'base64',
    share: 50,
    draw: (random) => spoilText(random, random.pick(['', 'YQ==', 'YWI=', 'YWJj', '-_-_', 'AAAAAAAA', digest])),
    put(text) {
      let read: Uint8Array | undefined
      try {
        read = fromBase64(text)
        assert.equal(base64(read), text)
      } finally {
        if (read === undefined) assert.equal(base64url(fromBase64url(text)), text)
      }
    },
  }),
  target<Uint8Array>({
    name: 'utf8',
    share: 30,
    draw: (random) => spoilBytes(random, utf8(random.pick(hostileTexts).toWellFormed())),
    put: (bytes) => assert.deepEqual([...utf8(fromUtf8(bytes))], [...bytes]),
  }),
  target<unknown>({
    name: 'canonical',
    share: 30,
    draw: hostileValue,
    put(value) {
      const text = canonicalText(value as Json)
      assert.equal(canonicalText(JSON.parse(text)), text)
    },
  }),
]
