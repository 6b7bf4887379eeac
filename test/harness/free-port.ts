// A port for a server that has to know its own URL before it listens. Between the choice and the listening anybody may take it, and systems hand out ports of
// their own to every connection that is made: it is chosen below those (32768 and up on Linux, 49152 and up elsewhere), where only somebody who asked for it is.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const [lowest, highest] = [20_000, 32_000]

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A port of this machine that nobody listens on at this moment, drawn from those that no system hands out by itself. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error(`No port between ${lowest} and ${highest} is free: a hundred were tried.`)
}
