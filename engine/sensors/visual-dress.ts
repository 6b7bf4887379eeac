// How bodies of a warehouse look beyond their plain colour: chosen by label, texture and proportion. The outline stays the collider's own,
// except that a person's square parts are drawn round inside their box.

import type { Body, Collider, Material } from '../scene/scene.ts'
import type { Surface, SurfaceBook } from './material.ts'
import type { Frame, MeshBuilder } from './mesh.ts'
import { addBox, addCylinder, addLongBox, allFaces } from './mesh-shapes.ts'
import { addShape } from './scene-shapes.ts'
import type { PatternName } from './texture-patterns.ts'

/** Adds a collider to a body's drawn mesh. */
export function dress(builder: MeshBuilder, frame: Frame, collider: Collider, body: Body, book: SurfaceBook): void {
  const { shape } = collider
  const plain = surfaceOf(collider, body)
  if (shape.kind !== 'box') addShape(builder, frame, collider, book.add(plain))
  else if (body.label === 'box' && collider.material.texture === 'cardboard') carton(builder, frame, collider, body, book)
  else if (body.label === 'person') garment(builder, frame, collider, book)
  else if (body.label === 'pallet') {
    const along = book.add({ ...plain, metresU: 0.7, metresV: 0.22 })
    addBox(builder, frame, [shape.size.x, shape.size.y, shape.size.z], { top: along, bottom: book.add(plain), sides: along })
  } else if (body.label === 'rack') {
    addLongBox(builder, frame, [shape.size.x, shape.size.y, shape.size.z], allFaces(book.add(plain)), longPartMetres)
  } else addShape(builder, frame, collider, book.add(plain))
}

/** Beams and uprights are drawn in parts of at most this length. */
const longPartMetres = 1.4

/** The surface of a collider that needs no dress of its own. */
function surfaceOf(collider: Collider, body: Body): Surface {
  const { material, shape } = collider
  const pattern = patternFor(material, body, shape)
  const metres = tileMetres[pattern] ?? (material.textureScale > 0 ? material.textureScale : 1)
  const round = shape.kind === 'cylinder' || shape.kind === 'sphere'
  return {
    pattern,
    metresU: metres,
    metresV: pattern === 'perforated' ? 0.6 : metres,
    colour: material.baseColor,
    ...(round ? { smooth: true } : {}),
    ...(body.label === 'light' ? { glow: 6 } : {}),
    ...(pattern === 'concrete' ? { gloss: 1.1 } : {}),
  }
}

/** Metres per tile where the pattern has a natural size. */
const tileMetres: Partial<Record<PatternName, number>> = { perforated: 0.1, steel: 1.2, panel: 1.2, cloth: 0.5, plain: 1, paint: 1.4 }

function patternFor(material: Material, body: Body, shape: Collider['shape']): PatternName {
  if (body.label === 'wall' && material.texture !== 'checker') return 'panel'
  if (body.label === 'floor' && material.texture === 'none') return 'paint'
  if (body.label === 'rack') return shape.kind === 'box' && shape.size.z > 8 * Math.max(shape.size.x, shape.size.y) ? 'perforated' : 'steel'
  if (body.label === 'person') return 'cloth'
  return byTexture[material.texture]
}

const byTexture = {
  none: 'plain',
  checker: 'checker',
  noise: 'speckle',
  wood: 'wood',
  cardboard: 'cartonPlain',
  concrete: 'concrete',
} as const satisfies Record<Material['texture'], PatternName>

/** A carton: tape around its middle, a label on two sides that differ from one carton to the next. */
function carton(builder: MeshBuilder, frame: Frame, collider: Collider, body: Body, book: SurfaceBook): void {
  const { shape, material } = collider
  if (shape.kind !== 'box' || isTape(collider, body)) return
  const face = (pattern: PatternName): number => book.add({ pattern, metresU: 1, metresV: 1, colour: material.baseColor })
  const [sides, ends] = body.id % 2 === 0 ? (['cartonTaped', 'cartonEnd'] as const) : (['cartonTapedLabel', 'cartonPlain'] as const)
  const faces = { top: face('cartonTop'), bottom: face('cartonPlain'), sides: face(sides), ends: face(ends), fit: true }
  addBox(builder, frame, [shape.size.x, shape.size.y, shape.size.z], faces)
}

/** Trim that stands off its carton by less than two millimetres is drawn as print on it: to a camera that is the same, and half the faces. */
function isTape(collider: Collider, body: Body): boolean {
  const { shape } = collider
  if (collider.solid || shape.kind !== 'box') return false
  return body.colliders.some(({ solid, shape: other }) => {
    if (!solid || other.kind !== 'box') return false
    return shape.size.x < other.size.x + 0.004 && shape.size.y < other.size.y + 0.004 && shape.size.z < other.size.z + 0.004
  })
}

/** A square part of a person, drawn as an oval column with a bright band where it is cloth in a warning colour. */
function garment(builder: MeshBuilder, frame: Frame, collider: Collider, book: SurfaceBook): void {
  const { shape, material } = collider
  if (shape.kind !== 'box') return
  const { x, y, z } = shape.size
  const cloth = book.add({ pattern: 'cloth', metresU: 0.5, metresV: 0.5, colour: material.baseColor, smooth: true })
  const band = book.add({ pattern: 'plain', metresU: 1, metresV: 1, colour: { r: 0.75, g: 0.78, b: 0.75 }, smooth: true })
  const oval = (fromZ: number, toZ: number, low: number, high: number, side: number): void => {
    const scaled: Frame = {
      x: [frame.x[0] * x, frame.x[1] * x, frame.x[2] * x],
      y: [frame.y[0] * y, frame.y[1] * y, frame.y[2] * y],
      z: frame.z,
      origin: along(frame, (fromZ + toZ) / 2),
    }
    addCylinder(builder, scaled, { bottomRadius: low / 2, topRadius: high / 2, height: toZ - fromZ, side, caps: side })
  }
  const stripe = Math.min(0.05, z * 0.12)
  const [waist, chest] = [-z * 0.18, z * 0.12]
  oval(-z / 2, waist, 0.96, 0.92, cloth)
  oval(waist, waist + stripe, 0.93, 0.93, band)
  oval(waist + stripe, chest, 0.92, 0.98, cloth)
  oval(chest, chest + stripe, 0.99, 0.99, band)
  oval(chest + stripe, z * 0.36, 0.98, 1, cloth)
  oval(z * 0.36, z / 2, 1, 0.6, cloth)
}

function along(frame: Frame, z: number): readonly [number, number, number] {
  return [frame.origin[0] + frame.z[0] * z, frame.origin[1] + frame.z[1] * z, frame.origin[2] + frame.z[2] * z]
}
