// The product from its bundle, beside the product from its sources: a whole copy of the clone, bundled, and started as a person does it.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { throwAwayFolder } from '../../src/host/postgres/throw-away-folder.ts'
import { freePort } from '../harness/free-port.ts'
import { until } from '../harness/signed-in.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = throwAwayFolder()
const clone = join(folder, 'clone')
const bin = join(clone, 'bin', 'twinlock.mjs')
after(() => rmSync(folder, { recursive: true, force: true }))

/** Copies what a start needs, the packages as links. There are no sources of the console, so none is built. */
function copyClone(): void {
  for (const part of ['bin', 'scripts', 'src', 'sdk', 'twins', 'engine', 'package.json', 'package-lock.json'])
    cpSync(join(root, part), join(clone, part), { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
  mkdirSync(join(clone, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules')).filter((one) => !one.startsWith('.')))
    symlinkSync(join(root, 'node_modules', name), join(clone, 'node_modules', name))
}

// Says of each module that it is loaded.
const telling = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { if (!url.startsWith('node:')) process.stderr.write('loaded ' + url + '\\n'); return next(url, context) } })`
const flags = ['--import', `data:text/javascript,${encodeURIComponent(telling)}`]

const help = (command: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, command, '--help'], { encoding: 'utf8' })
  return { status, stdout, loaded: stderr.split('\n').filter((line) => line.startsWith('loaded file:')) }
}

describe('the product from its bundle', { timeout: 280_000 }, () => {
  before(() => {
    copyClone()
    const { status, stderr } = spawnSync(process.execPath, [join(clone, 'scripts', 'bundle.mjs')], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  })

  it('says what the sources say, and loads none of them', () => {
    const [bundled, plain] = [help(bin), help(join(root, 'bin', 'twinlock.mjs'))]
    assert.deepEqual([bundled.status, bundled.stdout], [plain.status, plain.stdout])
    assert.match(bundled.loaded.join('\n'), /dist\/server\/\w+\/main\.mjs/)
    assert.deepEqual(
      bundled.loaded.filter((line) => /clone\/(src|twins|engine|sdk)\//.test(line)),
      [],
    )
  })

  it('serves the same API over a database of its own, lets its administrator in, and stops in order', async () => {
    const data = join(folder, 'data')
    const port = await freePort()
    const child = spawn(process.execPath, [bin, 'start', '--empty', '--port', String(port)], {
      env: { ...process.env, TWINLOCK_DATA: data, TWINLOCK_KEYS: join(folder, 'keys'), TWINLOCK_DATABASE_URL: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const links = join(data, 'starter', 'links.json')
    try {
      await until('the start leaves links', async () => child.exitCode !== null || existsSync(links)).catch((error: unknown) =>
        assert.fail(`${error}\n${said}`),
      )
      assert.equal(child.exitCode, null, said)
      const at = `http://127.0.0.1:${port}`
      const api = (await (await fetch(`${at}/openapi.json`)).text()).replaceAll(at, 'http://127.0.0.1:8484')
      assert.deepEqual(JSON.parse(api), JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8')))
      const { admin } = JSON.parse(readFileSync(links, 'utf8')) as { admin: string } // written by the command
      const answer = await fetch(`${at}/v1/sessions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${admin.split('#')[1]}`, 'content-type': 'application/json' },
        body: '{}',
      })
      assert.equal(answer.status, 200, await answer.text())
      child.kill('SIGINT')
      assert.equal(await ended, 0, said)
    } finally {
      child.kill('SIGKILL')
    }
  })
})
