// Law 9: what an owner who left holds stops before the next run: his twin, the environment, its connections.
import { after, before, test } from 'node:test'
import { launch } from '../harness/live-run.ts'
import { asSystem, newPerson, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
let admin: SignedIn
let operator: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  admin = await signIn(h, 'admin')
  operator = await signIn(h, 'operator')
})
after(() => h.close())

const any = /^.+$/

test('no run of a twin begins whose owner has left and nobody took it over', async () => {
  const leaver = await newPerson(h, 'owner-of-a-twin')
  const starter = asSystem(h, 'starter')
  const twin = String(
    (
      await starter('twin:create', {
        project: h.starter.project,
        slug: 'orphan',
        kind: 'process',
        program: 'payments',
        owner: leaver.id,
        sensitivity: 'internal',
      })
    ).id,
  )
  const { manifest } = await operator.act('scenario:show', { scenario: h.starter.scenario })
  const scenario = String((await starter('scenario:publish', { twin, slug: 'settle', manifest })).id)
  await launch(h, { by: operator, scenario })
  await admin.act('person:offboard', { person: leaver.id })
  await refused(launch(h, { by: operator, scenario }), any)
})

test('no run begins in an environment, or on connections, whose owner has left and nobody took them over', async () => {
  const leaver = await newPerson(h, 'owner-of-an-environment')
  const starter = asSystem(h, 'starter')
  const environment = String((await starter('environment:create', { slug: 'orphaned', class: 'preproduction', owner: leaver.id })).id)
  const connect = (slug: string, access: string, owner: string) =>
    starter('connection:create', { environment, slug, access, baseUrl: 'http://127.0.0.1:9', sensitivity: 'internal', owner })
  await connect('accounts-data', 'read', leaver.id)
  await connect('payments-api', 'write', h.starter.people.author)
  await starter('grant:create', { principal: operator.id, role: 'operator', environments: [environment], reason: 'A test needs it.' })
  await launch(h, { by: operator, environment })
  await admin.act('person:offboard', { person: leaver.id })
  await refused(launch(h, { by: operator, environment }), any)
})
