// The server alone, with the product's own catalogue and a door behind which nothing happens: what it lets through is answered with nothing. For many
// requests in little time; what happens behind the door is for the fuzzer of the product.
import { catalogue, parseInput } from '../../src/app/index.ts'
import { fail } from '../../src/kernel/index.ts'
import { createServer, openApi } from '../../src/server/index.ts'
import { operationsOf, type Surroundings } from './requests.ts'

const baseUrl = 'http://twinlock.test'
const org = 'org_01j0zq7y3f8k9m2n4p5q6r7s8t'

/** What the requests to the front are drawn with. */
export const frontSurroundings: Surroundings = {
  operations: operationsOf(openApi(catalogue, baseUrl)),
  ids: (prefix) => [`${prefix}_01j0zq7y3f8k9m2n4p5q6r7s8t`],
  credentials: [`Bearer tws_${org}.${'A'.repeat(43)}`, `Bearer twl_${org}.${'A'.repeat(43)}`, 'Bearer a.b.c', 'Basic dXNlcjpw'],
}

/** A server that listens. */
export interface Front {
  readonly port: number
  /** What the server called a failure of its own. */
  readonly failures: readonly unknown[]
  close(): Promise<void>
}

/** Opens the front on a port that the system chooses. */
export async function openFront(): Promise<Front> {
  const failures: unknown[] = []
  const server = createServer({
    door: {
      catalogue,
      async govern({ action, credential, input }) {
        const capability = catalogue.find(({ name }) => name === action)
        if (credential === undefined) throw fail('unauthenticated', 'Nobody is signed in.')
        if (capability === undefined) throw fail('not_found', 'There is no such action.')
        parseInput(capability, input)
        return { result: {}, entry: null }
      },
    },
    broker: { call: async () => ({ status: 204, headers: {}, body: new Uint8Array(), call: 'cal_01j0zq7y3f8k9m2n4p5q6r7s8t' }) },
    publicKeys: async () => undefined,
    baseUrl,
    port: 0,
    limits: { refusalsBurst: 1_000_000_000 },
    log: (line) => {
      if (line.kind === 'failure') failures.push(line.error)
    },
  })
  const { port } = await server.listen()
  return { port, failures, close: () => server.close() }
}
