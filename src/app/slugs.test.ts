// How things are called, told to whoever holds something on them and to nobody else.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { grant, newPerson, type SignedIn, signIn } from '../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../test/harness/twinlock.ts'
import { strangerBeside } from '../../test/harness/two-organizations.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

const namesOf = async (who: SignedIn) => (await who.act('session:show', {})).names as Readonly<Record<string, string>> // the action's schema has checked it

describe('whoever is signed in', () => {
  it('is told how the things and environments of his grants are called, and of no others', async () => {
    const { project, twins, scenario, environments } = h.starter
    const terms = { scopeType: 'Project', scope: project, environments: [environments.staging] }
    const onCall = await newPerson(h, 'on-call')
    await grant(h, onCall.id, 'observer', terms)
    assert.deepEqual(await namesOf(onCall), { [project]: 'starter', [environments.staging]: 'staging' })
    await grant(h, onCall.id, 'observer', { scopeType: 'Twin', scope: twins.payments })
    await grant(h, onCall.id, 'observer', { scopeType: 'Scenario', scope: scenario })
    assert.deepEqual(await namesOf(onCall), {
      [project]: 'starter',
      [environments.staging]: 'staging',
      [twins.payments]: 'payments',
      [scenario]: 'settle@1',
    })
  })

  it('is told nothing where he holds nothing, on everything or no longer', async () => {
    assert.deepEqual(await namesOf(await newPerson(h, 'nobody')), {})
    assert.deepEqual(await namesOf(await signIn(h, 'admin')), {})
    const former = await newPerson(h, 'former')
    const id = await grant(h, former.id, 'observer', { scopeType: 'Project', scope: h.starter.project })
    await (await signIn(h, 'admin')).act('grant:revoke', { grant: id, reason: 'A test needs it.' })
    assert.deepEqual(await namesOf(former), {})
  })

  it('is told nothing of another organization', async () => {
    const stranger = await strangerBeside(h)
    const [here, there] = [await newPerson(h, 'here'), await newPerson(stranger, 'there')]
    await grant(h, here.id, 'observer', { scopeType: 'Project', scope: h.starter.project })
    await grant(stranger, there.id, 'observer', { scopeType: 'Project', scope: stranger.starter.project })
    assert.deepEqual(Object.keys(await namesOf(here)), [h.starter.project])
    assert.deepEqual(Object.keys(await namesOf(there)), [stranger.starter.project])
  })
})
