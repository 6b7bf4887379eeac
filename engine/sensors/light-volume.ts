// Soft light from above, carried through the grid along 17 fixed directions (discrete ordinates), and the light that floor and loads throw back up.
// It gives the pools under the lamps, the dark of a lower shelf and the contact shade beside a box, at eight reads per lookup. Made once per scene.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Light, LinearColour } from '../scene/scene.ts'
import type { LightGrid } from './light-grid.ts'

/** Light per cell: how much arrives from above, how much from below, and how much of the ceiling is seen. */
export interface LightVolume {
  readonly grid: LightGrid
  /** Four numbers per cell: down, up, visibility, unused. */
  readonly field: Float32Array
  /** The colour that light from above has, brightest part 1. */
  readonly tint: LinearColour
  /** What a level, unshaded floor receives on average; cameras expose for it. */
  readonly typical: number
}

// Slopes of the 17 directions: straight, eight at half a cell per layer, eight at one. Weights fall with the cosine.
const directions: readonly (readonly [number, number, number])[] = [
  [0, 0, 1],
  ...[-1, 0, 1].flatMap((x) => [-1, 0, 1].filter((y) => x !== 0 || y !== 0).map((y) => [x, y, x !== 0 && y !== 0 ? 0.45 : 0.6] as const)),
  ...[-0.5, 0, 0.5].flatMap((x) => [-0.5, 0, 0.5].filter((y) => x !== 0 || y !== 0).map((y) => [x, y, 0.85] as const)),
]

/** Carries the light of a scene through its grid. */
export function fillLightVolume(grid: LightGrid, lights: readonly Light[], ambient: LinearColour): LightVolume {
  const cells = grid.nx * grid.ny * grid.nz
  const open = carry(grid, 'down', () => 1)
  const field = new Float32Array(cells * 4)
  const level = brightest(ambient) + scattered(lights)
  const lamps = lampLight(grid, lights)
  for (let i = 0; i < cells; i++) {
    const visible = open[i] as number
    field[i * 4] = visible * (level + (lamps[i] as number))
    field[i * 4 + 2] = visible
  }
  const thrown = carry(grid, 'up', (cell) => 0.45 * (field[cell * 4] as number))
  for (let i = 0; i < cells; i++) field[i * 4 + 1] = thrown[i] as number
  return { grid, field, tint: tintOf(lights, ambient), typical: typicalOf(grid, field, level) }
}

/** The share of a directional light that roof and haze scatter: it comes from all of the ceiling, the rest from its own side. */
export const scatteredShare = 0.5

function scattered(lights: readonly Light[]): number {
  return lights.reduce((sum, light) => {
    if (light.kind !== 'directional') return sum
    return sum + scatteredShare * light.intensity * Math.max(0, -light.direction.z) * brightest(light.colour)
  }, 0)
}

function brightest(colour: LinearColour): number {
  return Math.max(colour.r, colour.g, colour.b)
}

/** Marches each direction layer by layer; `source` is what an opaque cell or the outside gives off. */
function carry(grid: LightGrid, way: 'down' | 'up', source: (cell: number) => number): Float32Array {
  const { nx, ny, nz } = grid
  const out = new Float32Array(nx * ny * nz)
  const total = directions.reduce((sum, it) => sum + it[2], 0)
  let before = new Float32Array(nx * ny)
  let now = new Float32Array(nx * ny)
  for (const [dx, dy, weight] of directions) {
    before.fill(way === 'down' ? 1 : 0)
    for (let step = 0; step < nz; step++) {
      const layer = way === 'down' ? nz - 1 - step : step
      // A half slope moves every second layer.
      const ox = Math.floor(dx * (step + 1)) - Math.floor(dx * step)
      const oy = Math.floor(dy * (step + 1)) - Math.floor(dy * step)
      carryLayer(grid, layer, ox, oy, weight / total, before, now, out, way === 'up' ? source : undefined)
      ;[before, now] = [now, before]
    }
  }
  return out
}

function carryLayer(
  grid: LightGrid,
  layer: number,
  ox: number,
  oy: number,
  weight: number,
  before: Float32Array,
  now: Float32Array,
  out: Float32Array,
  source: ((cell: number) => number) | undefined,
): void {
  const { nx, ny, opacity } = grid
  for (let y = 0; y < ny; y++) {
    const row = Math.max(0, Math.min(ny - 1, y + oy)) * nx
    for (let x = 0; x < nx; x++) {
      const cell = (layer * ny + y) * nx + x
      const arriving = before[row + Math.max(0, Math.min(nx - 1, x + ox))] as number
      const solid = opacity[cell] as number
      out[cell] = (out[cell] as number) + arriving * weight
      const given = source !== undefined && solid > 0 ? solid * source(cell) : 0
      now[y * nx + x] = arriving * (1 - solid) + given
    }
  }
}

/** What the point lights give each cell, falling with the square of the distance and the cosine to a level surface. */
function lampLight(grid: LightGrid, lights: readonly Light[]): Float32Array {
  const { nx, ny, nz, cell, origin } = grid
  const out = new Float32Array(nx * ny * nz)
  for (const light of lights) {
    if (light.kind !== 'point') continue
    const strength = light.intensity * brightest(light.colour)
    for (let row = 0; row < ny * nz; row++) {
      const dy = light.position.y - (origin[1] + ((row % ny) + 0.5) * cell)
      const dz = light.position.z - (origin[2] + (Math.floor(row / ny) + 0.5) * cell)
      const across = dy * dy + dz * dz
      if (across >= light.range * light.range) continue
      for (let i = 0; i < nx; i++) {
        const dx = light.position.x - (origin[0] + (i + 0.5) * cell)
        out[row * nx + i] = (out[row * nx + i] as number) + strength * falloff(dx * dx + across, dz, light.range)
      }
    }
  }
  return out
}

function falloff(squared: number, dz: number, range: number): number {
  const near = squared < 0.25 ? 0.25 : squared
  const share = squared / (range * range)
  if (share >= 1) return 0
  const cosine = dz <= 0 ? 0.15 : 0.15 + (0.85 * dz) / Math.sqrt(near)
  return ((1 - share) * (1 - share) * cosine) / near
}

function tintOf(lights: readonly Light[], ambient: LinearColour): LinearColour {
  let [r, g, b] = [ambient.r, ambient.g, ambient.b]
  for (const light of lights) {
    const weight = light.kind === 'point' ? light.intensity / 16 : light.intensity
    r += light.colour.r * weight
    g += light.colour.g * weight
    b += light.colour.b * weight
  }
  const top = Math.max(r, g, b, 1e-6)
  return { r: r / top, g: g / top, b: b / top }
}

/** The mean over cells about a metre above the lowest layer that see most of the ceiling; of roots, so that one bright lamp does not decide. */
function typicalOf(grid: LightGrid, field: Float32Array, level: number): number {
  const layer = Math.min(grid.nz - 1, Math.floor((1 - grid.origin[2]) / grid.cell))
  let sum = 0
  let count = 0
  for (let i = layer * grid.nx * grid.ny; i < (layer + 1) * grid.nx * grid.ny; i++) {
    if ((field[i * 4 + 2] as number) < 0.6) continue
    sum += Math.sqrt(field[i * 4] as number)
    count++
  }
  return count > 0 ? (sum / count) * (sum / count) : Math.max(level, 1e-3)
}
