// Every route, over HTTP, as each role of one organization against the ids of another, and as nobody: the answer is the one for an id that never was, byte
// for byte but for the id itself and the request's own; whoever is known has left an entry in his own ledger where one is due, and nobody else's has moved.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { catalogue } from '../../src/app/catalogue.ts'
import { recordsRefusal } from '../../src/app/door/refuse.ts'
import { type Capability, type Role, roles } from '../../src/kernel/index.ts'
import { createServer, routeOf } from '../../src/server/index.ts'
import { rowsOf } from '../harness/database.ts'
import type { LiveRun } from '../harness/live-run.ts'
import { newPerson, pipeline, signIn } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'
import { filtersOf, type Ids, oneOfEach, replacing, samplesOf, unknown } from './other-organizations-samples.ts'

/** One request of the attack: the same route with a foreign id, and with one that never was. */
interface Attempt {
  readonly capability: Capability
  readonly foreign: unknown
  readonly never: unknown
}

interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

type Attacker = Role | 'no role' | 'pipeline' | 'run'

// The run comes first: it ends when its time is over, however slow this machine is.
const attackers: readonly Attacker[] = ['run', 'pipeline', ...roles, 'no role']

let h: Harness
let theirs: Ids
let victim: string
let attempts: readonly Attempt[]
let run: LiveRun
let url: string
let close: () => Promise<void>
const people = new Map<Attacker, string>()
/** How many requests are on their way at once. */
const atOnce = 6

/** What an attacker shows: a session that lasts, or a token that was made just now, for those end while slow machines go through the others. */
async function bearerOf(who: Attacker): Promise<string> {
  if (who === 'pipeline') return (await pipeline(h)).token
  if (who === 'run') return run.token()
  const known = people.get(who) ?? (await newPerson(h, `attacker-${who.replace(' ', '-')}`, who === 'no role' ? undefined : who)).token
  people.set(who, known)
  return known
}

/** Does the same with all of them, a few at a time. */
async function withEach<T>(all: Iterable<T>, work: (one: T) => Promise<void>): Promise<void> {
  const waiting = Iterator.from(all)
  const worker = async (): Promise<void> => {
    for (const one of waiting) await work(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

before(async () => {
  h = await openStarter({ runsMax: 0 })
  const stranger = await strangerBeside(h)
  const mine = await oneOfEach(h)
  run = mine.live
  theirs = (await oneOfEach(stranger)).ids
  victim = stranger.starter.org
  const samples = { ...samplesOf(h, mine.ids), ...filtersOf(mine.ids) }
  attempts = catalogue.filter(routeOf).flatMap((capability) => {
    const sample = samples[capability.name]
    if (sample === undefined) return []
    const never = replacing(sample(), unknown)
    return replacing(sample(), (kind) => theirs[kind]).map((foreign, at) => ({ capability, foreign, never: never[at] }))
  })
  const server = createServer({
    door: h.twinlock.door,
    broker: h.twinlock.broker,
    publicKeys: (org, environment) => h.twinlock.publicKeys(org, environment),
    baseUrl,
    port: 0,
    limits: { refusalsBurst: 1_000_000 },
    log: () => undefined,
  })
  url = `http://127.0.0.1:${(await server.listen()).port}`
  close = () => server.close()
})
after(async () => {
  await close()
  await h.close()
})

/** Sends an input on the route of a capability, as its bearer or as nobody. */
async function ask(capability: Capability, input: unknown, bearer: string | undefined, requestId: string): Promise<Told> {
  const route = routeOf(capability)
  assert.ok(route !== undefined)
  const fields = new Map(Object.entries(Object(input)))
  const path = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = String(fields.get(name))
    fields.delete(name)
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams(route.method === 'GET' ? [...fields].map(([name, value]) => [name, String(value)]) : [])
  const answer = await fetch(`${url}${path}${query.size > 0 ? `?${query}` : ''}`, {
    method: route.method,
    headers: {
      'x-request-id': requestId,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(route.method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    ...(route.method === 'POST' ? { body: JSON.stringify(Object.fromEntries(fields)) } : {}),
  })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

/** What somebody learns of an answer: everything but the id that he named himself, and what names his own request. */
function learned({ status, headers, body }: Told): string {
  const kept = [...headers].filter(([name]) => !['date', 'x-request-id', 'twinlock-entry', 'content-length'].includes(name))
  const blind = (text: string): string => text.replace(/\b[a-z]{3}_[0-9a-z]{26}\b/g, '(id)').replace(/attack-[\w-]+/g, '(request)')
  return `${status}\n${kept.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${blind(body)}`
}

/** What was done in the other organization by anybody but its own worker and reaper, who end its run when that is due. */
const victimsEntries = async (): Promise<unknown> =>
  rowsOf(
    h.twinlock,
    `select action, id from entry where org_id = $1 and action <> 'session:refusals' and actor_id not in ('worker', 'reaper', 'sealer') order by id`,
    [victim],
  )

const isFilter = ({ name, verb }: Capability): boolean => verb === 'list' && name in filtersOf(theirs)

/** Who an attacker is to `recordsRefusal`. */
const principalOf = (who: Attacker): Parameters<typeof recordsRefusal>[1] =>
  ({ kind: who === 'run' || who === 'pipeline' ? who : 'person' }) as Parameters<typeof recordsRefusal>[1] // it looks at the kind alone

describe('a thing of another organization, on every route that takes an id', () => {
  for (const who of attackers) {
    it(`is for its \`${who}\` what never was, and leaves an entry with him alone where one is due`, async () => {
      const bearer = await bearerOf(who)
      const before = await victimsEntries()
      const due: string[] = []
      await withEach(attempts.entries(), async ([number, { capability, foreign, never }]) => {
        const requestId = `attack-${who.replace(' ', '-')}-${number}`
        const about = `${capability.name} ${JSON.stringify(foreign)}`
        const told = await ask(capability, foreign, bearer, requestId)
        assert.equal(learned(told), learned(await ask(capability, never, bearer, `${requestId}-never`)), about)
        const mayBe = isFilter(capability) ? [200, 403] : [404, 400, 403]
        assert.ok(mayBe.includes(told.status), `${about}: ${told.status} ${told.body}`)
        const named = new Set(JSON.stringify(foreign).match(/\b[a-z]{3}_[0-9a-z]{26}\b/g) ?? [])
        for (const id of Object.values(theirs)) if (!named.has(id)) assert.equal(told.body.includes(id), false, about)
        if (told.status === 200) return
        const { code } = JSON.parse(told.body) as { code: string } // a problem document, as the server's own tests say
        if (recordsRefusal(capability, principalOf(who), code)) due.push(requestId)
      })
      assert.deepEqual(await victimsEntries(), before)
      const rows = await rowsOf(
        h.twinlock,
        `select body::jsonb->>'request' as request from entry where org_id = $1 and body like '%"attack-%'`,
        [h.starter.org],
      )
      const left = new Set(rows.map(({ request }) => String(request)))
      assert.deepEqual(
        due.filter((one) => !left.has(one)),
        [],
        'an entry is missing',
      )
      assert.ok(due.length > 10, `${due.length} entries were due`)
    })
  }
})

describe('nobody', () => {
  const nobodies: Readonly<Record<string, () => Promise<string | undefined> | string | undefined>> = {
    'without a credential': () => undefined,
    'with a text': () => 'letmein',
    'with a session that never was': () => `tws_${victim}.${'A'.repeat(43)}`,
    'with a link instead of a session': () => `twl_${victim}.${'A'.repeat(43)}`,
    'with a token that nobody signed': () =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
    'with a session that was ended': async () => {
      const left = await signIn(h, 'auditor')
      await left.act('session:end', {})
      return left.token
    },
    'with a session that claims the other organization': async () => (await signIn(h, 'admin')).token.replace(h.starter.org, victim),
  }
  for (const [what, make] of Object.entries(nobodies)) {
    it(`${what} is told 401 on every route, whatever it names`, async () => {
      const bearer = await make()
      const before = await victimsEntries()
      await withEach(attempts, async ({ capability, foreign, never }) => {
        const about = `${capability.name} ${JSON.stringify(foreign)}`
        const told = await ask(capability, foreign, bearer, 'attack-nobody')
        assert.equal(told.status, 401, `${about}: ${told.body}`)
        assert.match(told.headers.get('www-authenticate') ?? '', /^Bearer/)
        assert.equal(learned(told), learned(await ask(capability, never, bearer, 'attack-nobody')), about)
      })
      assert.deepEqual(await victimsEntries(), before)
    })
  }

  it('is told 401 on every route that takes no id, but for the one that opens a session', async () => {
    for (const capability of catalogue.filter((one) => routeOf(one) !== undefined)) {
      const { status } = await ask(capability, {}, undefined, 'attack-nobody')
      assert.equal(status, 401, capability.name)
    }
  })

  it('reaches no connection through the broker, and learns of none', async () => {
    const at = async (connection: string, authorization: string | undefined): Promise<string> => {
      const headers = authorization === undefined ? { 'x-request-id': 'attack-broker' } : { authorization, 'x-request-id': 'attack-broker' }
      const answer = await fetch(`${url}/v1/c/${connection}/accounts`, { headers })
      return `${answer.status} ${(await answer.text()).replaceAll(connection, '(connection)')}`
    }
    assert.match(await at('accounts-data', undefined), /^401 /)
    // A run reaches its own connections with its token, and only those.
    const others = await Promise.all(attackers.filter((who) => who !== 'run').map(async (who) => `Bearer ${await bearerOf(who)}`))
    for (const bearer of [undefined, ...others]) {
      const there = await at('accounts-data', bearer)
      if (bearer === undefined) assert.equal(there, await at('no-such-thing', bearer))
      assert.equal(there.startsWith('2'), false, there)
    }
  })

  it('gets no keys and no token of an issuer that is not there, in the words for one that never was', async () => {
    const nobodysOrg = unknown('org')
    const { token: somebody } = await pipeline(h)
    for (const [path, assertion] of [
      ['jwks.json', ''],
      ['token', 'a.b.c'],
      // Readable, by a workload that is not registered where it is shown.
      ['token', somebody],
    ] as const) {
      const told = async (org: string, env: string | undefined): Promise<string> => {
        const form = `grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=${assertion}`
        const answer = await fetch(`${url}/o/${org}/e/${env}/${path}`, {
          headers: {
            'x-request-id': 'attack-issuer',
            ...(path === 'token' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          },
          ...(path === 'token' ? { method: 'POST', body: form } : {}),
        })
        return `${answer.status} ${(await answer.text()).replaceAll(org, '(org)').replaceAll(String(env), '(env)')}`
      }
      // An environment of another organization than the one that is named.
      const never = await told(nobodysOrg, unknown('env'))
      assert.match(never, /^40[14] /)
      assert.equal(await told(victim, h.starter.environments.staging), never, path)
      assert.equal(await told(victim, unknown('env')), never, path)
      if (assertion !== somebody) assert.equal(await told(h.starter.org, theirs.env), never, path)
    }
  })
})
