// The figures of the ledger: how fast committed entries are numbered and written into tiles, how soon an act has its receipt, and what verifying a million
// entries offline takes. Over a temporary PostgreSQL, which does not wait for the disk.
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { appendBatch } from '../src/app/ledger/sequencer.ts'
import { sha256 } from '../src/host/crypto/system-ports.ts'
import { ed25519Verify } from '../src/host/crypto/verify-signatures.ts'
import { isCoded, type Ports } from '../src/kernel/index.ts'
import {
  appendLeaves,
  EMPTY_TREE,
  hashLeaf,
  SIGNATURE_TYPE,
  signCheckpoint,
  type TreeState,
  treeRoot,
  verifierKey,
  verifyExport,
} from '../src/ledger/index.ts'
import { asSuperuser } from '../test/harness/database.ts'
import { openWorld, type World } from '../test/harness/world.ts'
import type { Figure } from './figure.ts'

const appended = 40_000
const receipts = 50
const verified = Number(process.env.TWINLOCK_BENCH_ENTRIES ?? 1_000_000)

async function appending(h: World): Promise<Figure[]> {
  const { org, people } = h.starter
  await asSuperuser(h.twinlock, async (client) => {
    await client.query(
      `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body)
       select $1, 'ent_' || lpad(n::text, 26, '0'), now(), 'project:create', 'done', $2, 'prj_x', '{"v":1,"n":' || n || ',"filler":"' || repeat('x', 600) || '"}' from generate_series(1, $3::int) n`,
      [org, people.owner, appended],
    )
    // As the store does when they are written.
    await client.query(
      `insert into entry_lot (org_id, xact, first, ids) select org_id, xact, min(id), array_agg(id order by id)
       from (select org_id, xact, id, (row_number() over (order by id) - 1) / 64 as lot from entry where org_id = $1 and resource_id = 'prj_x') placed group by 1, 2, lot`,
      [org],
    )
    await client.query('analyze entry, entry_lot')
  })
  const ports = { sha256 } as Ports // appending hashes, and does nothing else with its ports
  const began = performance.now()
  // The product's own sequencer works beside; whoever is slower finds the head moved and looks again.
  const batch = (): Promise<number> =>
    h.twinlock.outside.sequencerStore
      .transact(org, (tx) => appendBatch(tx, org, ports))
      .catch((error: unknown) => {
        if (isCoded(error, 'stale')) return 1
        throw error
      })
  while ((await batch()) > 0);
  const rate = (appended * 1000) / (performance.now() - began)
  return [
    {
      name: `entries numbered and put into tiles, in batches, ${appended.toLocaleString('en-US')} of 640 bytes`,
      value: rate,
      unit: 'entries/s',
      goal: '≥ 20,000/s',
      ok: rate >= 20_000,
    },
  ]
}

async function receiving(h: World): Promise<Figure[]> {
  const auditor = await h.as('auditor')
  const admin = await h.credentialOf('admin')
  h.twinlock.start()
  const took: number[] = []
  for (let number = 0; number < receipts; number++) {
    const { entry } = await h.twinlock.door.govern({
      action: 'project:create',
      credential: admin,
      input: { slug: `receipt-${number}`, name: 'Bench', owner: h.starter.people.owner },
      requestId: 'bench',
    })
    const began = performance.now()
    while ((await auditor('ledger:receipt', { entry }).catch(() => undefined)) === undefined) {
      if (performance.now() - began > 20_000) throw new Error('No receipt came.')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    took.push(performance.now() - began)
  }
  const worst = Math.max(...took)
  return [
    { name: `from an act to its receipt, the slowest of ${receipts}`, value: worst, unit: 'ms', goal: '< 1,000 ms', ok: worst < 1_000 },
  ]
}

const entryAt = (number: number): Uint8Array =>
  Buffer.from(`{"action":"project:create","at":"2026-01-01T00:00:00.000Z","n":${number},"filler":"${'x'.repeat(100)}"}`)

async function verifying(): Promise<Figure[]> {
  const origin = 'ledger.example/bench'
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), new Uint8Array(32).fill(1)])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32))
  const key = verifierKey(sha256, { name: origin, type: SIGNATURE_TYPE.ed25519, publicKey })
  let state: TreeState = EMPTY_TREE
  const page = 10_000
  for (let from = 0; from < verified; from += page)
    ({ state } = appendLeaves(
      sha256,
      state,
      Array.from({ length: page }, (_, at) => hashLeaf(sha256, entryAt(from + at))),
    ))
  const checkpoint = signCheckpoint(
    { key, sign: (message) => new Uint8Array(sign(null, message, privateKey)) },
    { origin, size: state.size, root: treeRoot(sha256, state) },
  )
  async function* entries(): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < verified; number++) yield entryAt(number)
  }
  const began = performance.now()
  const verdict = await verifyExport(
    { sha256, ed25519Verify },
    { checkpoint, entries: entries() },
    { origin, logKeys: [key], witnessKeys: [], witnessQuorum: 0 },
  )
  const seconds = (performance.now() - began) / 1000
  // The most that this process ever held: it has done nothing else before.
  const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
  return [
    {
      name: `${verified.toLocaleString('en-US')} entries verified offline`,
      value: seconds,
      unit: 's',
      goal: '< 15 s',
      ok: verdict.holds && seconds < 15,
    },
    {
      name: 'memory while verifying them, the most of this whole process',
      value: megabytes,
      unit: 'MB',
      goal: '< 300 MB',
      ok: megabytes < 300,
    },
  ]
}

/** All figures of the ledger, one after the other, so that none disturbs another. The verification comes first, in a process that holds nothing yet. */
export async function bench(): Promise<Figure[]> {
  const verifiedFigures = await verifying()
  const h = await openWorld({ isIdle: true })
  try {
    return [...verifiedFigures, ...(await appending(h)), ...(await receiving(h))]
  } finally {
    await h.close()
  }
}
