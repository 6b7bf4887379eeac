// A client in a process of its own, so that what it costs is nobody's: it sends a few requests over and over, on so many connections, for as long as it is told.
import { Agent, request } from 'node:http'

/** What a client is told to do. */
export interface Order {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent in turns. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly ms: number
}

/** What came of it: how many were answered, and how many of those with another status than 200. */
export interface Outcome {
  readonly answered: number
  readonly failed: number
}

function once({ url, headers }: Order, agent: Agent, body: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode === 200))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function obey(order: Order): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections })
  const until = performance.now() + order.ms
  let [sent, answered, failed] = [0, 0, 0]
  const go = async (): Promise<void> => {
    while (performance.now() < until) {
      if (!(await once(order, agent, order.bodies[sent++ % order.bodies.length] ?? ''))) failed++
      answered++
    }
  }
  await Promise.all(Array.from({ length: order.connections }, go))
  agent.destroy()
  return { answered, failed }
}

process.on('message', (order: Order) => {
  void obey(order).then((outcome) => process.send?.(outcome))
})
