// Evaluations over HTTP, the caller authenticated, beside a Fastify route that authenticates the same caller in the same store, checks the same body and answers a
// constant. Both in this process, asked in turns by a client in another; the rates are those of this machine, their ratio is what counts.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type FastifyInstance, fastify } from 'fastify'
import { heldGrants } from '../../src/access/index.ts'
import { readBearer } from '../../src/app/index.ts'
import { personOfSession } from '../../src/identity/index.ts'
import { createServer, readEvaluation } from '../../src/server/index.ts'
import { openWorld, type World } from '../../test/harness/world.ts'
import type { Figure } from '../figure.ts'
import type { Order, Outcome } from './requests.ts'

const connections = 48
const turnMs = Number(process.env.TWINLOCK_BENCH_TURN ?? 1_500)
const turns = 6

/** A client in a process of its own. */
function startClient() {
  const child = fork(join(import.meta.dirname, 'requests.ts'))
  return {
    ask: (order: Order) =>
      new Promise<Outcome>((resolve, reject) => {
        const ended = () => reject(new Error('The client ended.'))
        child.once('exit', ended)
        child.once('message', (outcome) => {
          child.off('exit', ended)
          resolve(outcome as Outcome) // what `requests.ts` sends
        })
        child.send(order)
      }),
    stop: () => child.kill(),
  }
}

/** The route that decides nothing. */
async function constantRoute(world: World): Promise<{ readonly url: string; readonly app: FastifyInstance }> {
  const app = fastify({ logger: false })
  const { store, clock, sha256 } = world.twinlock.outside
  const ports = { clock, sha256, entitlements: heldGrants }
  app.post('/access/v1/evaluation', async (request) => {
    const credential = readBearer(request.headers.authorization)
    readEvaluation(request.body)
    if (credential?.kind !== 'session') throw new Error('Nobody is signed in.')
    await store.transact(world.org, (tx) => personOfSession(tx, credential.token, ports))
    return { decision: true, context: { policies: ['grt_00000000000000000000000000'] } }
  })
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), app }
}

const median = (values: readonly number[]): number => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0

/** The figures of the Authorization API. */
export async function authzenFigures(): Promise<Figure[]> {
  const world = await openWorld({ isIdle: true })
  const { door, broker, watch, publicKeys } = world.twinlock
  const server = createServer({ door, broker, watch, publicKeys, baseUrl: 'http://127.0.0.1', log: () => undefined, port: 0 })
  const ours = `http://127.0.0.1:${(await server.listen()).port}`
  const constant = await constantRoute(world)
  const client = startClient()
  try {
    const credential = await world.credentialOf('auditor')
    if (!('token' in credential)) throw new Error('The auditor has no session.')
    const { people, twins } = world.starter
    const bodies = [people.operator, people.author, people.reviewer, people.deployer].flatMap((id) =>
      Object.values(twins).map((twin) =>
        JSON.stringify({ subject: { type: 'person', id }, action: { name: 'twin:show' }, resource: { type: 'twin', id: twin } }),
      ),
    )
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${credential.token}` }
    const rate = async (base: string, ms: number): Promise<number> => {
      const { answered, failed } = await client.ask({ url: `${base}/access/v1/evaluation`, headers, bodies, connections, ms })
      if (failed > 0) throw new Error(`${failed} of ${answered} requests failed.`)
      return (answered * 1000) / ms
    }
    for (const base of [ours, constant.url]) await rate(base, turnMs)
    const [own, plain]: [number[], number[]] = [[], []]
    for (let turn = 0; turn < turns; turn++) {
      own.push(await rate(ours, turnMs))
      plain.push(await rate(constant.url, turnMs))
    }
    const [value, peer] = [median(own), median(plain)]
    return [
      {
        name: `AuthZEN evaluation over HTTP, ${connections} connections, caller authenticated`,
        value,
        unit: 'answers/s',
        goal: '≥ 60 % of a constant',
        ok: value >= 0.6 * peer,
        peer: { name: 'Fastify, the same authentication and validation', value: peer },
      },
    ]
  } finally {
    client.stop()
    await constant.app.close()
    await server.close()
    await world.close()
  }
}
