// A stream resumes where it broke, waits longer each time, and stops when it is told to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOffMs, type FollowState, follow } from './follow.ts'

interface Seen {
  readonly cursors: (string | null)[]
  readonly events: string[]
  readonly states: FollowState['state'][]
  readonly waits: number[]
  stop(): void
}

/** Follows a server that gives these answers one after the other; a number is a status, a text the stream's whole content. */
async function followed(answers: readonly (string | number | 'refused')[], onWait: (seen: Seen) => void = () => undefined): Promise<Seen> {
  const controller = new AbortController()
  const seen: Seen = { cursors: [], events: [], states: [], waits: [], stop: () => controller.abort() }
  const left = [...answers]
  await follow({
    url: '/v1/runs/run_1/events',
    headers: {},
    signal: controller.signal,
    fetch: async (_, init) => {
      seen.cursors.push(new Headers(init?.headers).get('last-event-id'))
      const answer = left.shift()
      if (answer === undefined || answer === 'refused') throw new TypeError('fetch failed')
      return typeof answer === 'number' ? Response.json({ code: 'denied', detail: 'No.' }, { status: answer }) : new Response(answer)
    },
    now: () => 1_000,
    wait: async (milliseconds) => {
      seen.waits.push(milliseconds)
      if (left.length === 0) controller.abort()
      onWait(seen)
    },
    onEvent: ({ data }) => seen.events.push(data),
    onState: ({ state }) => seen.states.push(state),
    isLast: ({ event }) => event === 'end',
  })
  return seen
}

test('a broken stream resumes after the last event that arrived', async () => {
  const seen = await followed(['id: a\ndata: 1\n\nid: b\ndata: 2\n\n', 'id: c\nevent: end\ndata: 3\n\n'])
  assert.deepEqual(seen.cursors, [null, 'b'])
  assert.deepEqual(seen.events, ['1', '2', '3'])
  assert.deepEqual(seen.states, ['live', 'reconnecting', 'live', 'stopped'])
})

test('each failure waits longer, up to fifteen seconds, and an answer starts over', async () => {
  const seen = await followed(['refused', 503, 'refused', 'data: 1\n\n', 'refused'])
  assert.deepEqual(seen.waits, [250, 500, 1_000, 250, 500])
  assert.equal(backOffMs(40), 15_000)
})

test('a refusal is final: the right to see it is gone', async () => {
  for (const status of [401, 403, 404]) {
    const seen = await followed([status, 'data: never\n\n'])
    assert.deepEqual(seen.states, ['stopped'])
    assert.deepEqual(seen.events, [])
  }
})

test('a stop is silent and asks no more', async () => {
  const seen = await followed(['data: 1\n\n', 'data: 2\n\n'], ({ stop }) => stop())
  assert.deepEqual(seen.events, ['1'])
  assert.equal(seen.states.at(-1), 'reconnecting')
})
