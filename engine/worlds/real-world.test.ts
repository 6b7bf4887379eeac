import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cell, cellAt } from '../control/occupancy-grid.ts'
import { folderSource } from '../formats/folder-source.ts'
import { turtlebotDrive } from '../formats/robot-of-urdf.ts'
import { createSimulation } from '../run/simulation.ts'
import { type ImportedWorld, importWorld } from './import-world.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const folders = [`${data}aws-small-warehouse`, `${data}turtlebot3`] as const
const isThere = folders.every((folder) => existsSync(folder))
const absent = 'the real inputs ../shared/data/aws-small-warehouse and ../shared/data/turtlebot3 are not beside the project'

const load = (seed: number): Promise<ImportedWorld> =>
  importWorld({ world: folderSource(folders[0]), robot: { files: folderSource(folders[1]), drive: turtlebotDrive }, goals: 2, seed })

test('the real warehouse loads: 25 models with collision meshes in metres, and every gap named', async (t) => {
  if (!isThere) return t.skip(absent)
  const { input, warnings } = await load(1)
  assert.equal(input.scene.bodies.length, 25)
  const shelf = input.scene.bodies.find(({ name }) => name.includes('ShelfF'))
  const shape = shelf?.colliders[0]?.shape
  assert.ok(shape?.kind === 'mesh')
  const highest = shape.positions.reduce((most, value, i) => (i % 3 === 2 ? Math.max(most, value) : most), 0)
  assert.ok(Math.abs(highest - 6.5294) < 1e-3, `the shelf is ${highest} m high`)
  for (const missing of ['RoofB', 'DeskC'])
    assert.ok(warnings.some(({ code, message }) => code === 'commented-include' && message.includes(missing)))
  assert.equal(warnings.filter(({ code, where }) => code === 'missing-visual' && where.startsWith('models/')).length, 12)
})

test('the real map is laid over the real world, though its file names another picture in another frame', async (t) => {
  if (!isThere) return t.skip(absent)
  const { registration, warnings } = await load(1)
  assert.ok(registration !== null && registration.agreement > 0.6, `agreement ${registration?.agreement}`)
  assert.ok(Math.abs(registration.yaw + Math.PI / 2) < 0.08, `turned by ${registration.yaw}`)
  assert.ok(warnings.some(({ code, message }) => code === 'ignored-file' && message.includes('map_rotated.png')))
})

test('the real robot drives through the real warehouse to goals from the free cells of its map', async (t) => {
  if (!isThere) return t.skip(absent)
  const { input } = await load(4)
  for (const goal of input.goals) assert.equal(input.map.cells[cellAt(input.map, goal.x, goal.y)], cell.free)
  const assertions = [
    { kind: 'reaches-goals' },
    { kind: 'touches-nothing' },
    { kind: 'within-seconds', seconds: 400 },
    { kind: 'stays-localised', metres: 0.4 },
  ] as const
  const simulation = await createSimulation({ ...input, seed: 4, assertions, stepNs: 20_000_000 })
  const verdict = await simulation.run()
  simulation.free()
  assert.equal(verdict.passed, true, verdict.reason)
  assert.ok(verdict.measures.distance > 5)
})
