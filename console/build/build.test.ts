// The build: once for a tree, whole whatever runs beside it, and silent unless it fails.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

const folder = mkdtempSync(join(tmpdir(), 'twinlock-console-build-'))
const out = join(folder, 'console')
const script = join(import.meta.dirname, 'build.ts')
const build = (to: string) => promisify(execFile)(process.execPath, [script, '--out', to])
after(() => rmSync(folder, { recursive: true, force: true }))

test('two builds at once leave one whole console, and say nothing', async () => {
  const both = await Promise.all([build(out), build(out)])
  for (const { stdout, stderr } of both) assert.equal(stdout + stderr, '')
  assert.deepEqual(readdirSync(folder), ['console'])
  const page = readFileSync(join(out, 'index.html'), 'utf8')
  const assets = [...page.matchAll(/\/console\/(assets\/[^"]+)/g)].map(([, path]) => path ?? '')
  assert.ok(assets.some((path) => path.endsWith('.js')) && assets.some((path) => path.endsWith('.css')))
  for (const path of assets.filter((one) => /\.(js|css)$/.test(one))) {
    const content = readFileSync(join(out, path))
    assert.deepEqual(brotliDecompressSync(readFileSync(join(out, `${path}.br`))), content)
    assert.deepEqual(gunzipSync(readFileSync(join(out, `${path}.gz`))), content)
  }
})

test('what is served has no inline script or style, and makes no markup from text', () => {
  const page = readFileSync(join(out, 'index.html'), 'utf8')
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\son\w+=|style=/i)
  const scripts = readdirSync(join(out, 'assets')).filter((name) => name.endsWith('.js'))
  for (const name of scripts) {
    const text = readFileSync(join(out, 'assets', name), 'utf8')
    assert.doesNotMatch(text, /Log\.innerHTML=|\beval\(|new Function\(|createElement\(`script`\)\.text/, name)
  }
})

test('no script waits for itself, however long the way round', () => {
  const assets = join(out, 'assets')
  const names = readdirSync(assets).filter((name) => name.endsWith('.js'))
  const needs = new Map(
    names.map((name) => {
      const text = readFileSync(join(assets, name), 'utf8')
      return [name, [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, needed]) => needed ?? '')]
    }),
  )
  const done = new Set<string>()
  const visit = (name: string, way: readonly string[]): void => {
    assert.ok(!way.includes(name), [...way, name].join(' needs '))
    if (done.has(name)) return
    for (const needed of needs.get(name) ?? []) visit(needed, [...way, name])
    done.add(name)
  }
  for (const name of names) visit(name, [])
  assert.ok([...needs.values()].some((all) => all.length > 0))
})

test('an unchanged tree builds nothing', async () => {
  const before = statSync(join(out, 'index.html')).mtimeMs
  await build(out)
  assert.equal(statSync(join(out, 'index.html')).mtimeMs, before)
})

test('a build that fails says why in a text, and leaves nothing behind', async () => {
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(build(join(folder, 'file', 'console')), (error: Error & { code?: number; stderr?: string }) => {
    assert.equal(error.code, 1)
    assert.match(error.stderr ?? '', /^The console could not be built: .+\n$/)
    return true
  })
  assert.deepEqual(readdirSync(folder).sort(), ['console', 'file'])
})
