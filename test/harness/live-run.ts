// A run that is driven by hand: claimed and begun as a worker does, acting through its channel, without a cell. What a hostile program could send
// on its channel can be sent here. For harnesses opened with `runsMax: 0`, whose own worker takes no run and still ends and closes them.

import type { BrokerAnswer } from '../../src/app/broker.ts'
import type { Credential } from '../../src/app/door/credential.ts'
import { finishRun } from '../../src/app/runs/finish-run.ts'
import { actingWith } from '../../src/app/starter/people.ts'
import { isCoded, type Json, type RunId } from '../../src/kernel/index.ts'
import { keyProofAudience } from '../../src/promotion/index.ts'
import type { RunCause } from '../../src/runs/index.ts'
import { asSuperuser } from './database.ts'
import { asSystem, pipeline, refused, type SignedIn, until } from './signed-in.ts'
import { baseUrl, type Harness } from './twinlock.ts'

/** A call on a connection, as a run makes it. */
export interface RunCall {
  readonly connection: string
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly bearer?: string
}

/** A live run under the hands of a test. */
export interface LiveRun {
  readonly id: RunId
  readonly epoch: number
  readonly spiffeId: string
  readonly credential: Credential
  /** Acts as the run, by its channel. */
  readonly act: ReturnType<typeof actingWith>
  call(call: RunCall): Promise<BrokerAnswer>
  write(name: string, text: string): Promise<unknown>
  /** A JWT-SVID of the run for our own API, or for another audience. */
  token(audience?: string): Promise<string>
  /** Ends it for a cause, or for the one that runs mostly come to such an end by; `summary` is what the run says of itself. */
  end(cause: 'succeeded' | 'failed' | RunCause, summary?: Json): Promise<Record<string, unknown>>
}

/** The worker's name in tests. */
export const handWorker = 'hands'

const usualCause: Readonly<Record<string, RunCause>> = { succeeded: 'passed', failed: 'said_failed' }

/** What to launch; the starter's own where it is left out. */
export interface Launch {
  readonly by?: SignedIn
  readonly scenario?: string
  readonly environment?: string
  readonly parameters?: Record<string, unknown>
}

/** Launches a run, by the pipeline where nobody is named. Returns its id. */
export async function launch(h: Harness, { by, scenario, environment, parameters }: Launch = {}): Promise<string> {
  const launcher = by ?? (await pipeline(h))
  const input = {
    scenario: scenario ?? h.starter.scenario,
    environment: environment ?? h.starter.environments.staging,
    parameters: parameters ?? {},
  }
  return String((await launcher.act('run:launch', input)).id)
}

/** Lengthens the worker's hold, so that a slow machine does not lose the run between two steps of a test; a heartbeat makes it as short as ever. */
async function holdOn(h: Harness, run: string): Promise<void> {
  const expires_at = new Date(h.twinlock.outside.clock.now() + 3_600_000)
  await h.twinlock.outside.store.transact(h.starter.org, (tx) =>
    tx.updateTable('run_claim').set({ expires_at }).where('run_id', '=', run).execute(),
  )
}

/** Takes a queued run up: claimed and begun. */
export async function takeUp(h: Harness, id: string): Promise<LiveRun> {
  const worker = asSystem(h, 'worker')
  const claimed = await worker('run:claim', { run: id, worker: handWorker })
  await worker('run:begin', { run: id, worker: handWorker, cell: { kind: 'by-hand' } })
  await holdOn(h, id)
  const run = id as RunId // it came from `run:launch`
  const epoch = Number(claimed.epoch)
  const spiffeId = String((claimed.run as { identities: { twin: string } }).identities.twin) // the action's output schema has just checked it
  const credential = { kind: 'channel', org: h.starter.org, run, epoch } as const
  const act = actingWith(h.twinlock.door, credential)
  return {
    id: run,
    epoch,
    spiffeId,
    credential,
    act,
    call: (call) => callAs(h, credential, call),
    async write(name, text) {
      const digest = await h.twinlock.outside.blobs.put(new TextEncoder().encode(text))
      return act('artifact:write', { run, name, mediaType: 'text/plain', digest })
    },
    token: async (audience = baseUrl) => String((await act('run:credential', { run, audience })).token),
    end: (cause, summary) => worker('run:end', { run, cause: usualCause[cause] ?? cause, ...(summary === undefined ? {} : { summary }) }),
  }
}

/** A live run whose deadline lies an hour further on than its manifest says: a slow machine looks at it for longer than it would have lived. */
export async function longLivedRun(h: Harness, how: Launch = {}): Promise<LiveRun> {
  const run = await liveRun(h, how)
  await asSuperuser(h.twinlock, (client) => client.query(`update run set deadline = deadline + interval '1 hour' where id = $1`, [run.id]))
  return run
}

/** The same for the runs of a batch. */
export async function longLivedBatch(h: Harness, batch: string): Promise<void> {
  await asSuperuser(h.twinlock, (client) =>
    client.query(`update run set deadline = deadline + interval '1 hour' where batch_id = $1`, [batch]),
  )
}

/** Makes a call through the broker with any credential. */
export function callAs(
  h: Harness,
  credential: Credential,
  { connection, method = 'GET', path, headers = {}, body, bearer }: RunCall,
): Promise<BrokerAnswer> {
  return h.twinlock.broker.call({
    credential,
    connection,
    method,
    path,
    headers,
    body: body === undefined ? undefined : new TextEncoder().encode(body),
    ...(bearer === undefined ? {} : { bearer }),
    requestId: 'test',
  })
}

/** Launches a run and takes it up. */
export async function liveRun(h: Harness, how: Launch = {}): Promise<LiveRun> {
  return takeUp(h, await launch(h, how))
}

/** Waits until a run has ended, finishes it as its worker would, unless another was faster, and waits until it is sealed and closed. */
export async function closed(h: Harness, run: string): Promise<Record<string, unknown>> {
  const inState = (states: readonly string[]) =>
    until(`run ${run} is ${states.join(' or ')}`, async () => {
      const found = await h.twinlock.outside.store.transact(h.starter.org, (tx) =>
        tx.selectFrom('run').selectAll().where('id', '=', run).executeTakeFirstOrThrow(),
      )
      return states.includes(found.state) ? { ...found } : undefined
    })
  await inState(['ending', 'ended'])
  const finishing = { org: h.starter.org, run: run as RunId, admissionMs: null, cellMs: null, tokens: 0 } // its caller launched it
  await finishRun(h.twinlock.door, finishing).catch((error: unknown) => {
    if (!isCoded(error)) throw error
  })
  return inState(['ended'])
}

/** A run that did a little of what its manifest allows, succeeded, and is sealed: its artifact waits in quarantine. */
export async function sealedRun(h: Harness, how: Launch = {}): Promise<{ run: LiveRun; artifact: string }> {
  const run = await liveRun(h, how)
  await run.call({ connection: 'accounts-data', path: '/accounts?limit=2' })
  await run.write('report.md', '# What came of it\n')
  await run.end('succeeded')
  await closed(h, run.id)
  const row = await h.twinlock.outside.store.transact(h.starter.org, (tx) =>
    tx.selectFrom('artifact').select('id').where('run_id', '=', run.id).executeTakeFirstOrThrow(),
  )
  return { run, artifact: row.id }
}

/** Asks to promote an artifact to the starter's payments service, as the operator. */
export async function requestPromotion(h: Harness, operator: SignedIn, artifact: string): Promise<{ id: string; nonce: string }> {
  const { environments, services } = h.starter
  const input = { artifact, environment: environments.production, service: services.payments.id, channel: 'payments' }
  const id = String((await operator.act('promotion:request', input)).id)
  return { id, nonce: String((await operator.act('promotion:show', { promotion: id })).nonce) }
}

/** The service proves its key for a promotion. */
export async function proveKey(h: Harness, promotion: { id: string; nonce: string }): Promise<Record<string, unknown>> {
  const audience = keyProofAudience(baseUrl, promotion.id, promotion.nonce)
  const token = await h.keys.payments.assertion(audience, h.starter.services.payments.spiffeId)
  return actingWith(h.twinlock.door, { kind: 'assertion', token, org: h.starter.org, audience })('promotion:prove-key', {
    promotion: promotion.id,
    nonce: promotion.nonce,
  })
}

/** A promotion that waits for review. */
export async function inReview(
  h: Harness,
  operator: SignedIn,
  artifact: string,
): Promise<{ id: string; nonce: string; checked: Record<string, unknown> }> {
  const asked = await requestPromotion(h, operator, artifact)
  await proveKey(h, asked)
  return { ...asked, checked: await asSystem(h, 'gate')('promotion:check', { promotion: asked.id }) }
}

const gone = /^(unauthenticated|token_revoked|token_expired)$/

/** Nothing is admitted under a run any more: neither by its channel, nor by a token that it had, nor a fresh credential. */
export async function refusesEverything(h: Harness, run: LiveRun, token: string): Promise<void> {
  const byToken = { kind: 'token', token } as const
  for (const credential of [run.credential, byToken]) {
    await refused(callAs(h, credential, { connection: 'accounts-data', path: '/accounts?limit=1' }), gone)
    await refused(actingWith(h.twinlock.door, credential)('run:credential', { run: run.id, audience: baseUrl }), gone)
    await refused(actingWith(h.twinlock.door, credential)('session:show', {}), gone)
  }
  await refused(run.write('late.md', 'too late'), 'unauthenticated')
}

/** Carries an approved promotion across, and waits until that took effect: the product's own crosser may have been faster than the deployer's request. */
export async function crossOver(h: Harness, deployer: SignedIn, promotion: string): Promise<void> {
  await deployer.act('promotion:cross', { promotion }).catch((error: unknown) => {
    if (!isCoded(error, 'wrong_state')) throw error
  })
  await until(`promotion ${promotion} has crossed`, async () => {
    const found = await h.twinlock.outside.store.transact(h.starter.org, (tx) =>
      tx.selectFrom('promotion').select('state').where('id', '=', promotion).executeTakeFirstOrThrow(),
    )
    return found.state === 'crossed'
  })
}
