// What else comes with a request: cookies, places in a stream, traces, questions of enforcement points; and the replay of a run, as a browser reads it.
import assert from 'node:assert/strict'
import { z } from 'zod'
import { readReplay } from '../../../console/src/screens/run/replay/replay-file.ts'
import { readPlace, writePlace } from '../../../src/app/index.ts'
import type { RunId } from '../../../src/kernel/index.ts'
import { heldSessions, readCookie, readEvaluation, readEvaluations, readSearch, traceOf } from '../../../src/server/index.ts'
import { spoilJsonText, spoilText, spoilValue } from '../hostile.ts'
import { isRefusal, type Target, target } from '../target.ts'

const run = 'run_01j0zq7y3f8k9m2n4p5q6r7s8t' as RunId // the form is the brand's
const org = 'org_01j0zq7y3f8k9m2n4p5q6r7s8t'
const cookies = `twinlock-${org}=tws_${org}.${'A'.repeat(43)}; __Host-twinlock-${org}=tws_${org}.${'B'.repeat(43)}; a=b`
const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const question = {
  subject: { type: 'person', id: 'per_01j0zq7y3f8k9m2n4p5q6r7s8t', properties: { a: 1 } },
  action: { name: 'run:launch' },
  resource: { type: 'Twin', id: 'twn_01j0zq7y3f8k9m2n4p5q6r7s8t' },
  context: { at: 'x' },
}
const replay = { schema: 'warehouse-replay/1', times: [0, 1], marks: [], scenario: 'x', seed: 1, goals: [], boxes: [], robot: {} }

/** The readers of what comes along. */
export const wireTargets: readonly Target[] = [
  target<string>({
    name: 'cookies',
    share: 20,
    draw: (random) => spoilText(random, cookies),
    put(header) {
      for (const https of [true, false])
        for (const held of heldSessions(header, https)) assert.ok(held.token.startsWith(`tws_${held.org}.`), 'a session of another name')
      readCookie(header, 'a')
    },
  }),
  target<string>({
    name: 'stream-place',
    share: 20,
    draw: (random) => spoilText(random, writePlace(run, { calls: 12, outputs: 3, open: [4, 9] })),
    put: (text) => assert.equal(writePlace(run, readPlace(run, text)), text),
  }),
  target<string>({
    name: 'trace',
    share: 10,
    draw: (random) => spoilText(random, trace),
    put: (header) => assert.match(traceOf(header).traceId, /^[0-9a-f]{32}$/),
  }),
  target<unknown>({
    name: 'authzen',
    share: 20,
    draw: (random) => spoilValue(random, random.once(2) ? question : { ...question, evaluations: [question], options: {} }),
    put(body) {
      for (const read of [readEvaluation, readEvaluations, (one: unknown) => readSearch('subject', one)]) readOr(() => read(body))
    },
  }),
  target<string>({
    name: 'replay',
    share: 8,
    draw: (random) => spoilJsonText(random, replay),
    put: readReplay,
    promises: (error) => error instanceof SyntaxError || (error instanceof Error && error.constructor.name === 'Malformed'),
  }),
]

/** Whatever one of several readers refuses, the next one is tried with as well. */
function readOr(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof z.ZodError) && !isRefusal(error)) throw error
  }
}
