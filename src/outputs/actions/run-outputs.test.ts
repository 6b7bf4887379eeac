// A run's files through the door while it lives: what is there, what each holds, and who may not see them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt } from '../../../test/harness/acting.ts'
import { closed, type LiveRun, liveRun } from '../../../test/harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, signInAs } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'

describe('the files of a run', () => {
  let h: Harness
  let operator: SignedIn
  let run: LiveRun

  before(async () => {
    h = await openStarter({ runsMax: 0 })
    operator = await signIn(h, 'operator')
    run = await liveRun(h)
    for (const name of ['b.txt', 'live/a.svg', 'c.txt']) await run.write(name, `<svg onload="alert(1)">${name}</svg>`)
  })
  after(() => h.close())

  const list = (filters: object = {}) => operator.act('run:outputs', { run: run.id, ...filters })
  const paths = (answer: unknown) => listAt(answer, 'items').map((file) => at(file, 'path'))

  it('are listed while it lives, in the order in which they were written, from any place', async () => {
    const all = await list()
    assert.deepEqual([paths(all), all.next], [['b.txt', 'live/a.svg', 'c.txt'], null])
    assert.partialDeepStrictEqual(listAt(all, 'items')[0], { number: 1, mediaType: 'text/plain', bytes: 34 })
    const page = await list({ limit: 1, after: 1 })
    assert.deepEqual([paths(page), page.next], [['live/a.svg'], 2])
  })

  it('are read one by one, with their digest, as bytes in JSON and nothing that a browser runs', async () => {
    const file = await operator.act('run:output', { run: run.id, path: 'live/a.svg' })
    assert.equal(Buffer.from(String(file.content), 'base64').toString(), '<svg onload="alert(1)">live/a.svg</svg>')
    assert.equal(file.digest, at(listAt(await list(), 'items')[1], 'digest'))
  })

  it('cannot be reached by a path that the run has not written', async () => {
    for (const path of ['../b.txt', '/b.txt', 'live/../b.txt', 'B.TXT', 'b.txt\u0000', '%', 'x'.repeat(300)])
      await refused(operator.act('run:output', { run: run.id, path }), /^(not_found|invalid)$/)
  })

  it('are shown to nobody without the role, without the clearance, or of another organization', async () => {
    const deployer = await newPerson(h, 'no-files', 'deployer')
    const act = asSystem(h, 'starter')
    const person = String((await act('person:create', { slug: 'low', name: 'Low', email: 'low@people.example', clearance: 'public' })).id)
    await grant(h, person, 'observer')
    const low = await signInAs(h.twinlock.door, h.starter.org, person)
    const stranger = await newPerson(await strangerBeside(h), 'stranger', 'observer')
    for (const [who, code] of [
      [deployer, 'denied'],
      [low, 'denied'],
      [stranger, 'not_found'],
    ] as const) {
      await refused(who.act('run:outputs', { run: run.id }), code)
      await refused(who.act('run:output', { run: run.id, path: 'b.txt' }), code)
    }
  })

  it('are still there when the run is sealed', async () => {
    await run.end('succeeded')
    await closed(h, run.id)
    assert.equal(paths(await list()).length, 3)
  })
})
