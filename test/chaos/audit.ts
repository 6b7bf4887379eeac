// What must hold after every start, whatever the death before it cut off. Each fault is a sentence. Looks at the store past every rule, and tries what
// must be refused through the door, as whoever kept it would.
import { verifyExport } from '../../sdk/verify/index.ts'
import type { Door } from '../../src/app/index.ts'
import { sha256 } from '../../src/host/crypto/system-ports.ts'
import { ed25519Verify } from '../../src/host/crypto/verify-signatures.ts'
import { isCoded, utf8 } from '../../src/kernel/index.ts'
import { type LogTrust, parseVerifierKey, type VerifierKey, verifierKey } from '../../src/ledger/index.ts'
import { actWith, at, listAt, textAt } from '../harness/acting.ts'
import { credentialOf, type Ground } from './ground.ts'

/** Sentences that must find no row: each is a promise about what can be in the store once the server has come to rest. $1 is the organization. */
const promises: Readonly<Record<string, string>> = {
  'a run is over, and not every call of it has an outcome or is marked unknown': `
    select c.id from call c join run r using (org_id) where c.holder_id = r.id and r.org_id = $1 and r.state = 'ended' and c.state = 'decided'`,
  'a run is over, and a credential of it is alive': `
    select c.id from credential c join run r using (org_id) where c.holder_id = r.id and r.org_id = $1 and r.state in ('ending', 'ended') and c.revoked_at is null`,
  'a run is over, and somebody holds a claim on it': `
    select run_id as id from run_claim k join run r using (org_id) where k.run_id = r.id and r.org_id = $1 and r.state = 'ended'`,
  'a run is over without an outcome, or not closed': `
    select id from run where org_id = $1 and state = 'ended' and (outcome is null or closed is null or ended_at is null)`,
  'a run that began is over, and what it left is not sealed': `
    select id from run r where org_id = $1 and state = 'ended' and exists (select from output_file f where f.org_id = r.org_id and f.run_id = r.id)
      and not exists (select from artifact a where a.org_id = r.org_id and a.run_id = r.id)`,
  'a run was ended twice': `
    select resource_id as id from entry where org_id = $1 and action = 'run:close' and outcome = 'done' group by resource_id having count(*) > 1`,
  'a crossing is decided, and has no effect': `select id from promotion where org_id = $1 and state = 'crossing'`,
  'a crossing has taken effect without being decided, or twice': `
    select p.id from promotion p where org_id = $1 and crossed_at is not null and (
      (select count(*) from entry e where e.org_id = p.org_id and e.resource_id = p.id and e.action = 'promotion:complete' and e.outcome = 'done') <> 1
      or not exists (select from entry e where e.org_id = p.org_id and e.id = p.cross_entry and e.action = 'promotion:cross' and e.outcome = 'done'))`,
  'a crossing took effect before a signed checkpoint covered its decision': `
    select p.id from promotion p join numbered_entry e on e.org_id = p.org_id and e.id = p.cross_entry where p.org_id = $1 and p.crossed_at is not null
      and (e.seq is null or not exists (select from checkpoint k where k.org_id = p.org_id and k.size > e.seq and k.at <= p.crossed_at + interval '1 ms'))`,
  'a promotion has crossed, and its service, channel, artifact or summary is not what it made': `
    select p.id from promotion p join workload w on w.org_id = p.org_id and w.id = p.workload_id
      join artifact a on a.org_id = p.org_id and a.id = p.artifact_id
      left join channel c on c.org_id = p.org_id and c.environment_id = p.environment_id and c.slug = p.channel
    where p.org_id = $1 and p.state = 'crossed' and (
      w.promotion_id is distinct from p.id or w.state <> 'active' or c.promotion_id is distinct from p.id or a.state <> 'promoted'
      or not exists (select from attestation t where t.org_id = p.org_id and t.id = p.id || '/summary'))`,
  'a promotion has crossed, and the permissions are not those that were proposed': `
    select p.id from promotion p where p.org_id = $1 and p.state = 'crossed' and
      (select count(*) from permission m where m.org_id = p.org_id and m.holder_id = p.workload_id) <>
      (select count(*) from jsonb_array_elements(p.proposal -> 'rules') rule where rule ->> 'connection' is not null)`,
  'a promotion has crossed, and a credential of its run is alive': `
    select c.id from credential c join promotion p on p.org_id = c.org_id and p.run_id = c.holder_id where p.org_id = $1 and p.crossed_at is not null and c.revoked_at is null`,
  'a promotion has not crossed, and something of it is in effect': `
    select p.id from promotion p where p.org_id = $1 and p.state not in ('crossed') and (
      exists (select from workload w where w.org_id = p.org_id and w.promotion_id = p.id)
      or exists (select from channel c where c.org_id = p.org_id and c.promotion_id = p.id)
      or exists (select from permission m where m.org_id = p.org_id and m.origin_id = p.id))`,
  'a service holds a token, and nothing of it has crossed': `
    select c.id from credential c join workload w on w.org_id = c.org_id and w.id = c.holder_id join environment e on e.org_id = c.org_id and e.id = c.environment_id
    where c.org_id = $1 and e.class = 'production' and c.revoked_at is null and w.promotion_id is null`,
  'the numbers of entries have a hole or a double': `
    select 'seq' as id from entry_number where org_id = $1 having count(*) <> coalesce(max(seq) + 1, 0)`,
}

async function brokenPromises(ground: Ground): Promise<string[]> {
  const faults: string[] = []
  for (const [sentence, query] of Object.entries(promises)) {
    for (const { id } of await ground.rows(query, [ground.org])) faults.push(`${sentence}: ${String(id)}`)
  }
  return faults
}

async function lostEntries(ground: Ground): Promise<string[]> {
  const there = await ground.rows('select id from entry where id = any($1)', [[...ground.acknowledged]])
  const known = new Set(there.map(({ id }) => String(id)))
  return [...ground.acknowledged].filter((id) => !known.has(id)).map((id) => `${id} was acknowledged, and is not in the ledger`)
}

const gone = /^(unauthenticated|token_\w+)$/

async function undead(ground: Ground, door: Door): Promise<string[]> {
  const over = await ground.rows(`select id from run where org_id = $1 and state in ('ending', 'ended')`, [ground.org])
  const ofRuns = over.flatMap(({ id }) =>
    (ground.tokens.get(String(id)) ?? []).map((token) => ({
      what: `a token of ${String(id)}, which is over`,
      credential: { kind: 'token', token } as const,
    })),
  )
  const faults: string[] = []
  for (const { what, credential } of [...ground.dead, ...ofRuns]) {
    const action = credential.kind === 'link' ? 'session:create' : 'session:show'
    const answered = await actWith(door, credential)(action).catch((error: unknown) => error)
    if (!isCoded(answered) || !gone.test(answered.code))
      faults.push(`${what} is accepted: ${isCoded(answered) ? answered.code : JSON.stringify(answered)}`)
  }
  // What was refused once is tried again at the end of the round only: tokens die by time as well, and prove less each time.
  for (const { id } of over) ground.tokens.delete(String(id))
  return faults
}

/** What is still on its way: work of the server's own parts that the last death interrupted. Nothing, when the server rests. */
export async function underWay(ground: Ground): Promise<string[]> {
  const rows = await ground.rows(
    `select id || ' has not ended' as what from run where org_id = $1 and state <> 'ended'
     union all select id || ' is crossing' from promotion where org_id = $1 and state = 'crossing'
     union all select e.id || ' is covered by no checkpoint' from numbered_entry e where org_id = $1
       and (seq is null or not exists (select from checkpoint k where k.org_id = e.org_id and k.size > e.seq))
     limit 5`,
    [ground.org],
  )
  return rows.map(({ what }) => String(what))
}

/** What is wrong after a start: nothing, when all promises hold. */
export async function audit(ground: Ground, door: Door): Promise<string[]> {
  return [...(await brokenPromises(ground)), ...(await lostEntries(ground)), ...(await undead(ground, door))]
}

async function* bytesOf(bodies: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const body of bodies) yield utf8(String(body))
}

/** The keys that the log ever had: older heads are signed by those that were rotated since. */
async function logKeysOf(ground: Ground, newest: string): Promise<VerifierKey[]> {
  const { name, type } = parseVerifierKey(sha256, newest)
  const rows = await ground.rows(`select public_jwk ->> 'x' as x from signing_key where org_id = $1 and purpose = 'checkpoint'`, [
    ground.org,
  ])
  return rows.map(({ x }) => verifierKey(sha256, { name, type, publicKey: new Uint8Array(Buffer.from(String(x), 'base64url')) }))
}

/** Exports the whole log through the door and verifies it with the published verifier; every released checkpoint must be a head of the same log. */
export async function auditLedger(ground: Ground, door: Door): Promise<string[]> {
  const auditor = actWith(door, await credentialOf(ground, door, 'auditor'))
  const first = await auditor('ledger:export', {})
  const entries = [...listAt(first, 'entries')]
  for (let next = first.next; next !== null; ) {
    const page = await auditor('ledger:export', { from: next, size: first.size })
    entries.push(...listAt(page, 'entries'))
    next = page.next
  }
  const logKeys = await logKeysOf(ground, textAt(first, 'verifierKey'))
  const trust: LogTrust = { origin: logKeys[0]?.name ?? '', logKeys, witnessKeys: [], witnessQuorum: 0 }
  const faults: string[] = []
  const verify = async (checkpoint: string, size: number) => {
    const verdict = await verifyExport({ sha256, ed25519Verify }, { checkpoint, entries: bytesOf(entries.slice(0, size)) }, trust)
    if (!verdict.holds) faults.push(`the log does not verify at ${size}: ${JSON.stringify(verdict)}`)
  }
  await verify(textAt(first, 'checkpoint'), entries.length)
  const notes = await ground.rows('select size, note from checkpoint where org_id = $1 and size <= $2 order by size', [
    ground.org,
    entries.length,
  ])
  // Every fifth, and the last ones: each is hashed from the beginning.
  for (const [number, { size, note }] of notes.entries()) {
    if (number % 5 === 0 || number > notes.length - 5) await verify(String(note), Number(size))
  }
  return faults
}

const lineage = [
  'grant:create',
  'run:launch',
  'run:claim',
  'artifact:seal',
  'promotion:request',
  'promotion:approve',
  'promotion:cross',
  'promotion:complete',
]

/** The trail of everything that crossed must lead from the grant to the consequence. */
export async function auditLineage(ground: Ground, door: Door): Promise<string[]> {
  const auditor = actWith(door, await credentialOf(ground, door, 'auditor'))
  const faults: string[] = []
  for (const { id } of await ground.rows('select id from promotion where org_id = $1 and crossed_at is not null', [ground.org])) {
    const trail = await auditor('ledger:trace', { id })
    const seen = new Set(listAt(trail, 'entries').map((entry) => `${String(at(entry, 'action'))} ${String(at(entry, 'outcome'))}`))
    for (const action of lineage) if (!seen.has(`${action} done`)) faults.push(`the trail of ${String(id)} does not show ${action}`)
  }
  return faults
}
