// Users made over HTTP as provisioners make them: one by one on sixteen connections, and in bulk requests one after the other. The client works in a thread of its own,
// so that the processor time of this one is the server’s alone, which says the same on a busy machine.
import { Worker } from 'node:worker_threads'
import { serveScim } from '../../test/harness/directory.ts'
import type { World } from '../../test/harness/world.ts'
import type { Figure } from '../figure.ts'
import type { Job } from './scim-client.ts'

const connections = 16
const requests = 2_000
const bulks = 20
const perBulk = 100

/** Has the client send everything; answers in how many milliseconds it was answered. */
function sent(job: Job): Promise<number> {
  return new Promise((resolve, reject) => {
    const client = new Worker(new URL('./scim-client.ts', import.meta.url), { workerData: job })
    client.once('message', resolve)
    client.once('error', reject)
  })
}

const bulkOf = (bodies: readonly object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: bodies.map((data, number) => ({ method: 'POST', path: '/Users', bulkId: `b${number}`, data })),
})

/** Measures; `bare` is how many bare inserts of the same rows a second there are. */
export async function overHttp(world: World, token: string, userOf: (name: string) => object, bare: number): Promise<Figure[]> {
  const server = await serveScim(world)
  try {
    const users = (name: string, count: number) => Array.from({ length: count }, (_, number) => JSON.stringify(userOf(`${name}${number}`)))
    const job = { token, connections, url: `${server.url}/Users`, status: 201 }
    await sent({ ...job, bodies: users('warmed', 500) })
    const before = process.threadCpuUsage()
    const made = (requests * 1000) / (await sent({ ...job, bodies: users('http', requests) }))
    const used = process.threadCpuUsage(before)
    const bulk = (at: number) => JSON.stringify(bulkOf(Array.from({ length: perBulk }, (_, number) => userOf(`bulk${at}n${number}`))))
    const bodies = Array.from({ length: bulks }, (_, at) => bulk(at))
    const inBulk = (bulks * perBulk * 1000) / (await sent({ token, connections: 1, url: `${server.url}/Bulk`, status: 200, bodies }))
    return [
      {
        name: `users created over SCIM by ${connections} connections, decided and recorded`,
        value: made,
        unit: 'creates/s',
        goal: '≥ 500/s',
        ok: made >= 500,
        peer: { name: 'bare inserts of the same rows', value: bare },
      },
      {
        name: 'processor time of the server’s thread for one of them',
        value: (used.user + used.system) / 1000 / requests,
        unit: 'ms',
        ok: true,
      },
      { name: `users created over SCIM in bulk requests of ${perBulk}, one after the other`, value: inBulk, unit: 'creates/s', ok: true },
    ]
  } finally {
    await server.close()
  }
}
