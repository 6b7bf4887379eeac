// The grid in which light is carried: cells over the fixed world, each with an opacity found by sampling the surfaces of the fixed triangles.
// Made once per scene; its size is limited, so a huge world gets coarser cells, never more memory.

import type { Geometry } from './geometry.ts'

/** Cells over a box of the world: `origin` is the low corner, `cell` the side in metres. */
export interface LightGrid {
  readonly nx: number
  readonly ny: number
  readonly nz: number
  readonly cell: number
  readonly origin: readonly [number, number, number]
  /** 0 (air) to 1 (nothing passes) per cell, x fastest, then y, then z. */
  readonly opacity: Float32Array
}

/** Most cells of a grid, and most surface samples taken to fill it. */
const gridLimits = { cellsMax: 1_500_000, samplesMax: 3_000_000, sideMin: 4, cellMin: 0.25 } as const

/** A grid around all fixed parts, filled with their opacity. */
export function createLightGrid(geometry: Geometry, ceiling: number): LightGrid {
  const { low, high } = fixedBounds(geometry, ceiling)
  let cell: number = gridLimits.cellMin
  const count = (axis: 0 | 1 | 2): number => Math.max(gridLimits.sideMin, Math.ceil((high[axis] - low[axis]) / cell) + 2)
  while (count(0) * count(1) * count(2) > gridLimits.cellsMax) cell *= 1.25
  const [nx, ny, nz] = [count(0), count(1), count(2)]
  // Whole layers below zero, so that a floor at height 0 lies on a boundary between cells.
  const bottom = Math.floor(low[2] / cell - 0.01) * cell
  const grid = { nx, ny, nz, cell, origin: [low[0] - cell, low[1] - cell, bottom] as const, opacity: new Float32Array(nx * ny * nz) }
  fillOpacity(grid, geometry)
  return grid
}

function fixedBounds(geometry: Geometry, ceiling: number): { low: [number, number, number]; high: [number, number, number] } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity]
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (const [index, part] of geometry.parts.entries()) {
    // A part with hundreds of metres (an endless ground) must not make the cells of everything else coarse.
    if (part.moving || part.radius > 150 || part.vertexFrom === part.vertexTo) continue
    for (let corner = 0; corner < 8; corner++) widen(geometry, index, corner, low, high)
  }
  if (low[0] > high[0]) return { low: [-5, -5, 0], high: [5, 5, ceiling] }
  return { low: [low[0], low[1], Math.max(low[2], -0.5)], high: [high[0], high[1], Math.max(high[2], ceiling)] }
}

/** Makes room for one corner of a part's box. */
function widen(geometry: Geometry, index: number, corner: number, low: number[], high: number[]): void {
  const part = geometry.parts[index]
  if (part === undefined) return
  const x = corner & 1 ? part.high[0] : part.low[0]
  const y = corner & 2 ? part.high[1] : part.low[1]
  const z = corner & 4 ? part.high[2] : part.low[2]
  for (const axis of [0, 1, 2]) {
    const at = worldAxis(geometry.matrices, index * 12 + axis * 4, x, y, z)
    low[axis] = Math.min(low[axis] ?? at, at)
    high[axis] = Math.max(high[axis] ?? at, at)
  }
}

function fillOpacity(grid: LightGrid, geometry: Geometry): void {
  const total = geometry.parts.reduce((sum, part) => sum + (part.moving ? 0 : 1), 0)
  if (total === 0) return
  const area = surface(geometry)
  const step = Math.max(grid.cell / 2, Math.sqrt(area / gridLimits.samplesMax))
  for (const part of geometry.parts) {
    if (part.moving || part.radius > 150) continue
    for (let t = part.triangleFrom; t < part.triangleTo; t++) sampleTriangle(grid, geometry, t, step)
  }
}

function surface(geometry: Geometry): number {
  let area = 0
  for (let t = 0; t < geometry.materials.length; t++) area += triangle(geometry, t).area
  return area
}

interface Sampled {
  readonly a: readonly number[]
  readonly ab: readonly [number, number, number]
  readonly ac: readonly [number, number, number]
  readonly normal: readonly [number, number, number]
  readonly area: number
}

function triangle(geometry: Geometry, t: number): Sampled {
  const matrix = (geometry.partOfTriangle[t] ?? 0) * 12
  const corner = (k: number): readonly number[] => {
    const at = (geometry.indices[t * 3 + k] ?? 0) * 3
    const [x = 0, y = 0, z = 0] = geometry.positions.subarray(at, at + 3)
    return [0, 4, 8].map((row) => worldAxis(geometry.matrices, matrix + row, x, y, z))
  }
  const [a, b, c] = [corner(0), corner(1), corner(2)]
  const edge = (to: readonly number[], axis: number): number => (to[axis] ?? 0) - (a[axis] ?? 0)
  const ab = [edge(b, 0), edge(b, 1), edge(b, 2)] as const
  const ac = [edge(c, 0), edge(c, 1), edge(c, 2)] as const
  const n = [ab[1] * ac[2] - ab[2] * ac[1], ab[2] * ac[0] - ab[0] * ac[2], ab[0] * ac[1] - ab[1] * ac[0]] as const
  const length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
  const inverse = length > 0 ? 1 / length : 0
  return { a, ab, ac, normal: [n[0] * inverse, n[1] * inverse, n[2] * inverse], area: length / 2 }
}

function sampleTriangle(grid: LightGrid, geometry: Geometry, t: number, step: number): void {
  const { a, ab, ac, normal, area } = triangle(geometry, t)
  const longest = Math.max(size(ab), size(ac), size([ac[0] - ab[0], ac[1] - ab[1], ac[2] - ab[2]]))
  const rows = Math.min(2000, Math.max(1, Math.ceil(longest / step)))
  const share = area / (rows * rows)
  const weight = (share * (Math.abs(normal[2]) + 0.5 * (Math.abs(normal[0]) + Math.abs(normal[1])))) / (grid.cell * grid.cell)
  const inward = grid.cell * 0.25
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < 2 * (rows - i) - 1; j++) {
      // Each row of small triangles holds some that point up and some that point down; their middles lie a third off.
      const third = j % 2 === 0 ? 1 / 3 : 2 / 3
      const s = (i + third) / rows
      const r = (Math.floor(j / 2) + third) / rows
      const cell = cellAt(
        grid,
        (a[0] ?? 0) + ab[0] * r + ac[0] * s - normal[0] * inward,
        (a[1] ?? 0) + ab[1] * r + ac[1] * s - normal[1] * inward,
        (a[2] ?? 0) + ab[2] * r + ac[2] * s - normal[2] * inward,
      )
      if (cell >= 0) grid.opacity[cell] = Math.min(1, (grid.opacity[cell] ?? 0) + weight)
    }
  }
}

function worldAxis(m: Float64Array, row: number, x: number, y: number, z: number): number {
  return (m[row] ?? 0) * x + (m[row + 1] ?? 0) * y + (m[row + 2] ?? 0) * z + (m[row + 3] ?? 0)
}

function size(v: readonly [number, number, number]): number {
  return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
}

/** The number of the cell that holds a point, or -1 outside. */
function cellAt(grid: LightGrid, x: number, y: number, z: number): number {
  const i = Math.floor((x - grid.origin[0]) / grid.cell)
  const j = Math.floor((y - grid.origin[1]) / grid.cell)
  const k = Math.floor((z - grid.origin[2]) / grid.cell)
  if (i < 0 || j < 0 || k < 0 || i >= grid.nx || j >= grid.ny || k >= grid.nz) return -1
  return (k * grid.ny + j) * grid.nx + i
}
