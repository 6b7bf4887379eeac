import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { OpenedTwinlock } from '../../src/app/index.ts'
import { sha256 } from '../../src/host/crypto/system-ports.ts'
import { ed25519Verify } from '../../src/host/crypto/verify-signatures.ts'
import { utf8 } from '../../src/kernel/index.ts'
import {
  hashLeaf,
  type LogTrust,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  verifyExport,
  verifyReceipt,
} from '../../src/ledger/index.ts'
import { type Act, actWith, asPart, at, codeOf, listAt, textAt } from '../harness/acting.ts'
import { seeded } from '../harness/seeded.ts'
import { openWorld, type World } from '../harness/world.ts'

const crypto = { sha256, ed25519Verify }

async function* bytesOf(bodies: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const body of bodies) yield utf8(String(body))
}

describe('the ledger', () => {
  let world: World
  let auditor: Act
  let instances: readonly OpenedTwinlock[]
  let trust: LogTrust

  before(async () => {
    world = await openWorld({ isIdle: true })
    auditor = await world.as('auditor')
    instances = [world.twinlock, await world.another({ worker: 'second' }), await world.another({ worker: 'third' })]
    const { verifierKey } = await exported()
    const key = parseVerifierKey(sha256, String(verifierKey))
    trust = { origin: key.name, logKeys: [key], witnessKeys: [], witnessQuorum: 0 }
  })
  after(() => world.close())

  const exported = async (input: object = {}): Promise<Record<string, unknown>> => {
    for (;;) {
      const answer = await auditor('ledger:export', input).catch((error: unknown) => error)
      if (!(answer instanceof Error)) return Object(answer)
      assert.match(answer.message, /no such checkpoint yet/)
    }
  }

  it('numbers each entry exactly once and never forks, however many sequencers race', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const random = seeded(seed)
      const acts = Array.from({ length: 30 }, (_, at) => {
        const instance = instances[random.below(instances.length)] ?? world.twinlock
        return asPart(
          instance.door,
          world.org,
          'starter',
        )('person:create', { slug: `p-${seed}-${at}`, name: 'Some Body', email: `p${seed}.${at}@people.example` })
      })
      await Promise.all(acts)
    }
    const { checkpoint } = await wholeExport()
    const { size } = parseCheckpoint(parseNote(String(checkpoint)).text)
    const rows = await world.rows('select seq from entry_number order by seq')
    assert.deepEqual(
      rows.map(({ seq }) => Number(seq)),
      rows.map((_, at) => at),
      'no number twice, none left out',
    )
    assert.ok(size >= 120)
    assert.equal(
      Number((await world.rows('select count(distinct id) as n from entry'))[0]?.n),
      Number((await world.rows('select count(*) as n from entry'))[0]?.n),
    )
  })

  /** An export that covers every entry of now. */
  async function wholeExport(): Promise<Record<string, unknown>> {
    const [{ n } = {}] = await world.rows('select count(*) as n from entry')
    for (;;) {
      const answer = await exported()
      if (Number(answer.size) >= Number(n)) return answer
    }
  }

  it('released checkpoints that are all heads of one and the same log', async () => {
    const whole = await wholeExport()
    const entries = listAt(whole, 'entries')
    const notes = await world.rows('select size, note from checkpoint order by size')
    assert.ok(notes.length > 5)
    for (const { size, note } of notes) {
      if (Number(size) > entries.length) continue
      const verdict = await verifyExport(crypto, { checkpoint: String(note), entries: bytesOf(entries.slice(0, Number(size))) }, trust)
      assert.ok(verdict.holds, `checkpoint of ${String(size)}: ${JSON.stringify(verdict)}`)
    }
  })

  it('is exported whole and verifies offline; changed, shortened, extended or reordered it does not', async () => {
    const whole = await wholeExport()
    const entries = listAt(whole, 'entries')
    const verdict = async (bodies: readonly unknown[]) =>
      (await verifyExport(crypto, { checkpoint: textAt(whole, 'checkpoint'), entries: bytesOf(bodies) }, trust)).holds
    assert.ok(await verdict(entries))
    assert.equal(await verdict(entries.slice(0, -1)), false)
    assert.equal(await verdict([...entries, entries[0]]), false)
    assert.equal(await verdict(entries.with(3, String(entries[3]).replace('"done"', '"gone"'))), false)
    assert.equal(await verdict([...entries.slice(0, 5).reverse(), ...entries.slice(5)]), false)
    const other = { ...trust, origin: 'twinlock.internal/log/org_other' }
    assert.equal((await verifyExport(crypto, { checkpoint: textAt(whole, 'checkpoint'), entries: bytesOf(entries) }, other)).holds, false)
  })

  it('is exported page by page up to one checkpoint, and the pages make the whole', async () => {
    const { size, entries } = await wholeExport()
    const pages: unknown[] = []
    let from: number | null = 0
    while (from !== null) {
      const page: Record<string, unknown> = await exported({ from, limit: 50, size })
      assert.equal(page.size, size)
      pages.push(...listAt(page, 'entries'))
      const leaves = listAt(page, 'entries').map((body) => Buffer.from(hashLeaf(sha256, utf8(String(body)))))
      assert.deepEqual(Buffer.from(textAt(page, 'leaves'), 'base64'), Buffer.concat(leaves), 'each page has the leaf hashes of its entries')
      from = page.next === null ? null : Number(page.next)
    }
    assert.deepEqual(pages, entries)
    assert.equal(await codeOf(auditor('ledger:export', { size: 1_000_000 })), 'not_found')
  })

  it('proves each entry by a receipt that holds for that entry alone', async () => {
    const rows = await world.rows('select id, body, seq from numbered_entry where seq is not null order by seq')
    const random = seeded(5)
    for (const row of [rows[0], rows[1], rows.at(-1), ...Array.from({ length: 12 }, () => random.pick(rows))]) {
      const { receipt, index, body } = await auditor('ledger:receipt', { entry: row?.id })
      assert.deepEqual([index, body], [Number(row?.seq), row?.body])
      assert.equal(verifyReceipt(crypto, String(receipt), utf8(String(body)), trust).index, index)
      const other = rows[(Number(index) + 1) % rows.length]
      assert.throws(() => verifyReceipt(crypto, String(receipt), utf8(String(other?.body)), trust))
    }
  })

  it('answers tiles that are made of its entries, and none that it does not have', async () => {
    const rows = await world.rows('select body from numbered_entry where seq < 20 order by seq')
    const { hashes, path } = await auditor('ledger:tile', { level: 0, index: 0, width: rows.length })
    assert.equal(path, `tile/0/000.p/${rows.length}`)
    const leaves = rows.map((row) => Buffer.from(hashLeaf(crypto.sha256, utf8(String(row.body)))))
    assert.deepEqual(Buffer.from(String(hashes), 'base64'), Buffer.concat(leaves))
    assert.equal(await codeOf(auditor('ledger:tile', { level: 0, index: 1_000_000 })), 'not_found')
    assert.equal(await codeOf((await world.as('operator'))('ledger:tile', { level: 0, index: 0, width: 1 })), 'denied')
  })

  it('keeps names and addresses beside its entries, where they can be erased without breaking a proof', async () => {
    const [row] = await world.rows(`select s.entry_id, s.content from sidecar s where s.name = 'email' limit 1`)
    await world.tamper('delete from sidecar where entry_id = $1', [row?.entry_id])
    const { receipt, body } = await auditor('ledger:receipt', { entry: row?.entry_id })
    assert.equal(String(body).includes(String(row?.content)), false)
    verifyReceipt(crypto, String(receipt), utf8(String(body)), trust)
  })

  it('does not hold any more when somebody rewrote an entry in the database', async () => {
    await wholeExport()
    const [row] = await world.rows(
      `select id, seq, body from numbered_entry where action = 'person:create' and seq is not null order by seq limit 1`,
    )
    await world.tamper('update entry set body = $2 where id = $1', [row?.id, String(row?.body).replace('"internal"', '"confidential"')])
    const whole = await wholeExport()
    const verdict = await verifyExport(
      crypto,
      { checkpoint: textAt(whole, 'checkpoint'), entries: bytesOf(listAt(whole, 'entries')) },
      trust,
    )
    assert.equal(verdict.holds, false)
    const told = await verifyExport(
      crypto,
      {
        checkpoint: textAt(whole, 'checkpoint'),
        entries: bytesOf(listAt(whole, 'entries')),
        leafTiles: (async function* () {
          yield new Uint8Array(Buffer.from(textAt(whole, 'leaves'), 'base64'))
        })(),
      },
      trust,
    )
    assert.deepEqual([at(told, 'code'), at(told, 'entryIndex')], ['entry-changed', Number(row?.seq)], 'the leaves name the faulty entry')
    const { receipt, body } = await auditor('ledger:receipt', { entry: row?.id })
    assert.throws(() => verifyReceipt(crypto, String(receipt), utf8(String(body)), trust), /does not lead from leaf/)
    await world.tamper('update entry set body = $2 where id = $1', [row?.id, row?.body])
  })

  it('is read by those who were granted it, and each reading is an entry', async () => {
    for (const person of ['admin', 'operator', 'author', 'deployer', 'owner'] as const) {
      const act = await world.as(person)
      assert.equal(await codeOf(act('ledger:export')), 'denied', person)
      assert.equal(await codeOf(act('ledger:trace', { id: world.starter.pipeline.id })), 'denied', person)
    }
    const before = await world.rows(`select id from entry where action = 'ledger:export' and outcome = 'done'`)
    await exported()
    assert.ok((await world.rows(`select id from entry where action = 'ledger:export' and outcome = 'done'`)).length > before.length)
    assert.equal(await codeOf(auditor('ledger:trace', { id: `art_${'0'.repeat(26)}` })), 'not_found')
    assert.equal(await codeOf(actWith(world.twinlock.door, { kind: 'session', token: 'tws_nobody' })('ledger:export')), 'unauthenticated')
  })
})
