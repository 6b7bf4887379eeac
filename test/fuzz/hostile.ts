// What hostile senders send: texts, numbers, values and bytes that some parser somewhere once took for something else. Everything is drawn from a
// generator with a seed, so that an input can be had again.
import type { Seeded } from '../harness/seeded.ts'

/** Texts that mean something to a parser, a store, a shell, a browser or a log. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\r\n',
  '\r\nset-cookie: a=b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e',
  '\u2028',
  '😀'.repeat(40),
  'null',
  'true',
  'NaN',
  '-0',
  '1e309',
  '-1',
  '00',
  '0x10',
  '9007199254740993',
  '18446744073709551616',
  '99999999999999999999999999999999999999',
  '"',
  '\\',
  '\\u0000',
  "'; drop table entry; --",
  '{{7*7}}',
  '%00',
  '%2e%2e%2f',
  '%c3%28',
  '%',
  '../../etc/passwd',
  '//evil.example',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  '=1+1',
  '*',
  '**',
  '.',
  '..',
  ',',
  ';',
  '+',
  '-',
  '--',
  '-----BEGIN PRIVATE KEY-----',
  'org_00000000000000000000000000',
  'sha256:',
  `sha256:${'0'.repeat(64)}`,
  '2026-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  'İ',
  'ﬀ',
  'e\u0301',
]

const numbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e21,
  1e-7,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  2 ** 53 - 1,
  2 ** 63,
  255,
  256,
  65_535,
  65_536,
]

/** A value nested so many levels deep. */
export function nested(levels: number, inner: unknown = 1): unknown {
  let value = inner
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** A JSON value that fits nowhere, or nearly somewhere. */
export function hostileValue(random: Seeded): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => true,
    () => false,
    () => random.pick(numbers),
    () => random.pick(hostileTexts),
    () => random.pick(hostileTexts) + random.pick(hostileTexts),
    () => random.pick(hostileTexts).repeat(1 + random.below(300)),
    () => random.text('abcdefghijklmnopqrstuvwxyz0123456789-_', 1, 60),
    () => [],
    () => [random.pick(hostileTexts), random.pick(numbers), null],
    () => Array.from({ length: random.below(400) }, (_, at) => at),
    () => ({}),
    () => ({ [random.pick(hostileTexts)]: random.pick(hostileTexts) }),
    () => JSON.parse(`{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}`),
    () => nested(random.below(48)),
  ])()
}

/** A text somewhere near a sound one: cut, doubled, repeated, spliced, with something hostile put in. */
export function spoilText(random: Seeded, sound: string, others: readonly string[] = []): string {
  let text = sound
  for (let times = 1 + random.below(3); times > 0; times--) text = spoilOnce(random, text, others)
  return text
}

function spoilOnce(random: Seeded, text: string, others: readonly string[]): string {
  const at = random.below(text.length + 1)
  const until = Math.min(text.length, at + random.below(12))
  const [before, inner, after] = [text.slice(0, at), text.slice(at, until), text.slice(until)]
  return random.pick<() => string>([
    () => before + after,
    () => before + inner + inner + after,
    () => before + inner.repeat(1 + random.below(400)) + after,
    () => before + random.pick(hostileTexts) + after,
    () => before + String.fromCharCode(random.below(random.pick([128, 256, 65_536]))) + after,
    () => before + String.fromCharCode((inner.charCodeAt(0) || 0) ^ (1 << random.below(8))) + inner.slice(1) + after,
    () => before,
    () => after,
    () => before + String(random.pick(numbers)) + after,
    () => before + inner.toUpperCase() + after,
    () => before + random.pick([...others, text]).slice(random.below(40)),
    () => text.replaceAll('\n', random.pick(['\r\n', '\n\n', '', ' \n'])),
  ])()
}

/** Bytes somewhere near sound ones. */
export function spoilBytes(random: Seeded, sound: Uint8Array): Uint8Array {
  let bytes: Uint8Array = sound
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1)
    const until = Math.min(bytes.length, at + random.below(16))
    const [before, inner, after] = [bytes.subarray(0, at), bytes.subarray(at, until), bytes.subarray(until)]
    bytes = Buffer.concat(
      random.pick<() => readonly Uint8Array[]>([
        () => [before, after],
        () => [before, inner, inner, after],
        () => [before, inner.map((byte) => byte ^ (1 << random.below(8))), after],
        () => [before, Uint8Array.from({ length: random.below(9) }, () => random.below(256)), after],
        () => [before, Uint8Array.from({ length: random.below(600) }, () => random.pick([0, 255, 91, 123, 34])), after],
        () => [before],
        () => [after],
      ])(),
    )
  }
  return bytes
}

/** A JSON value somewhere near a sound one: a member gone, one too many, another value in some place. */
export function spoilValue(random: Seeded, sound: unknown): unknown {
  if (typeof sound !== 'object' || sound === null || random.once(8)) return hostileValue(random)
  if (Array.isArray(sound)) return spoilList(random, sound)
  const names = Object.keys(sound)
  const member = names.length === 0 ? 'a' : random.pick(names)
  return random.pick<() => unknown>([
    () => Object.fromEntries(Object.entries(sound).filter(([name]) => name !== member)),
    () => ({ ...sound, [random.pick(hostileTexts)]: hostileValue(random) }),
    () => ({ ...sound, [member]: hostileValue(random) }),
    () => ({ ...sound, [member]: spoilValue(random, Reflect.get(sound, member)) }),
    () => ({ ...sound, [member]: spoilMember(random, Reflect.get(sound, member)) }),
  ])()
}

function spoilMember(random: Seeded, member: unknown): unknown {
  if (typeof member === 'string') return spoilText(random, member)
  if (typeof member === 'number') return random.pick(numbers)
  return spoilValue(random, member)
}

function spoilList(random: Seeded, sound: readonly unknown[]): unknown {
  const at = random.below(sound.length + 1)
  return random.pick<() => unknown>([
    () => sound.toSpliced(at, 1),
    () => sound.toSpliced(at, 0, hostileValue(random)),
    () => sound.map((item, number) => (number === at ? spoilMember(random, item) : item)),
    () => Array.from({ length: 1 + random.below(300) }, () => sound[0] ?? null),
  ])()
}

/** The JSON text of a value; now and then one that only looks like JSON, or one that no call stack holds. */
export function spoilJsonText(random: Seeded, sound: unknown): string {
  if (random.once(60)) return random.pick(['[', '{"a":', '[{"a":']).repeat(1 + random.below(8_000))
  if (random.once(200)) return `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const text = JSON.stringify(random.once(3) ? sound : spoilValue(random, sound)) ?? 'undefined'
  return random.once(2) ? spoilText(random, text) : text
}
