// A run that somebody froze because he doubts it is not let go on by the hands that launched it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { rowsOf } from '../harness/database.ts'
import { longLivedRun } from '../harness/live-run.ts'
import { grant, pipeline, refused, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

const isFrozen = async (run: string) => (await rowsOf(h.twinlock, 'select frozen_at from run where id = $1', [run]))[0]?.frozen_at !== null

test('what somebody else froze is thawed neither by its operator nor by the pipeline that launched it, and by a third it is', async () => {
  const [operator, reviewer, admin] = [await signIn(h, 'operator'), await signIn(h, 'reviewer'), await signIn(h, 'admin')]
  await grant(h, h.starter.pipeline.id, 'operator')
  const run = await longLivedRun(h)
  await reviewer.act('run:freeze', { run: run.id, reason: 'It calls what it never called.', minutes: 60 })
  for (const { act } of [operator, await pipeline(h)]) await refused(act('run:thaw', { run: run.id, reason: 'It is fine.' }), 'denied')
  assert.equal(await isFrozen(run.id), true)
  await admin.act('run:thaw', { run: run.id, reason: 'It was looked into.' })
  assert.equal(await isFrozen(run.id), false)
})

test('who froze his own run lets it go on', async () => {
  const operator = await signIn(h, 'operator')
  const run = await longLivedRun(h)
  await operator.act('run:freeze', { run: run.id, reason: 'I want to look first.', minutes: 60 })
  await operator.act('run:thaw', { run: run.id, reason: 'It is fine.' })
  assert.equal(await isFrozen(run.id), false)
})
