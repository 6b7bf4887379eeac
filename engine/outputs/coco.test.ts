import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { fromPlanar } from '../math/transform.ts'
import { classIdOf, initialPoses } from '../scene/scene.ts'
import { Camera, usualCamera } from '../sensors/camera.ts'
import { cube, floor, sceneOf } from '../sensors/scene-for-tests.ts'
import { intrinsicsFromFov } from '../sensors/view.ts'
import { buildVisualWorld, placeBodies } from '../sensors/visual-world.ts'
import { CocoBuilder } from './coco.ts'
import { compactRuns, expandRuns, maskOfRuns, runsOfInstances } from './rle.ts'

test('a mask read back from its runs is the same mask, for any scatter of bodies', () => {
  const random = createRandom(2)
  for (const [width, height, bodies] of [
    [40, 30, 3],
    [7, 50, 1],
    [1, 9, 2],
    [33, 1, 2],
  ] as const) {
    const instances = Uint16Array.from({ length: width * height }, () => random.integer(0, bodies))
    for (const [id, runs] of runsOfInstances(width, height, instances)) {
      assert.equal(
        runs.reduce((sum, run) => sum + run, 0),
        width * height,
      )
      const back = maskOfRuns(width, height, expandRuns(compactRuns(runs)))
      assert.deepEqual(
        back,
        Uint8Array.from(instances, (value) => (value === id ? 1 : 0)),
      )
    }
  }
})

test('runs as text are those that the COCO tools write', () => {
  // From cocoapi's own rleToString by hand: 5 bits a character, 48 added, differences from the fourth run on.
  assert.equal(compactRuns([0, 1]), '01')
  assert.equal(compactRuns([6, 1, 40, 4, 5, 4, 5, 4, 21]), '61X13mN000`0')
  assert.deepEqual(expandRuns('61X13mN000`0'), [6, 1, 40, 4, 5, 4, 5, 4, 21])
})

test('a dataset holds each labelled body with its box, area, mask and what COCO has no word for', () => {
  const scene = sceneOf([floor, cube(2, 4, 0.5, 0.5, 1), cube(3, 5, -1, 0.5, 1, 0.4, 'pallet')])
  const world = buildVisualWorld(scene)
  placeBodies(world, initialPoses(scene).poses)
  const camera = new Camera(world, { ...usualCamera, shadows: false, intrinsics: intrinsicsFromFov(160, 120, 1.2) }, createRandom(1))
  const frame = camera.look(2_500_000_000, fromPlanar(0, 0, 0, 0.6))
  const builder = new CocoBuilder()
  builder.add(frame, camera.label(frame), 'a.png')
  const { images, annotations, categories } = builder.build('test')
  assert.deepEqual([images[0]?.file_name, images[0]?.seconds, images[0]?.width], ['a.png', 2.5, 160])
  assert.deepEqual(
    annotations.map(({ category_id }) => category_id),
    [classIdOf('box'), classIdOf('pallet')],
  )
  for (const { segmentation, area, bbox, instance_id } of annotations) {
    const mask = maskOfRuns(160, 120, expandRuns(segmentation.counts))
    assert.equal(
      mask.reduce((sum, value) => sum + value, 0),
      area,
    )
    assert.deepEqual(
      mask,
      Uint8Array.from(frame.instances, (id) => (id === instance_id ? 1 : 0)),
    )
    const [x, y, w, h] = bbox
    assert.ok(mask.every((inside, at) => inside === 0 || (at % 160 >= x && at % 160 < x + w && at >= y * 160 && at < (y + h) * 160)))
  }
  assert.equal(categories.length, 11)
  assert.deepEqual(
    [...builder.counts()],
    [
      ['pallet', 1],
      ['box', 1],
    ],
  )
})
