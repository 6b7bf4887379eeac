// The digest of what cameras and lidars see in one small warehouse: colours, depth, bodies, labels and scans, from two places. Run by itself it
// prints that digest, so that a test can compare processes and machines.

import { createHash } from 'node:crypto'
import { createRandom } from '../math/random.ts'
import { fromPlanar } from '../math/transform.ts'
import { initialPoses } from '../scene/scene.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { Camera, usualCamera } from './camera.ts'
import { Lidar, planarLidar, spatialLidar } from './lidar.ts'
import { SolidWorld } from './solid-world.ts'
import { intrinsicsFromFov } from './view.ts'
import { buildVisualWorld, placeBodies } from './visual-world.ts'

/** The digest, as `sha256:<hex>`. */
export function digestOfSensors(seed: number): string {
  const { scene } = generateWarehouse({ rackRows: 1, baysPerRow: 2, stagedPallets: 2, seed: 3 })
  const snapshot = initialPoses(scene)
  const world = buildVisualWorld(scene)
  placeBodies(world, snapshot.poses)
  const hash = createHash('sha256')
  for (const shadows of [false, true]) {
    const camera = new Camera(
      world,
      { ...usualCamera, shadows, intrinsics: intrinsicsFromFov(320, 240, 1.2) },
      createRandom(seed).stream('camera'),
    )
    for (const mount of [fromPlanar(1.5, 1.2, 1.3, 0.8), fromPlanar(4, 3, 2.1, 1.5)]) {
      const frame = camera.look(0, mount)
      hash.update(frame.rgb).update(frame.depth).update(frame.instances)
      hash.update(JSON.stringify(camera.label(frame)))
    }
  }
  const solid = new SolidWorld(scene)
  solid.place(snapshot)
  for (const spec of [planarLidar, spatialLidar]) {
    const { ranges, instances } = new Lidar(solid, spec, createRandom(seed).stream(spec.name)).scan(0, fromPlanar(1.5, 2, 1, 0.5), -1)
    hash.update(new Uint8Array(ranges.buffer)).update(new Uint8Array(instances.buffer))
  }
  return `sha256:${hash.digest('hex')}`
}

if (import.meta.main) process.stdout.write(`${digestOfSensors(11)}\n`)
