// The run uses upstream credentials and never holds them: its whole memory is searched while it runs, and so are its environment, its open files, what it
// wrote, the tape, the logs and every row of the database. A text that the run is known to hold must be found, or the search proves nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createUpstream } from '../../src/host/upstream/create-upstream.ts'
import type { Digest } from '../../src/kernel/index.ts'
import { artifactManifest } from '../../src/outputs/index.ts'
import { asSuperuser, rowsOf, tablesOf } from '../harness/database.ts'
import { closed, launch } from '../harness/live-run.ts'
import { cellsOf, searchMemory, surroundingsOf } from '../harness/process-memory.ts'
import { signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

/** A text that the run is given as a parameter. */
const control = 'a control text that the run is known to hold'

const real = createUpstream()
let exchanges = 0
const reached = Promise.withResolvers<void>()
const release = Promise.withResolvers<void>()
/** The real upstream; after the tenth answer has come back, the run waits for it while we look. */
const upstream: Parameters<typeof openStarter>[0] = {
  upstream: {
    async exchange(exchange) {
      const answer = await real.exchange(exchange)
      exchanges++
      if (exchanges >= 10) {
        reached.resolve()
        await release.promise
      }
      return answer
    },
  },
}

let h: Harness
let run: string
before(async () => {
  h = await openStarter(upstream)
  const author = await signIn(h, 'author')
  const { manifest } = await author.act('scenario:show', { scenario: h.starter.scenario })
  const parameters = { accounts: 3, reachOut: true, foreignToken: control }
  const scenario = String(
    (
      await author.act('scenario:publish', {
        twin: h.starter.twins.payments,
        slug: 'searched',
        manifest: { ...Object(manifest), parameters },
      })
    ).id,
  )
  run = await launch(h, { by: await signIn(h, 'operator'), scenario })
})
after(async () => {
  release.resolve()
  await h.close()
  await real.close()
})

test('the whole memory of a run that uses credentials holds none of them, while it holds what it was given', async (t) => {
  await reached.promise
  const cells = cellsOf(process.pid)
  assert.equal(cells.length, 1, 'the run has one process')
  let search: ReturnType<typeof searchMemory>
  try {
    search = searchMemory(cells[0] ?? 0, [control, run, ...h.apiKeys])
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return t.skip(`The kernel does not let this user read the memory of another process here (${code}), so this was not looked at.`)
  }
  assert.ok(search.bytes > 20_000_000, `${search.bytes} bytes were looked through`)
  assert.deepEqual([...search.found].toSorted(), [control, run].toSorted())
})

test('neither its environment nor its open files lead to a credential, or to anything at all', async () => {
  await reached.promise
  const [pid = 0] = cellsOf(process.pid)
  const { environment, files } = surroundingsOf(pid)
  assert.equal(environment, '')
  const odd = files.filter((file) => !/^(socket:|pipe:|anon_inode:|\/dev\/null$)/.test(file))
  assert.deepEqual(odd, [], 'it holds no open file but its channel, its error output and what the runtime waits on')
})

test('the upstreams were asked with the credentials all the same', async () => {
  await reached.promise
  const asked = [...h.upstreams.staging.accounts.requests, ...h.upstreams.staging.payments.requests]
  assert.ok(asked.length >= 10)
  for (const { headers } of asked) assert.ok(h.apiKeys.includes(headers['x-api-key'] ?? ''))
  assert.equal(
    h.upstreams.production.accounts.requests.length + h.upstreams.production.payments.requests.length,
    0,
    'production heard of nothing',
  )
})

test('what the run wrote, its tape, the logs and every row of the database hold none of them in the clear', async () => {
  release.resolve()
  const ended = await closed(h, run)
  assert.equal(ended.outcome, 'succeeded', 'what it tried and may not was refused, and the rest was done')
  const [artifact] = await rowsOf(h.twinlock, 'select manifest from artifact where run_id = $1', [run])
  const { files } = artifactManifest.parse(artifact?.manifest)
  assert.ok(files.length >= 3)
  const written = await Promise.all(
    files.map(async ({ digest }) => Buffer.from(await h.twinlock.outside.blobs.get(digest as Digest)).toString('latin1')),
  ) // the schema holds digests to their form
  const rows: string[] = []
  await asSuperuser(h.twinlock, async (client) => {
    for (const table of await tablesOf(h.twinlock))
      rows.push(...(await client.query(`select t::text as text from "${table}" t`)).rows.map((row) => String(row.text)))
  })
  const everything = [...written, ...rows, ...h.lines].join('\n')
  assert.ok(everything.includes(control), 'the search sees what is there')
  for (const key of h.apiKeys) {
    assert.equal(everything.includes(key), false)
    assert.equal(everything.includes(Buffer.from(key).toString('base64').slice(0, -4)), false)
    assert.equal(everything.includes(Buffer.from(key).toString('hex')), false, 'also not as bytes that PostgreSQL prints')
  }
})
