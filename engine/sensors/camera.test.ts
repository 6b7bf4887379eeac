import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { fromPlanar, type Transform } from '../math/transform.ts'
import { classIdOf, initialPoses, type Scene } from '../scene/scene.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { Camera, type CameraSpec, usualCamera } from './camera.ts'
import { prepareLighting } from './camera-render.ts'
import { cube, floor, sceneOf, type Thing } from './scene-for-tests.ts'
import { SolidWorld } from './solid-world.ts'
import { intrinsicsFromFov, viewFromSensor } from './view.ts'
import { buildVisualWorld, placeBodies } from './visual-world.ts'

const spec: CameraSpec = { ...usualCamera, intrinsics: intrinsicsFromFov(160, 120, 1.2), shadows: false }
const level = fromPlanar(0, 0, 0)

function look(scene: Scene, mount: Transform = level, changes: Partial<CameraSpec> = {}) {
  const world = buildVisualWorld(scene)
  placeBodies(world, initialPoses(scene).poses)
  const camera = new Camera(world, { ...spec, ...changes }, createRandom(4))
  const frame = camera.look(0, mount)
  return { camera, frame, labels: camera.label(frame, 1), world }
}

test('a cube in the open is labelled with nothing hidden, and its box and depth are where geometry says', () => {
  const { frame, labels } = look(sceneOf([cube(5, 4, 0, 0, 1)]))
  const [label] = labels
  assert.equal(labels.length, 1)
  assert.deepEqual([label?.instanceId, label?.classId, label?.occlusion, label?.truncation], [5, classIdOf('box'), 0, 0])
  // The near face is 3.5 m away and one metre wide.
  const wide = frame.view.fx / 3.5
  const [left = 0, , width = 0, height = 0] = label?.box ?? []
  assert.ok(Math.abs(width - wide) <= 1 && Math.abs(height - wide) <= 1 && Math.abs(left - (80 - wide / 2)) <= 1)
  assert.ok(Math.abs((frame.depth[60 * 160 + 80] ?? 0) - 3.5) < 1e-6)
  assert.deepEqual(label?.box3d.size, [1, 1, 1])
  assert.deepEqual(
    label?.box3d.centre.map((value) => Math.round(value * 1e9)),
    [0, 0, 4e9],
  )
})

test('the three-dimensional box of a turned body turns with it', () => {
  const { labels } = look(sceneOf([cube(5, 4, 0, 0, 1, Math.PI / 6)]))
  const axes = labels[0]?.box3d.axes ?? []
  // The body's x, seen by the camera: mostly ahead (z), a little to the left (-x).
  assert.ok(Math.abs((axes[2] ?? 0) - Math.cos(Math.PI / 6)) < 1e-12 && Math.abs((axes[0] ?? 0) + 0.5) < 1e-12)
  assert.deepEqual(labels[0]?.box3d.size, [1, 1, 1])
})

test('a body behind another is hidden by exactly the pixels that the other takes from it', () => {
  const alone = look(sceneOf([cube(2, 6, 0, 0, 1)])).labels[0]
  const { labels } = look(sceneOf([cube(2, 6, 0, 0, 1), cube(3, 3, 0.4, 0, 0.5)]))
  const behind = labels.find(({ instanceId }) => instanceId === 2)
  assert.ok(behind && alone && behind.visiblePixels < alone.visiblePixels)
  assert.equal(behind.occlusion, 1 - behind.visiblePixels / alone.visiblePixels)
  assert.equal(labels.find(({ instanceId }) => instanceId === 3)?.occlusion, 0)
  assert.equal(
    look(sceneOf([cube(2, 6, 0, 0, 1), cube(3, 3, 0, 0, 2)])).labels.some(({ instanceId }) => instanceId === 2),
    false,
  )
})

test('a body half beyond the edge is truncated by half', () => {
  // The edge of the picture at 4 m lies at 4 × 80 / fx to the side; the cube is flat, so that nothing but its face is seen.
  const side = (4 * 80) / spec.intrinsics.fx
  const flat: Thing = { ...cube(2, 4, side, 0, 1), shape: { kind: 'box', size: { x: 0.0001, y: 1, z: 1 } } }
  const [label] = look(sceneOf([flat])).labels
  assert.ok(Math.abs((label?.truncation ?? 0) - 0.5) < 0.03, `${label?.truncation}`)
  assert.equal(label?.occlusion, 0)
})

test('every pixel of depth is the distance that a ray finds, and every mask pixel the body that it meets', () => {
  const scene = sceneOf([
    floor,
    cube(2, 4, 1, 0.5, 1, 0.3),
    cube(3, 6, -1, 0.7, 1.4, 1.1),
    {
      id: 4,
      shape: { kind: 'mesh', positions: Float32Array.of(3, -2, 0, 5, -2.5, 0, 4, -1, 2), indices: Uint32Array.of(0, 2, 1) },
      pose: level,
    },
  ])
  const mount = { ...fromPlanar(0, 0, 0.05, 1), rotation: fromPlanar(0, 0, 0.05).rotation }
  const { frame } = look(scene, mount)
  const rays = new SolidWorld(scene)
  rays.from(0, 0, 1)
  const { rotation: m, fx, fy, cx, cy } = frame.view
  let compared = 0
  let apart = 0
  for (let y = 0; y < 120; y++) {
    for (let x = 0; x < 160; x++) {
      const [rx, ry] = [(x + 0.5 - cx) / fx, (y + 0.5 - cy) / fy]
      const way = [0, 1, 2].map((k) => (m[k] ?? 0) * rx + (m[3 + k] ?? 0) * ry + (m[6 + k] ?? 0))
      const length = Math.sqrt(rx * rx + ry * ry + 1)
      const metres = rays.cast(
        Float64Array.from(way, (value) => value / length),
        0,
        15,
        -1,
      )
      if (rays.hitBody < 0) continue
      compared++
      const sameBody = scene.bodies[rays.hitBody]?.id === frame.instances[y * 160 + x]
      if (!sameBody || Math.abs((frame.depth[y * 160 + x] ?? 0) * length - metres) > 1e-5 * metres) apart++
    }
  }
  // A ray through an edge may fall to either side.
  assert.ok(compared > 9000 && apart <= 5, `${apart} of ${compared} pixels differ`)
})

test('faces that share an edge leave no pixel between them', () => {
  // A wall of 400 slanted triangles that fills the view; whatever shines through would have no instance.
  const positions: number[] = []
  const indices: number[] = []
  const random = createRandom(8)
  for (let j = 0; j <= 10; j++) {
    for (let i = 0; i <= 20; i++) {
      const edge = i === 0 || j === 0 || i === 20 || j === 10
      const wiggle = (): number => (edge ? 0 : random.between(-0.2, 0.2))
      positions.push(3 + wiggle(), (i - 10) * 0.6 + wiggle(), (j - 5) * 0.8 + wiggle())
    }
  }
  for (let j = 0; j < 10; j++) {
    for (let i = 0; i < 20; i++) {
      const a = j * 21 + i
      indices.push(a, a + 22, a + 1, a, a + 21, a + 22)
    }
  }
  const wall: Thing = {
    id: 9,
    shape: { kind: 'mesh', positions: Float32Array.from(positions), indices: Uint32Array.from(indices) },
    pose: level,
  }
  const { frame } = look(sceneOf([wall]))
  assert.ok(frame.instances.every((id) => id === 9))
})

test('what reaches through the near plane is cut there, not dropped', () => {
  const { frame } = look(sceneOf([floor]), fromPlanar(0, 0, 0, 0.3))
  const lowest = frame.depth[119 * 160 + 80] ?? 0
  const expected = (0.3 * frame.view.fy) / (119.5 - frame.view.cy)
  assert.ok(Math.abs(lowest - expected) < 1e-4, `${lowest} is not ${expected}`)
})

test('light falls where lamps are, shade lies below a body, and a longer exposure is brighter', () => {
  const mean = (changes: Partial<CameraSpec>, things: readonly Thing[]): number => {
    const { frame } = look(sceneOf(things), fromPlanar(-3, 0, 0, 1), changes)
    const row = frame.rgb.subarray(100 * 160 * 3, 101 * 160 * 3)
    return row.reduce((sum, value) => sum + value, 0) / row.length
  }
  assert.ok(mean({ exposure: 2 }, [floor]) > mean({ exposure: 0.5 }, [floor]) + 10)
  const roof: Thing = { id: 3, shape: { kind: 'box', size: { x: 12, y: 12, z: 0.1 } }, pose: fromPlanar(0, 0, 0, 2.2) }
  assert.ok(mean({ exposure: 1 }, [floor]) > mean({ exposure: 1 }, [floor, roof]) + 20)
})

test('glare and bursts of noise spoil colours and nothing else', () => {
  const scene = sceneOf([floor, cube(2, 4, 0, 0.5, 1)])
  const world = buildVisualWorld(scene)
  const camera = (): Camera => new Camera(world, spec, createRandom(4))
  const clean = camera().look(0, fromPlanar(0, 0, 0, 1))
  const spoilt = camera().look(0, fromPlanar(0, 0, 0, 1), { drop: false, freeze: false, glare: 1, noise: 6 })
  assert.deepEqual(spoilt.depth, clean.depth)
  assert.deepEqual(spoilt.instances, clean.instances)
  const brightest = (rgb: Uint8Array): number => rgb.filter((value) => value > 250).length
  assert.ok(brightest(spoilt.rgb) > brightest(clean.rgb) + 300)
})

test('the class mask agrees with the instance mask', () => {
  const { camera, frame } = look(sceneOf([floor, cube(2, 4, 0, 0.5, 1, 0, 'pallet')]), fromPlanar(0, 0, 0, 1))
  const classes = camera.classes()
  const wanted = frame.instances.map((id) => (id === 2 ? classIdOf('pallet') : id === 1 ? classIdOf('floor') : 0))
  assert.deepEqual(Uint16Array.from(classes), wanted)
  assert.ok(classes.includes(classIdOf('pallet')))
})

test('a picture does not depend on what was looked at before it', () => {
  const { scene, aisles } = generateWarehouse({ rackRows: 1, baysPerRow: 2, seed: 5 })
  const [aisle = 2] = aisles
  const world = buildVisualWorld(scene)
  const { poses } = initialPoses(scene)
  const quiet: CameraSpec = { ...spec, noiseSigma: 0 }
  const lighting = prepareLighting(world)
  const used = new Camera(world, quiet, createRandom(4), lighting)
  const mounts = [0, 0.1, 0.25, 2.9, 3.1].map((turn) => fromPlanar(aisle, 1.5 + turn, 1.5 + turn, 0.7))
  for (const [index, mount] of mounts.entries()) {
    // A box is carried through the picture, so that it hides other things in each.
    const moved = poses.slice()
    const box = scene.bodies.findIndex(({ motion }) => motion === 'dynamic')
    moved.set([aisle, 3 + index * 0.3, 0.8], box * 7)
    placeBodies(world, moved)
    const frame = used.look(0, mount)
    const fresh = new Camera(world, quiet, createRandom(4), lighting).look(0, mount)
    assert.deepEqual(frame.rgb, fresh.rgb)
    assert.deepEqual(frame.depth, fresh.depth)
    assert.deepEqual(frame.instances, fresh.instances)
  }
})

test('of two faces in one place the one that comes first in the scene is seen, wherever the camera was before', () => {
  const twins = [cube(2, 4, 0, 0, 1), cube(3, 4, 0, 0, 1)]
  const hider: Thing = { ...cube(4, 2, 0, 0, 1.5), motion: 'kinematic' }
  const scene = sceneOf([...twins, hider])
  const world = buildVisualWorld(scene)
  const camera = new Camera(world, spec, createRandom(4))
  const seen = (aside: number): number => {
    const { poses } = initialPoses(scene)
    poses[2 * 7 + 1] = aside
    placeBodies(world, poses)
    return camera.look(0, level).instances[60 * 160 + 80] ?? 0
  }
  assert.deepEqual([seen(9), seen(0), seen(9), seen(9)], [2, 4, 2, 2])
})

test('an empty scene is a picture of nothing', () => {
  const { frame, labels } = look(sceneOf([]))
  assert.ok(frame.depth.every((metres) => metres === 0) && frame.instances.every((id) => id === 0))
  assert.deepEqual(labels, [])
})

test('triangles without area are left out and counted', () => {
  const flat: Thing = {
    id: 2,
    shape: { kind: 'mesh', positions: Float32Array.of(2, 0, 0, 3, 0, 0, 4, 0, 0), indices: Uint32Array.of(0, 1, 2, 0, 0, 1) },
    pose: level,
  }
  const { world, frame } = look(sceneOf([flat]))
  assert.equal(world.zeroAreaCount, 2)
  assert.ok(frame.instances.every((id) => id === 0))
})

test('poses and sizes that cannot be are refused with a code, before anything is drawn', () => {
  const { scene } = generateWarehouse()
  const world = buildVisualWorld(scene)
  const poses = initialPoses(scene).poses
  poses[7 * 3] = Number.NaN
  assert.throws(() => placeBodies(world, poses), { code: 'value/not-finite' })
  assert.throws(() => placeBodies(world, new Float64Array(3)), { code: 'value/missing' })
  assert.throws(() => viewFromSensor(spec.intrinsics, fromPlanar(Number.NaN, 0, 0), 0.1, 10), { code: 'value/not-finite' })
  assert.throws(() => buildVisualWorld(sceneOf([cube(1, Number.NaN, 0, 0, 1)])), { code: 'value/not-finite' })
  assert.throws(() => buildVisualWorld(sceneOf([cube(1, 0, 0, 0, 1e6)])), { code: 'value/out-of-range' })
  const make = (changes: Partial<CameraSpec>): Camera =>
    new Camera(buildVisualWorld(sceneOf([floor])), { ...spec, ...changes }, createRandom(1))
  assert.throws(() => make({ intrinsics: { ...spec.intrinsics, width: 100_000 } }), { code: 'value/out-of-range' })
  assert.throws(() => make({ intrinsics: { ...spec.intrinsics, width: 1.5 } }), { code: 'value/out-of-range' })
  assert.throws(() => make({ intrinsics: { ...spec.intrinsics, fx: Number.NaN } }), { code: 'value/not-finite' })
  assert.throws(() => make({ noiseSigma: 60 }), { code: 'value/out-of-range' })
  assert.throws(() => make({ near: 0 }), { code: 'value/out-of-range' })
  assert.throws(() => intrinsicsFromFov(640, 480, 4), { code: 'value/out-of-range' })
})
