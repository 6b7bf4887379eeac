// The client of a directory, in a thread of its own: sends each body once, on so many connections that are kept open, and says how long all of it took.
import { Agent, request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

/** What is to be sent, and the status that each is to be answered with. */
export interface Job {
  readonly url: string
  readonly token: string
  readonly connections: number
  readonly status: number
  readonly bodies: readonly string[]
}

const { url, token, connections, status, bodies } = workerData as Job // the one who starts this thread gives nothing else
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' }

function send(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        answer.once('end', () =>
          answer.statusCode === status ? resolve() : reject(new Error(`It was answered with ${answer.statusCode}.`)),
        )
        answer.resume()
      },
    )
    sending.once('error', reject)
    sending.end(body)
  })
}

let next = 0
const began = performance.now()
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await send(body)
  }),
)
parentPort?.postMessage(performance.now() - began)
agent.destroy()
