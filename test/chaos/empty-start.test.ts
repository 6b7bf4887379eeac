// `start --empty`: whatever it was cut off at, the next start does what is left, once, and somebody can sign in as the administrator.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { linksFor, type Step, setUpBare } from '../../src/app/index.ts'
import { throwAwayFolder } from '../../src/host/postgres/throw-away-folder.ts'
import { newId } from '../../src/kernel/index.ts'
import { actWith, asPart } from '../harness/acting.ts'
import { rowsOf } from '../harness/database.ts'
import { freePort } from '../harness/free-port.ts'
import { until } from '../harness/signed-in.ts'
import { openEmpty } from '../harness/twinlock.ts'

describe('setting up an empty deployment', () => {
  let opened: Awaited<ReturnType<typeof openEmpty>>
  let failing: Step | undefined
  before(async () => {
    const watch = (step: Step) => {
      if (step !== failing) return
      failing = undefined
      throw new Error(`cut off at ${step}`)
    }
    opened = await openEmpty({ watch })
  })
  after(() => opened.close())

  for (const action of ['organization:create', 'person:create', 'grant:create'] as const) {
    for (const moment of ['recorded', 'committed'] as const) {
      it(`goes on after it was cut off at ${action}/${moment}, and makes nothing twice`, async () => {
        const { twinlock } = opened
        const org = newId('org', twinlock.outside)
        failing = `${action}/${moment}`
        await assert.rejects(setUpBare(twinlock.door, twinlock.outside, org))
        const bare = await setUpBare(twinlock.door, twinlock.outside, org)
        assert.deepEqual(await setUpBare(twinlock.door, twinlock.outside, org), bare, 'done again, it changes nothing')
        const [counted] = await rowsOf(
          twinlock,
          `select (select count(*) from organization where org_id = $1) as organizations, (select count(*) from person where org_id = $1) as people,
             (select count(*) from "grant" where org_id = $1) as grants`,
          [org],
        )
        assert.deepEqual(Object.values(counted ?? {}).map(Number), [1, 1, 1])
        const { admin = '' } = await linksFor(twinlock.door, bare)
        const session = await actWith(twinlock.door, { kind: 'link', token: admin })('session:create')
        assert.ok(session.token)
        await asPart(twinlock.door, org, 'starter')('person:create', { slug: 'second', name: 'Second', email: 'second@main.example' })
      })
    }
  }
})

const root = join(import.meta.dirname, '..', '..')

describe('twinlock start --empty, for real', { timeout: 280_000 }, () => {
  it('was killed as soon as it had named its organization; started again, it leaves a link that opens a session', async () => {
    const folder = throwAwayFolder()
    const data = join(folder, 'data')
    const port = await freePort()
    const children: ChildProcess[] = []
    const begin = () => {
      const env = { ...process.env, TWINLOCK_DATA: data, TWINLOCK_KEYS: join(folder, 'keys') }
      const child = spawn(process.execPath, [join(root, 'bin', 'twinlock.mjs'), 'start', '--empty', '--port', String(port)], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      children.push(child)
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      return { child, ended, said: () => said }
    }
    const comes = (what: string, look: () => boolean, said: () => string) =>
      until(what, async () => look()).catch((error: unknown) => assert.fail(`${error}\n${said()}`))
    const links = join(data, 'starter', 'links.json')
    try {
      const first = begin()
      await comes('the first start names its organization', () => existsSync(join(data, 'starter', 'starter.json')), first.said)
      first.child.kill('SIGKILL')
      await first.ended
      const second = begin()
      await comes('the second start leaves links', () => existsSync(links), second.said)
      const { admin } = JSON.parse(readFileSync(links, 'utf8')) as { admin: string } // written by the command
      const answer = await fetch(`http://127.0.0.1:${port}/v1/sessions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${admin.split('#')[1]}`, 'content-type': 'application/json' },
        body: '{}',
      })
      assert.equal(answer.status, 200, await answer.text())
      second.child.kill('SIGINT')
      await second.ended
    } finally {
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
