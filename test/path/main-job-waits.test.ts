// The main job as it ships leaves a promotion that nothing stops: what the run tried and was refused does not count against its permissions.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { actWith, at, listAt, sessionOf } from '../harness/acting.ts'
import { openStarter } from '../harness/twinlock.ts'

it('the promotion that the main job leaves waits for review', async () => {
  const house = await openStarter()
  try {
    const { promotion } = await house.walk()
    const reviewer = actWith(house.twinlock.door, await sessionOf(house.twinlock.door, house.starter.org, house.starter.people.reviewer))
    const shown = await reviewer('promotion:show', { promotion })
    const stopping = listAt(shown, 'checks').filter((check) => at(check, 'blocking') === true && at(check, 'result') !== 'passed')
    assert.deepEqual(
      stopping.map((check) => at(check, 'detail')),
      [],
    )
    assert.equal(shown.state, 'in_review')
  } finally {
    await house.close()
  }
})
