// Labels of a picture, exact by construction: boxes from the instance mask, occlusion and truncation from drawing each body alone with the
// same rasteriser, on the same pixels and on a canvas three times as wide and high.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Geometry, PartRange } from './geometry.ts'
import type { Picture } from './picture.ts'
import { clearVisibility, createVisibility, Rasteriser } from './rasterise.ts'
import type { View } from './view.ts'

/** What is known of one body in one picture. */
export interface ObjectLabel {
  readonly instanceId: number
  readonly classId: number
  readonly bodyIndex: number
  /** Tight box of the visible pixels: left, top, width, height, in whole pixels. */
  readonly box: readonly [number, number, number, number]
  readonly visiblePixels: number
  /** Share of the body's pixels in the picture that others hide, 0 to 1. */
  readonly occlusion: number
  /** Share of the body that lies beyond the picture's edge (seen on a canvas three times as large), 0 to 1. */
  readonly truncation: number
  /** Box of the body in camera axes (x right, y down, z ahead), metres: middle, full size along its own axes, and those axes (three columns). */
  readonly box3d: Box3d
}

/** An oriented box in camera axes. */
export interface Box3d {
  readonly centre: readonly [number, number, number]
  readonly size: readonly [number, number, number]
  /** Unit vectors of the body's x, y and z in camera axes, nine numbers. */
  readonly axes: readonly number[]
}

interface Extent {
  left: number
  top: number
  right: number
  bottom: number
  pixels: number
}

/** Labels pictures of one geometry and size. */
export class Labeller {
  readonly #geometry: Geometry
  readonly #near: Rasteriser
  readonly #wide: Rasteriser

  constructor(geometry: Geometry, width: number, height: number) {
    this.#geometry = geometry
    this.#near = new Rasteriser(geometry, createVisibility(geometry, width, height))
    this.#wide = new Rasteriser(geometry, createVisibility(geometry, width * 3, height * 3))
  }

  /** Labels of all bodies with at least `pixelsMin` visible pixels, in the order of their ids. */
  label(view: View, picture: Picture, pixelsMin = 1): ObjectLabel[] {
    clearVisibility(this.#near.target, view.far)
    clearVisibility(this.#wide.target, view.far)
    const extents = maskExtents(picture)
    const labels: ObjectLabel[] = []
    for (const [index, part] of this.#geometry.parts.entries()) {
      const extent = part.labelled ? extents.get(part.instanceId) : undefined
      if (extent === undefined || extent.pixels < pixelsMin) continue
      labels.push(this.#label(view, index, part, extent))
    }
    return labels.sort((a, b) => a.instanceId - b.instanceId)
  }

  #label(view: View, index: number, part: PartRange, extent: Extent): ObjectLabel {
    const alone = silhouette(this.#near, view, index)
    const touchesEdge = alone.left === 0 || alone.top === 0 || alone.right === view.width - 1 || alone.bottom === view.height - 1
    const whole = touchesEdge ? silhouette(this.#wide, widened(view), index).pixels : alone.pixels
    return {
      instanceId: part.instanceId,
      classId: part.classId,
      bodyIndex: part.bodyIndex,
      box: [extent.left, extent.top, extent.right - extent.left + 1, extent.bottom - extent.top + 1],
      visiblePixels: extent.pixels,
      occlusion: alone.pixels === 0 ? 0 : 1 - extent.pixels / alone.pixels,
      truncation: whole === 0 ? 0 : Math.max(0, 1 - alone.pixels / whole),
      box3d: boxInCamera(view, this.#geometry, index),
    }
  }
}

/** The same eye on a canvas three times as wide and high, the picture in its middle. */
function widened(view: View): View {
  return { ...view, width: view.width * 3, height: view.height * 3, cx: view.cx + view.width, cy: view.cy + view.height }
}

/** Draws one part alone, counts its pixels, and wipes them away again. The target is empty before and after. */
function silhouette(rasteriser: Rasteriser, view: View, index: number): Extent {
  const { width, height, faces, inverseDepth } = rasteriser.target
  const extent: Extent = { left: width, top: height, right: -1, bottom: -1, pixels: 0 }
  rasteriser.forget()
  if (!rasteriser.draw(view, index)) return extent
  const [left = 0, top = 0, right = 0, bottom = 0] = rasteriser.touched
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (faces[y * width + x] === 0) continue
      grow(extent, x, y)
      faces[y * width + x] = 0
      inverseDepth[y * width + x] = 1 / view.far
    }
  }
  return extent
}

function grow(extent: Extent, x: number, y: number): void {
  extent.pixels++
  if (x < extent.left) extent.left = x
  if (x > extent.right) extent.right = x
  if (y < extent.top) extent.top = y
  if (y > extent.bottom) extent.bottom = y
}

function maskExtents(picture: Picture): Map<number, Extent> {
  const extents = new Map<number, Extent>()
  const { width, height, instances } = picture
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const id = instances[y * width + x] as number
      if (id === 0) continue
      let extent = extents.get(id)
      if (extent === undefined) {
        extent = { left: x, top: y, right: x, bottom: y, pixels: 0 }
        extents.set(id, extent)
      }
      grow(extent, x, y)
    }
  }
  return extents
}

function boxInCamera(view: View, geometry: Geometry, index: number): Box3d {
  const part = geometry.parts[index] as PartRange
  const m = geometry.matrices.subarray(index * 12, index * 12 + 12)
  const world = [0, 1, 2].map(
    (row) =>
      (m[row * 4] ?? 0) * part.centre[0] +
      (m[row * 4 + 1] ?? 0) * part.centre[1] +
      (m[row * 4 + 2] ?? 0) * part.centre[2] +
      (m[row * 4 + 3] ?? 0),
  )
  const toCamera = (v: readonly number[]): [number, number, number] => {
    const along = (row: number): number =>
      (view.rotation[row] ?? 0) * (v[0] ?? 0) + (view.rotation[row + 1] ?? 0) * (v[1] ?? 0) + (view.rotation[row + 2] ?? 0) * (v[2] ?? 0)
    return [along(0), along(3), along(6)]
  }
  const size = [part.high[0] - part.low[0], part.high[1] - part.low[1], part.high[2] - part.low[2]] as const
  const centre = toCamera(world.map((value, axis) => value - (view.position[axis] ?? 0)))
  const axes = [0, 1, 2].flatMap((axis) => toCamera([m[axis] ?? 0, m[4 + axis] ?? 0, m[8 + axis] ?? 0]))
  return { centre, size, axes }
}
