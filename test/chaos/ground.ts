// The ground of a round: one database, one organization, and everything that was acknowledged or taken away in it. What is written here is what a
// client outside would know: it survives every death of the server.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Credential, type Door, type Starter, setUpStarter } from '../../src/app/index.ts'
import { systemRandom } from '../../src/host/crypto/system-ports.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { freshDatabase } from '../../src/host/postgres/temporary.ts'
import { isCoded, type OrgId } from '../../src/kernel/index.ts'
import { asPart, sessionOf } from '../harness/acting.ts'
import type { Seeded } from '../harness/seeded.ts'
import { baseUrl, manifestOf, type WorkloadKey, workloadKey } from '../harness/twinlock.ts'
import { Died, Victim } from './victim.ts'

/** Something that must be refused from now on, and why. */
export interface Dead {
  readonly what: string
  readonly credential: Credential
}

/** What one round stands on. */
export interface Ground {
  readonly random: Seeded
  readonly connection: DatabaseConnection
  readonly folders: { readonly blobs: string; readonly keys: string }
  readonly org: OrgId
  readonly starter: Starter
  readonly keys: { readonly pipeline: WorkloadKey; readonly payments: WorkloadKey; readonly assembly: WorkloadKey }
  /** The entries of all answers that were received. */
  readonly acknowledged: Set<string>
  readonly dead: Dead[]
  /** The tokens that runs were given. */
  readonly tokens: Map<string, string[]>
  readonly sessions: Map<string, Credential>
  /** What should not have happened, in sentences. */
  readonly faults: string[]
  /** How far the servers' clocks are moved; each life begins after the claims of the one before have run out. */
  offsetMs: number
  lives: number
  rows(query: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

const lifeMs = 20_000
const unexpected: ReadonlySet<string> = new Set(['internal', 'denied', 'invalid', 'malformed'])

/** Opens the next life of the server over the ground. */
export async function nextLife(
  ground: Pick<Ground, 'connection' | 'folders' | 'offsetMs' | 'lives' | 'tokens'>,
  standby: Victim,
): Promise<Victim> {
  ground.offsetMs += lifeMs
  ground.lives++
  standby.onToken = (run, token) => ground.tokens.set(run, [...(ground.tokens.get(run) ?? []), token])
  const { connection, folders, offsetMs, lives } = ground
  await standby.open({ connection, folders, baseUrl, worker: `life-${lives}`, offsetMs, runsMax: 4 })
  return standby
}

/** The door of a life, which notes what was acknowledged and what failed for no reason. */
export function notingDoor(ground: Pick<Ground, 'acknowledged' | 'faults'>, victim: Victim): Door {
  return {
    catalogue: victim.door.catalogue,
    async govern(request) {
      try {
        const answer = await victim.door.govern(request)
        if (answer.entry !== null) ground.acknowledged.add(answer.entry)
        return answer
      } catch (error) {
        // A deed that is not permitted or not understood proves nothing: it is to be mended.
        if (isCoded(error) && unexpected.has(error.code))
          ground.faults.push(`${request.action} failed: ${error.code}: ${String(error.notes.cause)}`)
        throw error
      }
    },
  }
}

/** A person's session, opened when it is first needed. */
export async function credentialOf(ground: Ground, door: Door, person: keyof Starter['people']): Promise<Credential> {
  const known = ground.sessions.get(person) ?? (await sessionOf(door, ground.org, ground.starter.people[person]))
  ground.sessions.set(person, known)
  return known
}

const side = (name: string, port: number) => {
  const one = (what: string, at: number) => ({ url: `http://127.0.0.1:${port + at}`, apiKey: `${name}-${what}-key-0123456789` })
  return { accounts: one('accounts', 1), payments: one('payments', 2), historian: one('historian', 3) }
}

async function plant(door: Door, now: () => number, keys: Ground['keys']): Promise<Starter> {
  const starter = await setUpStarter(
    door,
    { clock: { now, monotonic: () => performance.now() }, random: systemRandom },
    {
      upstreams: { staging: side('staging', 2000), production: side('production', 3000) },
      keys: { pipeline: keys.pipeline.jwk, payments: keys.payments.jwk, assembly: keys.assembly.jwk },
      manifests: { payments: manifestOf('payments') },
    },
  )
  const act = asPart(door, starter.org, 'starter')
  await act('grant:create', { principal: starter.people.auditor, role: 'exporter', reason: 'What leaves is tried as well.' })
  return starter
}

/** Makes the ground: a database of its own, with the starter set up by a server that is then closed. */
export async function makeGround(random: Seeded): Promise<Ground> {
  const connection = await freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-chaos-'))
  const begun = {
    random,
    connection,
    folders: { blobs: join(folder, 'blobs'), keys: join(folder, 'keys') },
    acknowledged: new Set<string>(),
    dead: [],
    tokens: new Map<string, string[]>(),
    sessions: new Map<string, Credential>(),
    faults: [],
    offsetMs: 0,
    lives: 0,
  }
  const now = () => Date.now() + begun.offsetMs
  const keys = { pipeline: workloadKey(() => now()), payments: workloadKey(() => now()), assembly: workloadKey(() => now()) }
  const victim = await nextLife(begun, new Victim())
  const starter = await plant(notingDoor(begun, victim), now, keys)
  await victim.kill()
  const pool = new pg.Pool({ ...connection, max: 2 })
  pool.on('error', () => undefined)
  const rows = async (query: string, values: readonly unknown[] = []) =>
    (await pool.query<Record<string, unknown>>(query, [...values])).rows
  return Object.assign(begun, {
    keys,
    starter,
    org: starter.org,
    rows,
    async close() {
      await pool.end()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

/** Whether something failed because the victim died. */
export const isDeath = (error: unknown): boolean => error instanceof Died
