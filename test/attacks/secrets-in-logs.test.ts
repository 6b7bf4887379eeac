// A day of a server, over HTTP, in the JSON form of its log: people sign in and leave, workloads get tokens, runs call upstreams, artifacts are promoted, and
// much of it goes wrong, with secrets in the wrong places and a database that fails. Then every secret that existed is looked for in every line.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { openLog } from '../../src/cli/index.ts'
import { createServer } from '../../src/server/index.ts'
import { rowsOf } from '../harness/database.ts'
import { crossOver, inReview, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, newPerson, pipeline, signIn, tokenFor } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let url: string
let close: () => Promise<void>
const lines: string[] = []
const secrets = new Map<string, string>()

/** Remembers a secret, and the parts of it that would be enough. */
function secret(name: string, text: string): string {
  secrets.set(name, text)
  const [, tail] = /^tw[ls]_[^.]+\.(.+)$/.exec(text) ?? []
  if (tail !== undefined) secrets.set(`${name}, its secret half`, tail)
  const parts = text.split('.')
  if (parts.length === 3 && parts[2] !== undefined) secrets.set(`${name}, its signature`, parts[2])
  return text
}

interface Asked {
  readonly method?: string
  readonly bearer?: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

async function ask(
  path: string,
  { method = 'GET', bearer, headers = {}, body }: Asked = {},
): Promise<{ status: number; told: Record<string, unknown> }> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await answer.text()
  return { status: answer.status, told: text.startsWith('{') ? JSON.parse(text) : {} }
}

before(async () => {
  const log = openLog({ json: true, verbose: true, write: (text) => lines.push(text), now: Date.now })
  h = await openStarter({ runsMax: 0, log: (line) => log.note(line) })
  const server = createServer({
    door: h.twinlock.door,
    broker: h.twinlock.broker,
    watch: h.twinlock.watch,
    publicKeys: (org, environment) => h.twinlock.publicKeys(org, environment),
    baseUrl,
    port: 0,
    metricsToken: secret('the token of the metrics', `metrics-${randomUUID()}`),
    log: (line) => log.request(line),
  })
  url = `http://127.0.0.1:${(await server.listen()).port}`
  close = () => server.close()
  for (const [at, key] of h.apiKeys.entries()) secret(`upstream key ${at}`, key)
})
after(async () => {
  await close()
  await h.close()
})

/** The secrets that stand in lines, as they are or in another spelling, each with the line that holds it. */
function leaksIn(written: readonly string[]): string[] {
  const all = written.join('')
  const everything = decodeURIComponent(all.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  return [...secrets].flatMap(([name, text]) =>
    [text, encodeURIComponent(text), Buffer.from(text).toString('base64'), JSON.stringify(text).slice(1, -1)]
      .filter((spelling) => all.includes(spelling) || everything.includes(spelling))
      .map((spelling) => `${name} is in the log: ${written.find((line) => line.includes(spelling))?.slice(0, 400)}`),
  )
}

/** Signs somebody in over HTTP, by a link. */
async function signInByLink(person: string): Promise<string> {
  const { token } = await asSystem(h, 'starter')('person:link', { person })
  const link = secret(`link ${secrets.size}`, String(token))
  const { status, told } = await ask('/v1/sessions', { method: 'POST', bearer: link, body: {} })
  assert.equal(status, 200)
  return secret(`session ${secrets.size}`, String(told.token))
}

describe('the log of a day', () => {
  it('is written: by people, workloads and runs, in every way that works', async () => {
    const { people, environments, org, scenario, services } = h.starter
    const admin = await signInByLink(people.admin)
    assert.equal((await ask('/v1/people?limit=5', { bearer: admin })).status, 200)
    const upstreamKey = secret('the key of a connection', `upstream-${randomUUID()}`)
    const created = await ask('/v1/connections', {
      method: 'POST',
      bearer: admin,
      body: {
        environment: environments.sandbox,
        slug: 'ledger-api',
        access: 'read',
        baseUrl: 'https://upstream.example',
        sensitivity: 'internal',
        owner: people.owner,
        secret: { header: 'x-key', value: upstreamKey },
      },
    })
    assert.equal(created.status, 200, JSON.stringify(created.told))
    const audience = `${baseUrl}/o/${org}/e/${environments.staging}/token`
    const assertion = secret('an assertion', await h.keys.pipeline.assertion(audience, h.starter.pipeline.spiffeId))
    const issued = await fetch(`${url}/o/${org}/e/${environments.staging}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    const { access_token: token } = (await issued.json()) as { access_token: string } // RFC 6749 section 5.1
    secret('a token', token)
    const launched = await ask('/v1/runs/launch', { method: 'POST', bearer: token, body: { scenario, environment: environments.staging } })
    assert.equal(launched.status, 200, JSON.stringify(launched.told))
    const run = await liveRun(h)
    const runToken = secret('the token of a run', await run.token())
    await ask(`/v1/runs/${run.id}`, { bearer: runToken })
    const { artifact } = await sealedRun(h)
    const { id } = await inReview(h, await signIn(h, 'operator'), artifact)
    await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id })
    await crossOver(h, await signIn(h, 'deployer'), id)
    const payments = secret(
      'the token of a service',
      (await tokenFor(h, h.keys.payments, services.payments, environments.production)).token,
    )
    // Both reach the broker with their tokens; what a service may call is another test's business.
    assert.equal((await ask('/v1/c/accounts-data/accounts?limit=2', { bearer: runToken })).status, 200)
    assert.notEqual((await ask('/v1/c/accounts-data/accounts?limit=2', { bearer: payments })).status, 401)
    assert.equal((await ask('/metrics', { bearer: String(secrets.get('the token of the metrics')) })).status, 200)
    assert.equal((await ask('/v1/sessions/end', { method: 'POST', bearer: admin, body: {} })).status, 200)
    assert.equal((await ask('/v1/people', { bearer: admin })).status, 401)
  })

  it('goes on with secrets in all the wrong places', async () => {
    const session = await signInByLink(h.starter.people.operator)
    const password = secret('a password', `hunter2-${randomUUID()}`)
    for (const one of [
      session,
      password,
      await workloadKey()
        .assertion('x', 'y')
        .then((text) => secret('a stray assertion', text)),
    ]) {
      const place = encodeURIComponent(one)
      for (const path of [
        `/${place}`,
        `/v1/runs/${place}`,
        `/v1/runs/${place}/tape`,
        `/v1/people?token=${place}`,
        `/problems/${place}`,
        `/v1/c/${place}/x`,
        `/v1/c/accounts-data/${place}`,
        `/o/${place}/e/${place}/jwks.json`,
      ])
        await ask(path, { bearer: session })
      for (const body of [{ [one]: one }, { slug: one, name: one }, `{"slug":"${one}"`, `[${one}]`])
        await ask('/v1/twins', { method: 'POST', bearer: session, body })
      for (const name of [
        'cookie',
        'traceparent',
        'referer',
        'user-agent',
        'x-forwarded-for',
        'origin',
        'if-match',
        'proxy-authorization',
        'last-event-id',
      ])
        await ask('/v1/people', { bearer: session, headers: { [name]: one } })
      await ask('/v1/people', { headers: { authorization: `Basic ${Buffer.from(`user:${one}`).toString('base64')}` } })
      await ask('/v1/sessions', { method: 'POST', bearer: `twl_${one}`.slice(0, 300), body: {} })
      await ask('/v1/people', { method: one.replace(/[^A-Za-z]/g, '').slice(0, 12) }).catch(() => undefined)
    }
  })

  it('goes on when the database fails in the middle of keeping a secret', async () => {
    const admin = await newPerson(h, 'second-admin', 'admin')
    secret('the second admin’s session', admin.token)
    const { people, environments } = h.starter
    const value = secret('a key that was never kept', `unkept-${randomUUID()}`)
    const create = {
      environment: environments.sandbox,
      slug: 'never-kept',
      access: 'read',
      baseUrl: 'https://upstream.example',
      sensitivity: 'internal',
      owner: people.owner,
      secret: { header: 'x-key', value },
    }
    for (const table of ['connection', 'secret', 'entry']) {
      await rowsOf(h.twinlock, `alter table "${table}" rename to "${table}_away"`)
      const { status } = await ask('/v1/connections', { method: 'POST', bearer: admin.token, body: create })
      await rowsOf(h.twinlock, `alter table "${table}_away" rename to "${table}"`)
      assert.ok(status >= 500, `${table}: ${status}`)
    }
    assert.ok((await pipeline(h)).token.length > 0, 'it works again')
  })

  it('holds every request, every failure, and not one of the secrets', () => {
    const kinds = lines.map((line) => JSON.parse(line).kind)
    assert.ok(kinds.filter((kind) => kind === 'access').length > 70, `${kinds.length} lines`)
    assert.ok(kinds.filter((kind) => kind === 'failure').length >= 2, 'a failure was to be logged')
    assert.ok(secrets.size > 25, `${secrets.size} secrets`)
    assert.deepEqual(leaksIn(lines), [])
  })

  it('would have been found out, had it held one in any spelling', () => {
    const found = (spelling: (text: string) => string): number =>
      new Set([...secrets].flatMap(([name, text]) => (leaksIn([...lines, `a line with ${spelling(text)} in it`]).length > 0 ? [name] : [])))
        .size
    const spellings = [String, encodeURIComponent, (text: string) => Buffer.from(text).toString('base64'), JSON.stringify]
    for (const spelling of spellings) assert.equal(found(spelling), secrets.size)
  })
})
