// Draws the map of a scene as a perfect mapping drive would: everything solid and fixed between two heights, sliced and
// projected to the floor. Used for generated worlds, and to register a foreign map against the world that it shows.

import { cell, checkGrid, type OccupancyGrid } from '../control/occupancy-grid.ts'
import { apply, compose, type Transform } from '../math/transform.ts'
import { cos, sin, TAU } from '../math/trig.ts'
import type { Vec3 } from '../math/vec3.ts'
import type { Body, Scene, Shape } from '../scene/scene.ts'

/** What to map: a rectangle of the floor and a band of heights, in metres. */
export interface MapArea {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  readonly resolution: number
  readonly lowZ: number
  readonly highZ: number
}

type Triangle = readonly [Vec3, Vec3, Vec3]

const boxCorners = (s: Vec3): Vec3[] =>
  [-1, 1].flatMap((z) => [-1, 1].flatMap((y) => [-1, 1].map((x) => ({ x: (x * s.x) / 2, y: (y * s.y) / 2, z: (z * s.z) / 2 }))))
const boxFaces = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]

function* indexed(corners: readonly Vec3[], faces: readonly number[]): Generator<Triangle> {
  for (let i = 0; i + 2 < faces.length; i += 3) {
    const [a, b, c] = [corners[faces[i] ?? 0], corners[faces[i + 1] ?? 0], corners[faces[i + 2] ?? 0]]
    if (a !== undefined && b !== undefined && c !== undefined) yield [a, b, c]
  }
}

/** The side of a round prism, fine enough for a map. */
function* prism(radius: number, low: number, high: number): Generator<Triangle> {
  const sides = 16
  for (let i = 0; i < sides; i++) {
    const [a, b] = [(TAU * i) / sides, (TAU * (i + 1)) / sides]
    const [p, q] = [
      { x: radius * cos(a), y: radius * sin(a) },
      { x: radius * cos(b), y: radius * sin(b) },
    ]
    yield [
      { ...p, z: low },
      { ...q, z: low },
      { ...q, z: high },
    ]
    yield [
      { ...p, z: low },
      { ...q, z: high },
      { ...p, z: high },
    ]
    yield [
      { ...p, z: high },
      { ...q, z: high },
      { x: 0, y: 0, z: high },
    ]
  }
}

function* meshTriangles(shape: Extract<Shape, { kind: 'mesh' }>): Generator<Triangle> {
  const at = (i: number): Vec3 => {
    const v = 3 * (shape.indices[i] ?? 0)
    return { x: shape.positions[v] ?? 0, y: shape.positions[v + 1] ?? 0, z: shape.positions[v + 2] ?? 0 }
  }
  for (let i = 0; i < shape.indices.length; i += 3) yield [at(i), at(i + 1), at(i + 2)]
}

function trianglesOf(shape: Shape): Iterable<Triangle> {
  switch (shape.kind) {
    case 'box':
      return indexed(boxCorners(shape.size), boxFaces)
    case 'cylinder':
      return prism(shape.radius, -shape.length / 2, shape.length / 2)
    case 'sphere':
      return prism(shape.radius, -shape.radius, shape.radius)
    case 'plane':
      return []
    case 'mesh':
      return meshTriangles(shape)
  }
}

/** The part of a polygon on one side of a height. */
function clip(polygon: readonly Vec3[], height: number, keepAbove: boolean): Vec3[] {
  const inside = (p: Vec3): boolean => (keepAbove ? p.z >= height : p.z <= height)
  const out: Vec3[] = []
  for (const [i, b] of polygon.entries()) {
    const a = polygon[(i + polygon.length - 1) % polygon.length] ?? b
    if (inside(a) !== inside(b)) {
      const t = (height - a.z) / (b.z - a.z)
      out.push({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t, z: height })
    }
    if (inside(b)) out.push(b)
  }
  return out
}

class Canvas {
  readonly grid: OccupancyGrid
  readonly #area: MapArea

  constructor(area: MapArea) {
    this.#area = area
    const [width, height] = [Math.ceil((area.maxX - area.minX) / area.resolution), Math.ceil((area.maxY - area.minY) / area.resolution)]
    const cells = new Uint8Array(Math.max(0, width * height))
    this.grid = checkGrid({ width, height, resolution: area.resolution, originX: area.minX, originY: area.minY, cells })
  }

  #mark(x: number, y: number): void {
    const { width, height, resolution, cells } = this.grid
    const column = Math.floor((x - this.#area.minX) / resolution)
    const row = Math.floor((y - this.#area.minY) / resolution)
    if (column >= 0 && row >= 0 && column < width && row < height) cells[row * width + column] = cell.occupied
  }

  /** Marks a line finely enough to leave no gap; what lies far outside the map is not walked along. */
  #line(a: Vec3, b: Vec3): void {
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const steps = Math.min(100_000, Math.ceil((Math.abs(dx) + Math.abs(dy)) / (this.grid.resolution / 2)))
    for (let i = 0; i <= steps; i++) this.#mark(a.x + (dx * i) / Math.max(1, steps), a.y + (dy * i) / Math.max(1, steps))
  }

  /** Marks a triangle by sweeping lines from its first corner to its other edge. */
  #fan(a: Vec3, b: Vec3, c: Vec3): void {
    const [dx, dy] = [c.x - b.x, c.y - b.y]
    const steps = Math.min(20_000, Math.ceil((Math.abs(dx) + Math.abs(dy)) / (this.grid.resolution / 2)))
    for (let i = 0; i <= steps; i++) {
      const t = i / Math.max(1, steps)
      this.#line(a, { x: b.x + dx * t, y: b.y + dy * t, z: 0 })
    }
  }

  #slice(triangle: Triangle): Vec3[] {
    return clip(clip(triangle, this.#area.lowZ, true), this.#area.highZ, false)
  }

  /** Draws a triangle's part of the band: the surface of a mesh, which may be hollow. */
  drawSurface(triangle: Triangle): void {
    const [a, ...rest] = this.#slice(triangle)
    if (a !== undefined) for (const [i, b] of rest.entries()) this.#fan(a, b, rest[i + 1] ?? b)
  }

  /** Draws a convex solid's part of the band, filled: every edge of the slice is swept from its middle. */
  drawSolid(triangles: readonly Triangle[]): void {
    const slices = triangles.map((triangle) => this.#slice(triangle)).filter((slice) => slice.length > 0)
    const points = slices.flat()
    const sum = points.reduce((total, p) => ({ x: total.x + p.x, y: total.y + p.y, z: 0 }), { x: 0, y: 0, z: 0 })
    const middle = { x: sum.x / points.length, y: sum.y / points.length, z: 0 }
    for (const slice of slices) for (const [i, a] of slice.entries()) this.#fan(middle, a, slice[(i + 1) % slice.length] ?? a)
  }
}

function drawBody(canvas: Canvas, body: Body): void {
  for (const collider of body.colliders) {
    if (!collider.solid) continue
    const pose: Transform = compose(body.pose, collider.pose)
    const placed = Array.from(trianglesOf(collider.shape), ([a, b, c]): Triangle => [apply(pose, a), apply(pose, b), apply(pose, c)])
    if (collider.shape.kind === 'mesh') for (const triangle of placed) canvas.drawSurface(triangle)
    else canvas.drawSolid(placed)
  }
}

/** The map of everything solid in a scene but floors, people and robots; dynamic boxes are drawn where they start. */
export function mapOfScene(scene: Scene, area: MapArea): OccupancyGrid {
  const canvas = new Canvas(area)
  for (const body of scene.bodies) if (body.label !== 'floor' && body.label !== 'person' && body.label !== 'robot') drawBody(canvas, body)
  return canvas.grid
}
