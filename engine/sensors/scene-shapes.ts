// From the shapes of the neutral scene to triangles, as they are: what lidars feel, and what cameras draw where nothing is dressed.

import { rotate } from '../math/quat.ts'
import type { Transform } from '../math/transform.ts'
import type { Collider, Shape } from '../scene/scene.ts'
import type { Frame, MeshBuilder, Point } from './mesh.ts'
import { addBox, addCylinder, addEllipsoid } from './mesh-shapes.ts'

/** The frame of a pose. */
export function frameOf(pose: Transform): Frame {
  const axis = (x: number, y: number, z: number): Point => {
    const d = rotate(pose.rotation, { x, y, z })
    return [d.x, d.y, d.z]
  }
  return { x: axis(1, 0, 0), y: axis(0, 1, 0), z: axis(0, 0, 1), origin: [pose.position.x, pose.position.y, pose.position.z] }
}

/** Adds a collider's shape with one surface all around. */
export function addShape(builder: MeshBuilder, frame: Frame, collider: Pick<Collider, 'shape'>, surface: number): void {
  const { shape } = collider
  if (shape.kind === 'box') {
    addBox(builder, frame, [shape.size.x, shape.size.y, shape.size.z], { top: surface, bottom: surface, sides: surface })
  } else if (shape.kind === 'cylinder') {
    addCylinder(builder, frame, { bottomRadius: shape.radius, topRadius: shape.radius, height: shape.length, side: surface, caps: surface })
  } else if (shape.kind === 'sphere') {
    addEllipsoid(builder, frame, [shape.radius, shape.radius, shape.radius], surface)
  } else if (shape.kind === 'plane') {
    addBox(builder, frame, [shape.size.x, shape.size.y, 0], { top: surface })
  } else addMesh(builder, frame, shape, surface)
}

function addMesh(builder: MeshBuilder, frame: Frame, shape: Extract<Shape, { kind: 'mesh' }>, surface: number): void {
  const { positions, indices } = shape
  const corner = (index: number): Point => {
    const at = (indices[index] ?? 0) * 3
    const [x, y, z] = [positions[at] ?? Number.NaN, positions[at + 1] ?? Number.NaN, positions[at + 2] ?? Number.NaN]
    return [
      frame.x[0] * x + frame.y[0] * y + frame.z[0] * z + frame.origin[0],
      frame.x[1] * x + frame.y[1] * y + frame.z[1] * z + frame.origin[1],
      frame.x[2] * x + frame.y[2] * y + frame.z[2] * z + frame.origin[2],
    ]
  }
  for (let i = 0; i + 2 < indices.length; i += 3) builder.triangle(corner(i), corner(i + 1), corner(i + 2), surface)
}
