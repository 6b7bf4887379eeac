// The whole product over a real PostgreSQL, with two organizations, somebody of every role in both, and one of each thing to ask about. What ends something
// for good is asked only about things of others and of nobody, so that later requests still find people who may.

import type { Credential } from '../../src/app/index.ts'
import { roles } from '../../src/kernel/index.ts'
import { createServer, openApi } from '../../src/server/index.ts'
import { rowsOf } from '../harness/database.ts'
import { liveRun, sealedRun } from '../harness/live-run.ts'
import type { Seeded } from '../harness/seeded.ts'
import { grant, newPerson, pipeline } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'
import { type Drawn, drawRequest, operationsOf, type Surroundings } from './requests.ts'

/** A product that listens, and what requests to it are drawn with. */
export interface Product {
  readonly h: Harness
  readonly port: number
  readonly failures: readonly unknown[]
  /** What never comes back: upstream keys, and the sessions of the other organization. */
  readonly secrets: readonly string[]
  draw(random: Seeded): Drawn
  close(): Promise<void>
}

/** Some ids of every kind that there is in an organization. */
async function someIds(h: Harness, org: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>([['org', [org]]])
  const tables = await rowsOf(
    h.twinlock,
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name in ('org_id', 'id') group by 1 having count(*) = 2 order by 1`,
  )
  for (const { name } of tables) {
    for (const { id } of await rowsOf(h.twinlock, `select id from "${name}" where org_id = $1 order by id desc limit 3`, [org])) {
      const prefix = /^([a-z]{3})_/.exec(String(id))?.[1]
      if (prefix !== undefined) found.set(prefix, [...(found.get(prefix) ?? []), String(id)])
    }
  }
  return found
}

/** Somebody of every role, one with all of them, and one with none; as `Authorization` texts. */
async function everybody(h: Harness, name: string): Promise<string[]> {
  const tokens: Credential[] = []
  for (const role of roles) tokens.push((await newPerson(h, `${name}-${role}`, role)).credential)
  tokens.push((await newPerson(h, `${name}-nobody`)).credential)
  const all = await newPerson(h, `${name}-all`)
  for (const role of roles) await grant(h, all.id, role)
  tokens.push(all.credential, all.credential, all.credential, (await pipeline(h)).credential)
  return tokens.map((one) => `Bearer ${'token' in one ? one.token : ''}`)
}

// What would end the session, the grant, the person or the workload that later requests need.
const ends = /^(personOffboard|workloadSuspend|connectionSuspend|grantRevoke|sessionEnd|twinRetire|environmentRetire|keyRotate)$/

/** Opens a product with two organizations, and a server before it. */
export async function openProduct(): Promise<Product> {
  const h = await openStarter({ runsMax: 0 })
  const stranger = await strangerBeside(h)
  await sealedRun(h)
  await liveRun(h)
  await sealedRun(stranger)
  const credentials = [...(await everybody(h, 'own')), 'Bearer a.b.c']
  const theirs = await everybody(stranger, 'theirs')
  const own = await someIds(h, h.starter.org)
  const foreign = await someIds(h, stranger.starter.org)
  const failures: unknown[] = []
  const { door, broker } = h.twinlock
  const server = createServer({
    door,
    broker,
    publicKeys: (org, environment) => h.twinlock.publicKeys(org, environment),
    baseUrl,
    port: 0,
    ready: async () => true,
    limits: { refusalsBurst: 1_000_000_000 },
    log: (line) => {
      if (line.kind === 'failure') failures.push(line.error)
    },
  })
  const { port } = await server.listen()
  const operations = operationsOf(openApi(door.catalogue, baseUrl))
  const around = (ids: Surroundings['ids'], list: readonly Surroundings['operations'][number][]): Surroundings => ({
    operations: list,
    credentials,
    ids,
  })
  const idsOfBoth = (prefix: string): readonly string[] => [...(own.get(prefix) ?? []), ...(foreign.get(prefix) ?? [])]
  const safe = around(
    idsOfBoth,
    operations.filter(({ name }) => !ends.test(name)),
  )
  const ending = around(
    (prefix) => foreign.get(prefix) ?? [],
    operations.filter(({ name }) => ends.test(name) && name !== 'sessionEnd'),
  )
  return {
    h,
    port,
    failures,
    secrets: [...h.apiKeys, ...theirs.map((one) => one.slice('Bearer '.length))],
    draw: (random) => drawRequest(random, random.once(12) ? ending : safe),
    async close() {
      await server.close()
      await h.close()
    },
  }
}
