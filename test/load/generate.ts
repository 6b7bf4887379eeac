// The clients of a load: readers that keep asking, one organization ten times as many as the others, and listeners to runs. Everything that is answered
// is counted by organization; an answer that is neither a success nor a refusal with its time to wait is a fault.
import { fork } from 'node:child_process'
import { Agent, get as httpGet, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { FromServer, Plan, Second, Tenant } from './plan.ts'

/** What came of the requests of one organization. */
export interface Served {
  readonly org: string
  readonly clients: number
  ok: number
  tooMany: number
  readonly ms: number[]
}

/** What a load showed. */
export interface Report {
  readonly plan: Plan
  readonly seconds: readonly Second[]
  readonly served: readonly Served[]
  /** How many listened, in each of the seconds. */
  readonly listening: readonly number[]
  /** Of one processor, by the clients: what they take is not there for the server and its database. */
  readonly clientsMs: number
  readonly events: number
  readonly faults: readonly string[]
  readonly stopMs: number
  readonly openCalls: number
}

const program = join(import.meta.dirname, 'server-process.ts')
const waitMs = (answer: IncomingMessage) => Number(answer.headers['retry-after'] ?? 1) * 1000

class Load {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  readonly #plan: Plan
  readonly served: Served[] = []
  readonly faults: string[] = []
  isOver = false
  listening = 0
  events = 0
  #opened = 0
  /** Streams that are to be opened when there are fewer than there may be. */
  readonly #wanted: (() => void)[] = []

  constructor(plan: Plan) {
    this.#plan = plan
  }

  #get(port: number, path: string, token: string): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    httpGet({ port, host: '127.0.0.1', path, agent: this.#agent, headers: { authorization: `Bearer ${token}` } }, resolve).on(
      'error',
      reject,
    )
    return promise
  }

  /** Asks again and again, each time when it was answered. */
  async #reader(port: number, { token }: Tenant, served: Served): Promise<void> {
    while (!this.isOver) {
      const began = performance.now()
      try {
        const answer = await this.#get(port, '/v1/runs?limit=5', token)
        answer.resume()
        const status = answer.statusCode ?? 0
        if (status === 200) {
          served.ok++
          served.ms.push(performance.now() - began)
        } else if (status === 429 && answer.headers['retry-after'] !== undefined) {
          served.tooMany++
          await new Promise((resolve) => setTimeout(resolve, waitMs(answer)))
        } else if (!this.isOver) this.faults.push(`a request was answered ${status}`)
      } catch (error) {
        if (!this.isOver) this.faults.push(String(error))
      }
    }
  }

  read(port: number, tenants: readonly Tenant[]): Promise<unknown>[] {
    return tenants.flatMap((tenant, number) => {
      const clients = this.#plan.requests * (number === 0 && tenants.length > 1 ? 10 : 1)
      const served: Served = { org: tenant.org, clients, ok: 0, tooMany: 0, ms: [] }
      this.served.push(served)
      return Array.from({ length: clients }, () => this.#reader(port, tenant, served))
    })
  }

  /** Opens streams on runs, as soon as there are fewer than there may be. */
  listen(port: number, tenants: readonly Tenant[], runs: readonly (readonly [string, string])[]): void {
    const share = Math.ceil(this.#plan.listeners / Math.max(1, this.#plan.runs))
    for (const [org, run] of runs) {
      const token = tenants.find((one) => one.org === org)?.token ?? ''
      for (let number = 0; number < share; number++) this.#wanted.push(() => this.#stream(port, run, token))
    }
    this.#openWanted()
  }

  #openWanted(): void {
    while (!this.isOver && this.#opened < this.#plan.listeners) {
      const open = this.#wanted.shift()
      if (open === undefined) return
      this.#opened++
      open()
    }
  }

  #stream(port: number, run: string, token: string): void {
    let isOpen = false
    const over = () => {
      this.#opened--
      if (isOpen) this.listening--
      this.#openWanted()
    }
    this.#get(port, `/v1/runs/${run}/events`, token).then(
      (answer) => {
        isOpen = answer.statusCode === 200
        if (isOpen) this.listening++
        else if (!this.isOver) this.faults.push(`a stream was answered ${answer.statusCode}`)
        answer.on('data', () => this.events++)
        answer.on('error', () => undefined)
        answer.on('close', over)
      },
      (error: unknown) => {
        over()
        if (!this.isOver) this.faults.push(String(error))
      },
    )
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** How many times as long as planned a load may last that has not seen enough: on a slow machine, runs are long in coming. */
const patience = 4

/** Loads a server for as long as the plan says, and until it has seen enough, then stops it under load. `told` hears each second. */
export async function generate(
  plan: Plan,
  told: (second: Second, load: { listening: number }) => void = () => undefined,
  isEnough: (seconds: readonly Second[], listening: readonly number[]) => boolean = () => true,
): Promise<Report> {
  const load = new Load(plan)
  const child = fork(program, [JSON.stringify(plan)], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const stopped = Promise.withResolvers<{ ms: number; open: number }>()
  const seconds: Second[] = []
  let port = 0
  let tenants: readonly Tenant[] = []
  let readers: Promise<unknown>[] = []
  const listening: number[] = []
  const used = process.cpuUsage()
  child.on('exit', (code) => stopped.reject(new Error(`The server ended with ${code} while under load.`)))
  child.on('message', (message: FromServer) => {
    if (message.kind === 'ready') {
      port = message.port
      tenants = message.tenants
      readers = load.read(port, tenants)
    } else if (message.kind === 'runs') load.listen(port, tenants, message.runs)
    else if (message.kind === 'stopped') stopped.resolve(message)
    else {
      seconds.push(message.second)
      listening.push(load.listening)
      told(message.second, load)
      if (seconds.length < plan.seconds || load.isOver) return
      if (!isEnough(seconds, listening) && seconds.length < patience * plan.seconds) return
      load.isOver = true
      child.send('stop')
    }
  })
  try {
    const { ms, open } = await stopped.promise
    await Promise.all(readers)
    const { served, events, faults } = load
    const { user, system } = process.cpuUsage(used)
    return { plan, seconds, served, listening, clientsMs: (user + system) / 1000, events, faults, stopMs: ms, openCalls: open }
  } finally {
    load.isOver = true
    load.close()
    child.removeAllListeners('exit')
    if (child.exitCode === null) child.kill('SIGKILL')
  }
}
