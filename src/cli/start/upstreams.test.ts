// The demonstration upstreams beside a server that serves the same ones, as whoever practises a restore has it.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { PortsTaken, planUpstreams, startUpstreams } from './upstreams.ts'

test('upstreams whose ports are taken are refused by name, and nothing of them is left running', async () => {
  const plan = await planUpstreams()
  const first = await startUpstreams(plan)
  await assert.rejects(
    startUpstreams(plan),
    (error) => error instanceof PortsTaken && error.message.includes(String(plan.ports.staging.accounts)),
  )
  await first.stop()
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(plan.ports.production.missions, '127.0.0.1', resolve))
  await assert.rejects(startUpstreams(plan), {
    name: 'PortsTaken',
    message: `in use on loopback: port ${plan.ports.production.missions}`,
  })
  await new Promise((resolve) => squatter.close(resolve))
  // Had something of the refused one been left, its ports would be taken now.
  await (await startUpstreams(plan)).stop()
})
