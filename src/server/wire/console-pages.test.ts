// The console's files over a real socket, from a folder with hostile neighbours.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createServer } from '../create-server.ts'
import { fakeDoor, fakeParts } from '../fixtures/fake-door.ts'
import { rawRequest } from '../fixtures/raw-request.ts'
import { formFor } from './console-files.ts'
import { consolePolicy, elsewhere } from './console-pages.ts'

const closing: (() => Promise<void>)[] = []
const root = mkdtempSync(join(tmpdir(), 'twinlock-console-'))
const folder = join(root, 'console')
const index = '<!doctype html><title>Twinlock</title><script type="module" src="/console/assets/app-1.js"></script>'
const script = `console.log(${JSON.stringify('x'.repeat(5_000))})`
const secret = 'what nobody may read'

async function serve(consoleFolder?: string): Promise<number> {
  const server = createServer(fakeParts(fakeDoor(), consoleFolder === undefined ? {} : { consoleFolder }))
  closing.push(() => server.close())
  return (await server.listen()).port
}

let port: number
before(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(root, 'secret.txt'), secret)
  writeFileSync(join(folder, 'index.html'), index)
  writeFileSync(join(folder, '.stamp'), secret)
  writeFileSync(join(folder, 'assets', 'app-1.js'), script)
  writeFileSync(join(folder, 'assets', 'app-1.js.br'), 'brotli bytes')
  writeFileSync(join(folder, 'assets', 'app-1.js.gz'), gzipSync(script))
  writeFileSync(join(folder, 'assets', 'late.css'), `a{}${' '.repeat(5_000)}`)
  writeFileSync(join(folder, 'assets', 'picture.png'), new Uint8Array([137, 80, 78, 71]))
  writeFileSync(join(folder, 'assets', 'odd.xyz'), '<script>')
  symlinkSync(join(root, 'secret.txt'), join(folder, 'assets', 'link.txt'))
  symlinkSync(root, join(folder, 'assets', 'up'))
  port = await serve(folder)
})
after(async () => {
  for (const close of closing) await close()
  rmSync(root, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'accept-encoding': 'identity', ...headers }, redirect: 'manual' })

/** Asks for a path as it stands, which no well-behaved client would send, and answers what came back. */
const asItStands = (path: string) => rawRequest(port, `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)

describe('the console', () => {
  it('is the same page for every path of its own and for one-time links', async () => {
    for (const path of ['/console/', '/console/runs/run_1?at=3', '/console/a/b/c', '/login', '/console/index.html']) {
      const answer = await get(path)
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/html; charset=utf-8'], path)
      assert.equal(await answer.text(), index)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
    }
  })

  it('is where the bare address leads to', async () => {
    const [home, bare] = [await get('/'), await get('/console')]
    assert.deepEqual([home.status, home.headers.get('location')], [302, '/console/'])
    assert.deepEqual([bare.status, bare.headers.get('location')], [308, '/console/'])
  })

  it('runs script of its own files alone, and cannot be framed or fed', async () => {
    const answer = await get('/console/')
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.equal(policy, consolePolicy)
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
      assert.ok(policy.split('; ').includes(rule), rule)
    assert.match(policy, /require-trusted-types-for 'script'; trusted-types/)
    assert.doesNotMatch(policy, /unsafe|\*|https?:|nonce|strict-dynamic|sandbox/)
    assert.equal(answer.headers.get('x-frame-options'), 'DENY')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  })

  it('leaves every other answer under the policy that runs nothing', async () => {
    for (const path of ['/healthz', '/openapi.json', '/problems/denied', '/v1/robots', '/console/assets/nothing.js', '/nothing', '/'])
      assert.match(
        (await get(path)).headers.get('content-security-policy') ?? '',
        /^default-src 'none'; frame-ancestors 'none'; sandbox$/,
        path,
      )
  })

  it('sends assets in the smallest form that is accepted, to be kept for ever', async () => {
    const asset = '/console/assets/app-1.js'
    const plain = await get(asset)
    assert.deepEqual([plain.headers.get('content-type'), plain.headers.get('content-encoding')], ['text/javascript; charset=utf-8', null])
    assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(plain.headers.get('vary'), 'accept-encoding')
    assert.equal(await plain.text(), script)
    const zipped = await get(asset, { 'accept-encoding': 'gzip' })
    assert.deepEqual([zipped.headers.get('content-encoding'), await zipped.text()], ['gzip', script])
    const small = await rawRequest(port, `GET ${asset} HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip, br\r\nconnection: close\r\n\r\n`)
    assert.match(small.head, /content-encoding: br/i)
    assert.equal(small.body, 'brotli bytes')
  })

  it('makes the small form itself where the build left none, and leaves pictures as they are', async () => {
    const late = await get('/console/assets/late.css', { 'accept-encoding': 'br, gzip' })
    assert.deepEqual([late.headers.get('content-encoding'), late.headers.get('content-type')], ['gzip', 'text/css; charset=utf-8'])
    assert.match(await late.text(), /^a\{\}/)
    const picture = await get('/console/assets/picture.png', { 'accept-encoding': 'gzip' })
    assert.deepEqual([picture.headers.get('content-encoding'), picture.headers.get('content-type')], [null, 'image/png'])
  })

  it('never lets a browser guess what an unknown file is', async () => {
    assert.equal((await get('/console/assets/odd.xyz')).headers.get('content-type'), 'application/octet-stream')
  })

  it('takes no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD'])
      assert.equal((await fetch(`http://127.0.0.1:${port}/console/assets/app-1.js`, { method })).status, 405)
  })
})

describe('a hostile path', () => {
  const climbing = ['..', '%2e%2e', '%2E%2E', '..%2f..', '..\\..', '%5c..%5c..', '....//....', '%252e%252e', '..;', '%c0%ae%c0%ae', '.%00.']
  it('never leads out of the folder', async () => {
    for (const climb of climbing)
      for (const path of [
        `/console/${climb}/secret.txt`,
        `/console/assets/${climb}/${climb}/secret.txt`,
        `/console/assets/${climb}/.stamp`,
      ]) {
        const answer = await asItStands(path)
        assert.doesNotMatch(answer.body, /nobody may read/, path)
        assert.ok(answer.status < 500, `${path}: ${answer.status}`)
      }
  })

  it('finds no link, no file of the build’s own, no compressed form by its name and nothing of an object’s', async () => {
    for (const name of [
      'link.txt',
      'up/secret.txt',
      'up/console/index.html',
      '../.stamp',
      'app-1.js.br',
      'app-1.js.gz',
      '',
      '__proto__',
      'constructor',
      'app-1.js/',
      'APP-1.js',
      'app-1.js%00.css',
    ])
      assert.equal((await asItStands(`/console/assets/${name}`)).status, 404, name)
    assert.equal((await asItStands('/console/.stamp')).body, index)
    assert.equal((await asItStands('/console/__proto__')).body, index)
  })

  it('that is absolute, or not even a path, is refused', async () => {
    for (const path of [
      '/console//etc/passwd',
      '/console///secret.txt',
      '/console/assets//etc/passwd',
      `/console${join(root, 'secret.txt')}`,
    ])
      assert.doesNotMatch((await asItStands(path)).body, /nobody may read|root:/, path)
    assert.equal((await asItStands('/console/%zz')).status, 400)
  })
})

describe('a server', () => {
  it('whose console is not built says what to do, and its API works', async () => {
    for (const bare of [await serve(), await serve(join(root, 'nowhere'))]) {
      const answer = await fetch(`http://127.0.0.1:${bare}/console/runs`)
      assert.equal(answer.status, 503)
      assert.match(await answer.text(), /node console\/build\/build\.ts/)
      assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
      assert.equal((await fetch(`http://127.0.0.1:${bare}/console/assets/app-1.js`)).status, 404)
      assert.equal((await fetch(`http://127.0.0.1:${bare}/healthz`)).status, 200)
    }
  })

  it('serves a newer build as soon as it is in place, and the one before it until then', async () => {
    const [place, fresh] = [join(root, 'moving'), join(root, 'fresh')]
    mkdirSync(place)
    writeFileSync(join(place, 'index.html'), 'first')
    const moving = await serve(place)
    const page = async () => (await fetch(`http://127.0.0.1:${moving}/console/`)).text()
    assert.equal(await page(), 'first')
    renameSync(place, join(root, 'aside'))
    assert.equal(await page(), 'first')
    mkdirSync(fresh)
    writeFileSync(join(fresh, 'index.html'), 'second')
    renameSync(fresh, place)
    assert.equal(await page(), 'second')
  })
})

it('a page asked for under another name of this machine is found where sessions are; other hosts are left alone', () => {
  const base = 'http://127.0.0.1:8484'
  assert.equal(elsewhere('localhost:8484', base), base)
  assert.equal(elsewhere('[::1]:8484', base), base)
  for (const host of ['127.0.0.1:8484', 'localhost:9999', 'localhost', 'evil.example:8484', undefined, 'a b', ''])
    assert.equal(elsewhere(host, base), undefined, String(host))
  assert.equal(elsewhere('localhost:8484', 'http://twinlock.example:8484'), undefined)
})

it('a coding that a client weighs with nothing is not sent', () => {
  const file = {
    type: 'text/css',
    bytes: Buffer.from('a'),
    smaller: [
      { coding: 'br' as const, bytes: Buffer.from('b') },
      { coding: 'gzip' as const, bytes: gzipSync('a') },
    ],
  }
  assert.equal(formFor(file, 'br;q=0, gzip;q=0.5').coding, 'gzip')
  assert.equal(formFor(file, 'gzip;q=0.0, br; q=0').coding, undefined)
  assert.equal(formFor(file, undefined).coding, undefined)
  assert.equal(gunzipSync(formFor(file, 'GZIP').bytes).toString(), 'a')
})
