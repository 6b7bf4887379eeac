import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadScenario } from '../scenarios/load-scenario.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Loads the engine, then gives up all files, and drives what it was handed in. */
const program = `
const { createSimulation } = await import(process.argv[1] + 'engine/run/simulation.ts')
const { inputOfScenario } = await import(process.argv[1] + 'engine/scenarios/scenario.ts')
const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const simulation = await createSimulation(inputOfScenario(JSON.parse(Buffer.concat(chunks).toString())))
const verdict = await simulation.run()
process.stdout.write(JSON.stringify({ passed: verdict.passed, digest: simulation.digest(), mayWrite: process.permission.has('fs.write'), mayNet: process.permission.has('net') }))
`

test('a run needs only what it is handed in: no file to write, no network, no child process, no worker', () => {
  const args = [
    '--permission',
    `--allow-fs-read=${root}engine`,
    `--allow-fs-read=${root}node_modules`,
    `--allow-fs-read=${root}package.json`,
    '--input-type=module',
    '-e',
    program,
    root,
  ]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    input: JSON.stringify(loadScenario('small-drive')),
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  const answer: unknown = JSON.parse(stdout)
  assert.ok(typeof answer === 'object' && answer !== null)
  assert.deepEqual({ ...answer, digest: '' }, { passed: true, digest: '', mayWrite: false, mayNet: false })
})
