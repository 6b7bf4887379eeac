// What a worker does with runs: looks at the queue, claims, begins, beats, and closes. Each step is conditional on the one before,
// so that a worker that was too slow finds that the run is no longer its own.
import { sql } from 'kysely'
import { z } from 'zod'
import {
  action,
  digestText,
  fail,
  idOf,
  type Located,
  locateOrganization,
  organizationType,
  type Performing,
  type Tx,
} from '../../kernel/index.ts'
import { findAsset, manifestSchema } from '../../twins/index.ts'
import { findRun, findRuns, isFrozen, isLive, type Run, type RunFound, runType } from '../find-run.ts'
import { runOutput, showRunRow } from '../shown.ts'

/** How long a claim lasts without a beat. */
export const claimSeconds = 15

const workerName = z.string().regex(/^[a-z0-9-]{1,64}$/)

/** Names the runs that wait, oldest first, and those that somebody must look after: past deadline, claim run out, ending, or frozen out. */
export const queueRuns = action({
  name: 'run:queue',
  summary: 'Name the runs that wait for a worker, and those that must be ended or closed.',
  effect: 'read',
  roles: [],
  system: ['worker', 'reaper'],
  resource: organizationType,
  input: z.strictObject({ limit: z.number().int().min(1).max(100).default(20) }),
  output: z.object({
    queued: z.array(idOf('run')),
    overdue: z.array(idOf('run')),
    lost: z.array(idOf('run')),
    ending: z.array(idOf('run')),
    frozenOut: z.array(idOf('run')),
  }),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    const now = new Date(ports.clock.now())
    const runs = tx.selectFrom('run').select('run.id').orderBy('run.id').limit(input.limit)
    const live = runs.where('state', 'in', ['queued', 'claimed', 'running'])
    const lost = runs
      .innerJoin('run_claim', (join) => join.onRef('run_claim.org_id', '=', 'run.org_id').onRef('run_claim.run_id', '=', 'run.id'))
      .where('state', 'in', ['claimed', 'running'])
      .where('run_claim.expires_at', '<=', now)
    // A run whose worker is alive is that worker's to close: its cell may still execute.
    const ending = runs
      .leftJoin('run_claim', (join) =>
        join.onRef('run_claim.org_id', '=', 'run.org_id').onRef('run_claim.run_id', '=', 'run.id').on('run_claim.expires_at', '>', now),
      )
      .where('state', '=', 'ending')
      .where('run_claim.run_id', 'is', null)
    const ids = async (found: { execute(): Promise<readonly { id: string }[]> }) => (await found.execute()).map((row) => row.id)
    const [queued, overdue, lostIds, endingIds, frozenOut] = await Promise.all([
      ids(runs.where('state', '=', 'queued').where('deadline', '>', now).where('frozen_at', 'is', null)),
      ids(live.where('deadline', '<=', now)),
      ids(lost),
      ids(ending),
      ids(live.where('frozen_until', '<=', now)),
    ])
    return { result: { queued, overdue, lost: lostIds, ending: endingIds, frozenOut } }
  },
})

/** What a worker needs to start a cell. */
const claimedOutput = z.object({
  run: runOutput,
  epoch: z.number(),
  twin: z.string(),
  program: z.string(),
  scenario: z.string(),
  parameters: z.json(),
  deadlineAt: z.number(),
  memoryMegabytes: z.number(),
  outputs: z.object({ filesMax: z.number(), bytesMax: z.number() }),
  assets: z.array(z.object({ name: z.string(), digest: digestText, bytes: z.number() })),
})

/** Claims a queued run for a worker; a run is claimed by one worker alone. */
export const claimRun = action({
  name: 'run:claim',
  summary: 'Claim a queued run for a worker.',
  effect: 'change',
  roles: [],
  system: ['worker'],
  resource: runType,
  input: z.strictObject({ run: idOf('run'), worker: workerName }),
  output: claimedOutput,
  locate: async ({ input, tx }) => {
    const locked =
      await sql`select id from run where id = ${input.run} and state = 'queued' and frozen_at is null for update skip locked`.execute(tx)
    if (locked.rows.length === 0) throw fail('conflict', 'This run is not waiting for a worker.')
    return located(await findRun(tx, input.run))
  },
  async perform({ input, found: run, tx, ports }) {
    const now = ports.clock.now()
    const started = new Date(now)
    await tx.updateTable('run').set({ state: 'claimed', started_at: started }).where('id', '=', run.id).execute()
    await tx
      .insertInto('run_claim')
      .values({
        org_id: run.org_id,
        run_id: run.id,
        worker: input.worker,
        beat_at: started,
        expires_at: new Date(now + claimSeconds * 1000),
        done: 0,
        total: 0,
        note: '',
      })
      .execute()
    const scenario = await tx.selectFrom('scenario').selectAll().where('id', '=', run.scenario_id).executeTakeFirstOrThrow()
    const twin = await tx.selectFrom('twin').selectAll().where('id', '=', run.twin_id).executeTakeFirstOrThrow()
    const manifest = manifestSchema.parse(scenario.manifest)
    const assets = []
    for (const { name, asset } of manifest.assets) {
      const { digest, bytes } = await findAsset(tx, asset)
      assets.push({ name, digest, bytes })
    }
    return {
      result: {
        run: showRunRow({ ...run, state: 'claimed', started_at: started }),
        epoch: run.epoch,
        twin: twin.slug,
        program: twin.program,
        scenario: `${scenario.slug}@${scenario.version}`,
        parameters: run.parameters as z.core.util.JSONType, // written by `run:launch` from JSON
        deadlineAt: run.deadline.getTime(),
        memoryMegabytes: manifest.memoryMegabytes,
        outputs: manifest.outputs,
        assets,
      },
      facts: { worker: input.worker },
    }
  },
})

const located = ({ run, entity, above, environment }: RunFound): Located<Run> => ({
  resource: entity,
  others: above,
  environment,
  found: run,
})

function requireClaim(run: Run, worker: string | undefined, asked: string): void {
  if (worker !== asked) throw fail('claim_lost', 'This worker does not hold the run.')
  if (run.state === 'ending' || run.state === 'ended') throw fail('run_not_live', 'The run is over.')
}

/** Says that the cell is up: from here on the run acts. */
export const beginRun = action({
  name: 'run:begin',
  summary: 'Say that the run’s cell is up.',
  effect: 'change',
  roles: [],
  system: ['worker'],
  resource: runType,
  input: z.strictObject({ run: idOf('run'), worker: workerName, cell: z.record(z.string(), z.json()) }),
  output: z.object({ id: idOf('run') }),
  locate: async ({ input, tx }) => located(await findRun(tx, input.run)),
  async perform({ input, found: run, tx }) {
    const claim = await tx.selectFrom('run_claim').select('worker').where('run_id', '=', run.id).executeTakeFirst()
    requireClaim(run, claim?.worker, input.worker)
    const moved = await tx
      .updateTable('run')
      .set({ state: 'running' })
      .where('id', '=', run.id)
      .where('state', '=', 'claimed')
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) throw fail('run_not_live', 'The run is over.')
    return { result: { id: run.id }, facts: { cell: input.cell } }
  },
})

/** Progress as a column holds it: what a run claims beyond that is cut, since it must not cost the run its claim. */
function whole(value: number): number {
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER)
}

const beat = z.strictObject({
  run: idOf('run'),
  worker: workerName,
  done: z.number().min(0),
  total: z.number().min(0),
  note: z.string().max(500),
})

type Beating = Performing<'run:heartbeat', z.output<typeof beat>, Run>

const claimOf = ({ run, worker }: { readonly run: string; readonly worker: string }) => `${run} ${worker}`

/**
 * Renews claims, and names those that were their worker's to renew; where it does not wait, none that somebody else is at. They are held in one order, so that
 * two that renew the same ones never wait in a circle.
 */
async function renewed(its: readonly Beating[], { tx, ports }: Beating, waits: boolean): Promise<ReadonlySet<string>> {
  const now = ports.clock.now()
  const beats = [...new Map(its.map(({ input }) => [claimOf(input), input])).values()]
  const column = <T>(of: (one: Beating['input']) => T) => beats.map(of)
  const { rows } = await sql<{ readonly run: string; readonly worker: string }>`
    with beat as materialized (
      select * from unnest(
        ${column(({ run }) => run)}::text[], ${column(({ worker }) => worker)}::text[], ${column(({ done }) => whole(done))}::bigint[],
        ${column(({ total }) => whole(total))}::bigint[], ${column(({ note }) => note.replaceAll('\u0000', ''))}::text[]
      ) as b (run, worker, done, total, note)
    ), held as materialized (
      select c.run_id, c.worker from run_claim as c join beat as b on b.run = c.run_id and b.worker = c.worker
      where c.expires_at > ${new Date(now)} order by c.run_id for no key update of c ${waits ? sql`` : sql`skip locked`}
    )
    update run_claim as c set beat_at = ${new Date(now)}, expires_at = ${new Date(now + claimSeconds * 1000)}, done = b.done, total = b.total, note = b.note
    from held join beat as b on b.run = held.run_id and b.worker = held.worker
    where c.run_id = held.run_id and c.worker = held.worker
    returning c.run_id as run, c.worker`.execute(tx)
  return new Set(rows.map(claimOf))
}

function done({ found: run }: Beating, isHeld: boolean) {
  return { result: { live: isHeld && isLive(run), isFrozen: isFrozen(run), epoch: run.epoch } }
}

/**
 * How beats of several runs are taken together: each run is looked up, and each claim renewed, with all others. A claim that is not its worker's, or that
 * somebody else is at, is left to the action itself: it holds up none of the others.
 */
export const beatTogether = {
  async locate(tx: Tx, its: readonly { readonly input: unknown }[]) {
    const wanted = its.map(({ input }) => (input as Beating['input']).run) // the door has just parsed it with this action's schema
    const found = await findRuns(tx, wanted)
    return wanted.map((id) => {
      const run = found.get(id)
      return run === undefined ? undefined : located(run)
    })
  },
  // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
  async perform(performing: readonly Performing<string, unknown, unknown>[]) {
    const its = performing as readonly Beating[]
    const [first] = its
    if (first === undefined) return []
    const held = await renewed(its, first, false)
    return its.map((it) => (held.has(claimOf(it.input)) ? done(it, true) : undefined))
  },
}

/** Keeps a claim alive and reports progress; answers whether the run still counts, and under which epoch its channel speaks. */
export const beatRun = action({
  name: 'run:heartbeat',
  summary: 'Keep the claim on a run alive and report its progress.',
  effect: 'pulse',
  roles: [],
  system: ['worker'],
  resource: runType,
  input: beat,
  output: z.object({ live: z.boolean(), isFrozen: z.boolean(), epoch: z.number() }),
  locate: async ({ input, tx }) => located(await findRun(tx, input.run)),
  perform: async (it) => done(it, (await renewed([it], it, true)).has(claimOf(it.input))),
})
