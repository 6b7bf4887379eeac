// What a person reads of a leaving, and that an organization's data ends up in one file, or in none.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const person = { id: fakeId('per', 1), slug: 'ann', name: 'Ann\u001b[31m', state: 'left' }
const lines = [
  { what: 'sessions', title: 'Sessions', outcome: 'ended', count: 2, remaining: 0 },
  { what: 'recovery_codes', title: 'Recovery codes', outcome: 'nothing_found', count: 0, remaining: 0 },
]
const stops = 'No run of it begins.'
const ownership = [
  { kind: 'twin', outcome: 'stopped', count: 3, offered: 1, handedOver: 0, stops },
  { kind: 'agent', outcome: 'nothing_found', count: 0, offered: 0, handedOver: 0, stops },
]
const readBack = { at: '2026-11-22T05:00:00.000Z', found: 0, isDone: true, toHandOver: 3 }
const left = { person, phase: 'left', leftAt: '2026-11-22T05:00:00.000Z', because: 'offboarded', lines, ownership, readBack }

const organization = fakeId('org', 1)
const pageOf = (number: number, next: string | null) => ({
  format: 'twinlock-organization-v1',
  organization,
  at: '2026-11-22T05:00:00.000Z',
  rows: [{ table: 'twin', row: { number } }],
  next,
})

let one: FakeTwinlock
let answer: unknown = left
before(async () => {
  one = await startFake({
    'person:leaving': () => answer,
    'organization:export': (input) => ((input as { after?: string }).after === 'two' ? pageOf(2, null) : pageOf(1, 'two')),
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

describe('a leaving on the command line', () => {
  it('is one checklist, with what stands still and who could be asked', async () => {
    const { out, err } = await one.run('person', 'leaving', person.id)
    assert.match(out, /Sessions +ended +2/)
    assert.match(out, /Nothing found of: recovery codes\./)
    assert.match(out, /Owns: twin +stopped +3 +1 offered\. No run of it begins\./)
    assert.ok(!out.includes('Owns: agent'))
    assert.match(out, /Done: the read-back found nothing\. 3 stand still/)
    assert.match(err, /person hand-over --from/)
    assert.ok(!out.includes('\u001b'), 'nothing in it speaks to the terminal')
  })

  it('says loudly when anything still counts', async () => {
    const still = [{ ...lines[0], outcome: 'still_there', remaining: 1 }]
    answer = { ...left, lines: still, readBack: { ...readBack, found: 1, isDone: false } }
    const { out } = await one.run('person', 'leaving', person.id)
    assert.match(out, /Sessions +still there +2 +1 still there/)
    assert.match(out, /NOT DONE: the read-back found 1/)
    answer = left
  })
})

describe('organization export on the command line', () => {
  it('writes every page into one file that only its owner reads, and overwrites none', async () => {
    const path = join(one.folder, 'all.jsonl')
    assert.equal((await one.run('organization', 'export', '--out', 'all.jsonl')).exit, 0)
    const written = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as Record<string, unknown>)
    assert.deepEqual(written[0], { format: 'twinlock-organization-v1', organization, at: '2026-11-22T05:00:00.000Z' })
    assert.deepEqual(
      written.slice(1),
      [1, 2].map((number) => ({ table: 'twin', row: { number } })),
    )
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal((await one.run('organization', 'export', '--out', 'all.jsonl')).exit, 2)
    assert.equal((await one.run('organization', 'export', '--out', 'more.jsonl', '--after', 'two')).exit, 2)
    assert.ok(!existsSync(join(one.folder, 'more.jsonl')))
  })

  it('prints one page without a file, and says where it goes on', async () => {
    const { out, err } = await one.run('organization', 'export')
    assert.deepEqual(JSON.parse(out), { table: 'twin', row: { number: 1 } })
    assert.match(err, /--after 'two'/)
  })
})
