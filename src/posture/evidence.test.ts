// Evidence for somebody who may see one project, tried as a guest auditor who reads what he is here for and reaches for what he is not.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, liveRun } from '../../test/harness/live-run.ts'
import { asSystem, newPerson, refused, type SignedIn, signIn, signInAs, until } from '../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../test/harness/twinlock.ts'
import { sha256 } from '../host/crypto/system-ports.ts'
import { ed25519Verify } from '../host/crypto/verify-signatures.ts'
import { parseVerifierKey, verifyReceipt } from '../ledger/index.ts'

let h: Harness
let admin: SignedIn
let operator: SignedIn
let auditor: SignedIn
let other: { readonly project: string; readonly twin: string; readonly scenario: string }
const reason = 'A test needs it.'

type Row = Readonly<Record<string, unknown>>
const items = (result: Record<string, unknown>): Row[] => result.items as Row[] // the action's schema has checked it
const idsOf = async (who: SignedIn, filter: Row): Promise<string[]> =>
  items(await who.act('ledger:list', { limit: 200, ...filter })).map(({ id }) => String(id))

before(async () => {
  h = await openStarter({ runsMax: 0 })
  admin = await signIn(h, 'admin')
  operator = await signIn(h, 'operator')
  const starter = asSystem(h, 'starter')
  const { owner } = h.starter.people
  const project = String((await starter('project:create', { slug: 'apart', name: 'Apart', owner })).id)
  const made = { project, slug: 'apart', kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
  const twin = String((await starter('twin:create', made)).id)
  const { manifest } = await operator.act('scenario:show', { scenario: h.starter.scenario })
  const scenario = String((await starter('scenario:publish', { twin, slug: 'settle', manifest })).id)
  other = { project, twin, scenario }
  const invitation = { slug: 'audits', name: 'Audits', address: 'audits@firm.example', role: 'auditor', projects: [h.starter.project] }
  const end = new Date(Date.now() + 9 * 86_400_000).toISOString()
  const { person } = await admin.act('guest:invite', { ...invitation, until: end, reason })
  auditor = await signInAs(h.twinlock.door, h.starter.org, String(person))
})
after(() => h.close())

describe('evidence of a project', () => {
  it('is read by its guest auditor: what was done in it, what its runs did, each entry whole and with a proof that verifies offline', async () => {
    const run = await liveRun(h, { by: operator })
    await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    await run.end('succeeded')
    const found = items(await auditor.act('ledger:list', { project: h.starter.project, limit: 200 }))
    const actions = new Set(found.map(({ action }) => action))
    for (const action of ['run:launch', 'connection:call', 'twin:create', 'scenario:publish']) assert.ok(actions.has(action), action)
    const call = found.find(({ action, actor }) => action === 'connection:call' && (actor as Row).id === run.id)
    const entry = String(call?.id)
    assert.equal((await auditor.act('ledger:show', { entry })).id, entry)
    const proof = await until('a checkpoint covers it', () => auditor.act('ledger:receipt', { entry }).catch(() => undefined))
    const logKeys = [parseVerifierKey(sha256, String(proof.verifierKey))]
    const trust = { origin: String(proof.origin), logKeys, witnessKeys: [], witnessQuorum: 0 }
    const bytes = new TextEncoder().encode(String(proof.body))
    assert.equal(verifyReceipt({ sha256, ed25519Verify }, String(proof.receipt), bytes, trust).index, proof.index)
  })

  it('holds nothing of another project, whatever an entry there names, and nothing of the organization alone', async () => {
    const here = await idsOf(auditor, { project: h.starter.project })
    await operator.act('run:cancel', { run: await launch(h, { by: operator, scenario: other.scenario }), reason })
    const theirs = await idsOf(await signIn(h, 'auditor'), { project: other.project })
    assert.ok(theirs.length >= 4)
    assert.deepEqual(
      here.filter((id) => theirs.includes(id)),
      [],
    )
    await refused(auditor.act('ledger:list', {}), 'denied')
    await refused(auditor.act('ledger:list', { project: other.project }), 'denied')
    await refused(auditor.act('ledger:list', { resource: other.twin }), 'denied')
    for (const entry of theirs.slice(0, 3)) {
      await refused(auditor.act('ledger:show', { entry }), 'denied')
      await refused(auditor.act('ledger:receipt', { entry }), 'denied')
    }
    const whole = await signIn(h, 'auditor')
    const [ofPeople] = await idsOf(whole, { action: 'guest:invite' })
    await refused(auditor.act('ledger:show', { entry: ofPeople }), 'denied')
    await refused(auditor.act('ledger:export', {}), 'denied')
    const named = await idsOf(auditor, { project: h.starter.project, resource: other.twin })
    assert.deepEqual(named, [], 'what is asked for besides opens nothing')
  })

  it('is read by nobody else who is in the project, and changes with nobody’s look', async () => {
    const author = await newPerson(h, 'only-author', 'author')
    await refused(author.act('ledger:list', { project: h.starter.project }), 'denied')
    await refused(auditor.act('twin:retire', { twin: h.starter.twins.payments }), 'denied')
    await refused(auditor.act('run:launch', { scenario: h.starter.scenario, environment: h.starter.environments.staging }), 'denied')
  })
})
