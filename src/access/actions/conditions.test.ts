// Conditions at the door: everything that a policy can ask about holds back whoever does not meet it, and lets the same person through who does. Each rule is put
// into force as an organization does it, and decided by store, clock and server, never by what a caller says of himself.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { askToPromote } from '../../../test/harness/promoting.ts'
import { manifestOf } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import type { StarterPerson } from '../../app/index.ts'

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world.close())

const reason = 'A test needs it.'
const daySeconds = 86_400
let made = 0

/** Somebody who signs in at this moment. */
const fresh = async (person: string): Promise<Act> => actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, person))
const signedIn = (slug: StarterPerson): Promise<Act> => fresh(world.starter.people[slug])

async function newPerson(clearance: string, role: string): Promise<string> {
  const starter = asPart(world.twinlock.door, world.org, 'starter')
  const slug = `p${++made}`
  const id = textAt(await starter('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance }), 'id')
  await starter('grant:create', { principal: id, role, reason })
  return id
}

/** What is refused while a rule is in force, and by that rule alone. */
type HeldBack = (refused: Promise<unknown>) => Promise<void>

/** Has a rule of the organization's own in force for the time of some work. */
async function during(policy: string, work: (heldBack: HeldBack) => Promise<unknown>): Promise<void> {
  const guardrail = `rule-${++made}`
  const admin = await signedIn('admin')
  await admin('guardrail:create', { slug: guardrail, title: 'Of a test', policy, reason })
  await admin('guardrail:activate', { guardrail, reason })
  try {
    await work((refused) => denies(`organization/${guardrail}`, refused))
  } finally {
    await (await signedIn('admin'))('guardrail:retire', { guardrail, reason }) // the clock may have gone on by days
  }
}

async function denies(policy: string, refused: Promise<unknown>): Promise<void> {
  const { code, notes } = await refusalOf(refused)
  assert.deepEqual([code, notes.facts?.policies], ['denied', [policy]])
}

const launch = (act: Act, { scenario = world.starter.scenario, environment = world.starter.environments.staging } = {}) =>
  act('run:launch', { scenario, environment })

describe('at the door', () => {
  it('the state of a run counts', async () => {
    const operator = await signedIn('operator')
    // the first run of this world, so that this script is its
    const goesOn = Promise.withResolvers<void>()
    world.cells.next(async (cell) => {
      await goesOn.promise
      cell.say({ type: 'finish', verdict: 'passed', summary: null })
    })
    const run = await world.launch()
    const policy = 'forbid(principal, action == Action::"run:tape", resource) when { resource.state != "ended" };'
    await during(policy, async (heldBack) => {
      await heldBack(operator('run:tape', { run }))
      goesOn.resolve()
      await world.ended(run)
      await operator('run:tape', { run })
    })
  })

  it('clearance is held against sensitivity', async () => {
    const { project, people } = world.starter
    const twin = await world.part('starter')('twin:create', {
      ...{ project, slug: 'closed', kind: 'process', program: 'payments', owner: people.owner, sensitivity: 'confidential' },
    })
    const [cleared, not] = [await newPerson('confidential', 'observer'), await newPerson('internal', 'observer')]
    assert.equal((await (await fresh(cleared))('twin:show', { twin: twin.id })).id, twin.id)
    await denies('guardrail/clearance', (await fresh(not))('twin:show', { twin: twin.id }))
  })

  it('the class of the environment counts, whatever the grant reaches', async () => {
    const everywhere = await fresh(await newPerson('confidential', 'operator'))
    await launch(everywhere)
    const { production, staging } = world.starter.environments
    await denies('guardrail/no-simulation-in-production', launch(everywhere, { environment: production }))
    await during(
      'forbid(principal, action == Action::"run:launch", resource) when { context.environmentClass == "staging" };',
      async (heldBack) => {
        await heldBack(launch(everywhere, { environment: staging }))
      },
    )
  })

  it('a privileged twin is told from one that is not, whoever runs it or changes what runs', async () => {
    const { twins } = world.starter
    const manifest = { ...Object(manifestOf('payments')), connections: [] }
    const author = await signedIn('author')
    const { id: quiet } = await author('scenario:publish', { twin: twins.assembly, slug: 'touches-nothing', manifest })
    await during(
      'forbid(principal, action in [Action::"run:launch", Action::"scenario:publish"], resource) when { context.privilegedTwin };',
      async (heldBack) => {
        const operator = await signedIn('operator')
        await heldBack(launch(operator))
        await launch(operator, { scenario: String(quiet) })
        await heldBack(author('scenario:publish', { twin: twins.payments, slug: 'settle', manifest }))
        await author('scenario:publish', { twin: twins.assembly, slug: 'touches-nothing', manifest })
      },
    )
  })

  it('a sign-in is fresh for as long as the rule says, to the second, and again after the next one', async () => {
    await during(
      'forbid(principal, action == Action::"run:launch", resource) when { context.signedInSecondsAgo > 300 };',
      async (heldBack) => {
        const operator = await signedIn('operator')
        await launch(operator)
        world.clock.forward(301)
        await heldBack(launch(operator))
        await launch(await signedIn('operator'))
      },
    )
  })

  it('the network is where the request came from, and not what it says of itself', async () => {
    const { org, starter, twinlock } = world
    const credential = await sessionOf(twinlock.door, org, starter.people.operator)
    const input = { scenario: starter.scenario, environment: starter.environments.staging }
    const from = (address?: string) =>
      twinlock.door.govern({ action: 'run:launch', credential, input, requestId: 'test', ...(address === undefined ? {} : { address }) })
    await during(
      'forbid(principal, action == Action::"run:launch", resource) when { !(context.address like "10.1.*") };',
      async (heldBack) => {
        await from('10.1.2.3')
        await from('::ffff:10.1.2.3')
        for (const address of ['10.10.1.1', '192.0.2.1', undefined]) await heldBack(from(address))
      },
    )
  })

  it('the state of a review counts', async () => {
    const { door } = world.twinlock
    const run = await world.launch()
    await world.ended(run)
    const artifact = String((await world.rows('select id from artifact where run_id = $1', [run]))[0]?.id)
    const to = { service: world.starter.services.payments, key: world.keys.payments, channel: 'payments' }
    const operator = await signedIn('operator')
    const promotion = await askToPromote(door, operator, world.starter, artifact, to)
    const policy = 'forbid(principal, action == Action::"promotion:show", resource) when { resource.state == "in_review" };'
    await during(policy, async (heldBack) => {
      await heldBack(operator('promotion:show', { promotion }))
      await (await signedIn('reviewer'))('promotion:reject', { promotion, reason })
      assert.equal((await operator('promotion:show', { promotion })).state, 'rejected')
    })
  })

  it('a window of time is open when it is, by the clock of the server', async () => {
    const office = 'context.weekday > 5 || context.minute < 480 || context.minute >= 1080'
    await during(`forbid(principal, action == Action::"run:launch", resource) when { ${office} };`, async (heldBack) => {
      const now = Math.floor(world.clock.now() / 1000)
      const tomorrow = Math.floor(now / daySeconds) + 1
      // day 0 was a Thursday, and day 2 a Saturday
      const saturday = tomorrow + ((((2 - tomorrow) % 7) + 7) % 7)
      world.clock.forward((saturday + 0.5) * daySeconds - now)
      await heldBack(launch(await signedIn('operator')))
      world.clock.forward(2 * daySeconds)
      await launch(await signedIn('operator'))
    })
  })
})
