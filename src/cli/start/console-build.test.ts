// The build of the console, with scripts in its place that succeed, fail, talk and never end.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startConsoleBuild, withConsole } from './console-build.ts'

const root = mkdtempSync(join(tmpdir(), 'twinlock-build-'))
after(() => rmSync(root, { recursive: true, force: true }))

let clones = 0
function cloneWith(script: string | undefined): string {
  const clone = join(root, String(clones++))
  mkdirSync(join(clone, 'console', 'build'), { recursive: true })
  if (script !== undefined) writeFileSync(join(clone, 'console', 'build', 'build.ts'), script)
  return clone
}

const builds = `import { mkdirSync, writeFileSync } from 'node:fs'
mkdirSync('dist/console', { recursive: true })
writeFileSync('dist/console/index.html', 'built')`

async function linesOf(clone: string, msMax?: number): Promise<{ lines: readonly string[]; warned: string[] }> {
  const warned: string[] = []
  const lines = await withConsole(startConsoleBuild(clone, msMax), ['running', 'more'], 'http://127.0.0.1:1', (line) => warned.push(line))
  return { lines, warned }
}

test('a console that was built is named under the first line', async () => {
  const { lines, warned } = await linesOf(cloneWith(builds))
  assert.deepEqual([lines[0], lines[2], lines.length, warned], ['running', 'more', 3, []])
  assert.match(lines[1] ?? '', /http:\/\/127\.0\.0\.1:1\/console\//)
})

test('a build that fails is a warning with its text, and never a failed start', async () => {
  const { lines, warned } = await linesOf(cloneWith(`process.stderr.write('main.tsx: there is a comma too much'); process.exitCode = 1`))
  assert.deepEqual(lines, ['running', 'more'])
  assert.match(warned.join(), /not built.*\n.*a comma too much/)
})

test('a build that fails leaves the one before it to be served', async () => {
  const { lines, warned } = await linesOf(cloneWith(`${builds}\nprocess.exit(3)`))
  assert.equal(lines.length, 3)
  assert.match(warned.join(), /built before is served[\s\S]*It ended with 3/)
})

test('a build that talks without end, or never ends, is cut', async () => {
  const talking = await linesOf(cloneWith(`process.stderr.write('x'.repeat(200_000)); process.exitCode = 1`))
  assert.ok(talking.warned.join().length < 21_000)
  const endless = await linesOf(cloneWith('setInterval(() => undefined, 1000)'), 200)
  assert.match(endless.warned.join(), /longer than 0\.2 s/)
})

test('without sources nothing is built, and what is there is served', async () => {
  const bare = await linesOf(cloneWith(undefined))
  assert.deepEqual([bare.lines, bare.warned], [['running', 'more'], []])
  const packed = cloneWith(undefined)
  mkdirSync(join(packed, 'dist', 'console'), { recursive: true })
  writeFileSync(join(packed, 'dist', 'console', 'index.html'), 'packed')
  assert.equal((await linesOf(packed)).lines.length, 3)
})

test('a start that is stopped stops the build, and does not call that a failure', async () => {
  const build = startConsoleBuild(cloneWith('setInterval(() => undefined, 1000)'))
  await build.stop()
  assert.equal(await build.settled, undefined)
  await build.stop()
})
