// The shapes that bodies are made of, added to a mesh: box, cylinder (and cone), sphere, disc. Sines and cosines come from a table built by
// rotation with exact-root steps, so the vertices are the same bytes on every machine. Trusts its callers for finite sizes.

import type { Frame, MeshBuilder, Point } from './mesh.ts'
import { place, turn, unit } from './mesh.ts'

/** Which of a box's six faces take which material; a face that is left out is not drawn. */
export interface BoxFaces {
  readonly top?: number
  readonly bottom?: number
  readonly sides?: number
  /** The two faces along x, where they differ from the other sides. */
  readonly ends?: number
  /** Each face takes one whole tile of its texture, whatever its size. */
  readonly fit?: boolean
}

/** Adds a box of full `size` about the frame's origin; texture coordinates start at each face's lower corner. */
export function addBox(builder: MeshBuilder, frame: Frame, size: Point, faces: BoxFaces): void {
  const [hx, hy, hz] = [size[0] / 2, size[1] / 2, size[2] / 2]
  const corner = (x: number, y: number, z: number): Point => place(frame, [x * hx, y * hy, z * hz])
  const { top, bottom, sides, ends = faces.sides, fit = false } = faces
  if (top !== undefined) builder.quad(corner(-1, -1, 1), corner(1, -1, 1), corner(1, 1, 1), corner(-1, 1, 1), top, fit)
  if (bottom !== undefined) builder.quad(corner(-1, 1, -1), corner(1, 1, -1), corner(1, -1, -1), corner(-1, -1, -1), bottom, fit)
  if (sides !== undefined) {
    builder.quad(corner(-1, -1, -1), corner(1, -1, -1), corner(1, -1, 1), corner(-1, -1, 1), sides, fit)
    builder.quad(corner(1, 1, -1), corner(-1, 1, -1), corner(-1, 1, 1), corner(1, 1, 1), sides, fit)
  }
  if (ends !== undefined) {
    builder.quad(corner(1, -1, -1), corner(1, 1, -1), corner(1, 1, 1), corner(1, -1, 1), ends, fit)
    builder.quad(corner(-1, 1, -1), corner(-1, -1, -1), corner(-1, -1, 1), corner(-1, 1, 1), ends, fit)
  }
}

/** Adds a box as several in a row along its longest side, none longer than `most` metres (64 at most), so that light may change along a beam. */
export function addLongBox(builder: MeshBuilder, frame: Frame, size: Point, faces: BoxFaces, most: number): void {
  const longest = size[0] >= size[1] && size[0] >= size[2] ? 0 : size[1] >= size[2] ? 1 : 2
  const pieces = Math.min(64, Math.max(1, Math.ceil(size[longest] / most - 1e-9)))
  const length = size[longest] / pieces
  const along = (axis: number, value: number): number => (axis === longest ? value : 0)
  for (let i = 0; i < pieces; i++) {
    const offset = (i + 0.5 - pieces / 2) * length
    const origin = place(frame, [along(0, offset), along(1, offset), along(2, offset)])
    const part: Point = [longest === 0 ? length : size[0], longest === 1 ? length : size[1], longest === 2 ? length : size[2]]
    addBox(builder, { ...frame, origin }, part, faces)
  }
}

/** A box with one material all around. */
export function allFaces(material: number): BoxFaces {
  return { top: material, bottom: material, sides: material }
}

/** Points on the unit circle, `count` of them (a multiple of 4), counter-clockwise from +x; exact at the quarters. */
function circle(count: number): readonly (readonly [number, number])[] {
  const points: (readonly [number, number])[] = []
  for (let i = 0; i < count; i++) {
    // The rational half-angle form needs no sine: t runs from 0 to 1 over a quarter turn, corrected to be nearly even.
    const quarter = Math.floor((i * 4) / count)
    const s = (i * 4) / count - quarter
    const t = s * (0.785398 + s * s * (0.161 + s * s * 0.0536))
    const c = (1 - t * t) / (1 + t * t)
    const n = (2 * t) / (1 + t * t)
    const turns: readonly (readonly [number, number])[] = [
      [c, n],
      [-n, c],
      [-c, -n],
      [n, -c],
    ]
    points.push(turns[quarter] ?? [1, 0])
  }
  return points
}

/** A cylinder or cone along the frame's z, centred on its origin. */
export interface Cylinder {
  readonly bottomRadius: number
  readonly topRadius: number
  readonly height: number
  readonly side: number
  /** Material of the two discs; left out, the cylinder is open. */
  readonly caps?: number
  readonly segments?: number
}

/** Adds a cylinder with smooth sides. */
export function addCylinder(builder: MeshBuilder, frame: Frame, shape: Cylinder): void {
  const { bottomRadius, topRadius, height, side, caps, segments = 16 } = shape
  const ring = circle(segments)
  const slope = (bottomRadius - topRadius) / Math.max(height, 1e-9)
  const round = (bottomRadius + topRadius) * Math.PI
  const pairs: (readonly [number, number])[] = []
  for (let i = 0; i <= segments; i++) {
    const [c, s] = ring[i % segments] ?? [1, 0]
    const normal = turn(frame, unit([c, s, slope]))
    const u = (i / segments) * round
    const low = builder.vertex(place(frame, [c * bottomRadius, s * bottomRadius, -height / 2]), normal, u, 0)
    const high = builder.vertex(place(frame, [c * topRadius, s * topRadius, height / 2]), normal, u, height)
    const before = pairs.at(-1)
    if (before) {
      builder.flatQuad(before[0], low, high, before[1], side)
    }
    pairs.push([low, high])
  }
  if (caps === undefined) return
  addDisc(builder, frame, { radius: topRadius, z: height / 2, up: true, material: caps, segments })
  addDisc(builder, frame, { radius: bottomRadius, z: -height / 2, up: false, material: caps, segments })
}

/** A flat round plate at height `z` of a frame, facing up or down. */
export interface Disc {
  readonly radius: number
  readonly z: number
  readonly up: boolean
  readonly material: number
  readonly segments?: number
}

/** Adds a disc as a fan. */
function addDisc(builder: MeshBuilder, frame: Frame, disc: Disc): void {
  const { radius, z, up, material, segments = 16 } = disc
  if (radius <= 0) return
  const normal = turn(frame, [0, 0, up ? 1 : -1])
  const rim = circle(segments).map(([c, s]) => builder.vertex(place(frame, [c * radius, s * radius, z]), normal, c * radius, s * radius))
  const middle = builder.vertex(place(frame, [0, 0, z]), normal, 0, 0)
  for (let i = 0; i < segments; i++) {
    const a = rim[i] ?? 0
    const b = rim[(i + 1) % segments] ?? 0
    if (up) builder.face(middle, a, b, material)
    else builder.face(middle, b, a, material)
  }
}

/** Adds a smooth ellipsoid about the frame's origin; `radii` along the frame's axes. */
export function addEllipsoid(builder: MeshBuilder, frame: Frame, radii: Point, material: number, segments = 16): void {
  const ring = circle(segments)
  const half = segments / 2
  const rows: number[][] = []
  for (let j = 0; j <= half; j++) {
    // Latitudes from the same circle: a half turn from the south pole to the north pole.
    const [up, out] = ring[j] ?? [-1, 0]
    const row: number[] = []
    for (let i = 0; i <= segments; i++) {
      const [c, s] = ring[i % segments] ?? [1, 0]
      const direction: Point = [c * out, s * out, -(j === half ? -1 : up)]
      const position = place(frame, [direction[0] * radii[0], direction[1] * radii[1], direction[2] * radii[2]])
      const normal = turn(frame, unit([direction[0] / radii[0], direction[1] / radii[1], direction[2] / radii[2]]))
      row.push(builder.vertex(position, normal, (i / segments) * 2 * Math.PI * radii[0], (j / half) * Math.PI * radii[2]))
    }
    rows.push(row)
  }
  stitch(builder, rows, material)
}

function stitch(builder: MeshBuilder, rows: readonly (readonly number[])[], material: number): void {
  for (let j = 0; j + 1 < rows.length; j++) {
    const low = rows[j] ?? []
    const high = rows[j + 1] ?? []
    for (let i = 0; i + 1 < low.length; i++) {
      builder.face(low[i] ?? 0, low[i + 1] ?? 0, high[i + 1] ?? 0, material)
      builder.face(low[i] ?? 0, high[i + 1] ?? 0, high[i] ?? 0, material)
    }
  }
}
