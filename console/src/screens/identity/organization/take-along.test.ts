// What is taken along is every row of every page, a row a line, below what it is; a page that is refused leaves nothing that could be taken for all of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeAlong } from './take-along.ts'

const page = (rows: readonly string[], next: string | null) => ({
  format: 'twinlock-organization-v1' as const,
  organization: 'org_a',
  at: '2026-01-02T03:04:05.000Z',
  rows: rows.map((slug) => ({ table: 'person', row: { slug } })),
  next,
})
const { signal } = new AbortController()

test('pages are read one after another until there is no next one', async () => {
  const asked: (string | undefined)[] = []
  const seen: number[] = []
  const ask = async (after: string | undefined) => {
    asked.push(after)
    return after === undefined ? page(['a', 'b'], 'there') : page(['c'], null)
  }
  const taken = await takeAlong(signal, ({ rows }) => seen.push(rows), { ask })
  const text = taken.parts.map((part) => new TextDecoder().decode(part)).join('')
  const lines = text.trimEnd().split('\n')
  assert.deepEqual(
    [asked, seen],
    [
      [undefined, 'there'],
      [2, 3],
    ],
  )
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    format: 'twinlock-organization-v1',
    organization: 'org_a',
    at: '2026-01-02T03:04:05.000Z',
  })
  assert.deepEqual(
    lines.slice(1).map((line) => JSON.parse(line).row.slug),
    ['a', 'b', 'c'],
  )
  assert.deepEqual([taken.rows, taken.bytes, taken.isWhole], [3, Buffer.byteLength(text), true])
})

test('what is too much for a browser is not taken for all of it', async () => {
  let pages = 0
  const ask = async () => page([`a${++pages}`], 'more')
  const { isWhole } = await takeAlong(signal, () => {}, { ask, atMost: 250 })
  assert.deepEqual([isWhole, pages], [false, 5])
})

test('a refusal in the middle is passed on', async () => {
  const ask = async (after: string | undefined) => {
    if (after !== undefined) throw new Error('denied')
    return page(['a'], 'there')
  }
  await assert.rejects(
    takeAlong(signal, () => {}, { ask }),
    /denied/,
  )
})
