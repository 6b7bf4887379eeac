// What a grant gives, read from its row, is what its policy says: on seeded grants, asked of the decision.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../test/harness/seeded.ts'
import { decide } from './decide.ts'
import { org, principalOf, requestFor, smallCatalogue, smallDecider, thing } from './fixtures/small-catalogue.ts'
import { actionsGiven, givesAction, givesIn, holdsAt } from './gives.ts'
import { grantPolicy } from './grants.ts'

const seed = 20_261_122
const grantable = new Map(smallCatalogue.filter(({ roles }) => roles.length > 0).map(({ name, roles }) => [name, roles]))
const decider = smallDecider()
const places = [undefined, { id: 'env_a', class: 'sandbox' }, { id: 'env_b', class: 'staging' }] as const

describe('a grant', () => {
  it(`gives by its row what its policy permits, to the second (seed ${seed})`, () => {
    const random = seeded(seed)
    const around = (now: number) =>
      random.pick([null, new Date(now - 1500), new Date(now - 500), new Date(now), new Date(now + 500), new Date(now + 1500)])
    const person = principalOf('person', 'per_1')
    let yes = 0
    for (let n = 0; n < 2_000; n++) {
      const now = 1_800_000_000_000 + random.below(3_000)
      const what = random.pick([
        { role: 'operator', actions: [] },
        { role: 'observer', actions: [] },
        { role: 'admin', actions: [] },
        { role: null, actions: ['thing:read'] },
        { role: null, actions: ['thing:change', 'run:launch'] },
      ])
      const environments = random.pick([[], ['env_a'], ['env_b'], ['env_a', 'env_b']])
      const times = { not_before: around(now), expires_at: around(now) }
      const row = {
        ...what,
        environments,
        ...times,
        org_id: org,
        id: 'grt_1',
        principal_type: 'Person',
        principal_id: 'per_1',
        scope_type: 'Organization',
        scope_id: org,
        given_by: '',
        created_at: new Date(0),
        revoked_at: null,
      }
      const action = random.pick(['thing:read', 'thing:change'])
      const environment = places[random.below(places.length)]
      const read = holdsAt(row, now) && givesAction(row, action, grantable) && givesIn(row, environment?.id)
      assert.equal(actionsGiven(row, grantable).includes(action), givesAction(row, action, grantable))
      const request = requestFor(action, person, {
        policies: [grantPolicy(row)],
        resource: thing(),
        now,
        ...(environment && { environment }),
      })
      assert.equal(decide(decider, request).kind === 'allowed', read, JSON.stringify({ row, action, environment, now }))
      if (read) yes++
    }
    assert.ok(yes > 100, `${yes} were allowed`)
  })
})
