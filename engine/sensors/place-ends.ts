// The first stage of shading a row: from pixel columns and face records to places in the texture and in the world.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { BakedSurface } from './material.ts'
import type { RowBatch } from './row-batch.ts'
import type { View } from './view.ts'

/** Fills texture places, world places, normals and rays of all ends of row `y`. `records` are those of surface-record.ts. */
export function placeEnds(batch: RowBatch, view: View, y: number, records: Float64Array, surfaces: readonly BakedSurface[]): void {
  placeTexture(batch, view, y, records, surfaces)
  placeWorld(batch, view, y, records)
  for (let e = 0; e < batch.endCount; e++) {
    if ((surfaces[batch.surface[e] as number] as BakedSurface).smooth) bendNormal(batch, view, y, records, e)
  }
}

function placeTexture(batch: RowBatch, view: View, y: number, r: Float64Array, surfaces: readonly BakedSurface[]): void {
  const { column, record, surface, u, v, du, dv, footprint } = batch
  const stepX = 1 / view.fx
  const stepY = 1 / view.fy
  const ry = (y + 0.5 - view.cy) * stepY
  for (let e = 0; e < batch.endCount; e++) {
    const at = record[e] as number
    const { perU, perV } = surfaces[surface[e] as number] as BakedSurface
    const rx = ((column[e] as number) + 0.5 - view.cx) * stepX
    const wx = r[at] as number
    const wy = r[at + 1] as number
    const w = wx * rx + wy * ry + (r[at + 2] as number)
    const z = w > 1e-5 ? 1 / w : 1e5
    const ux = r[at + 3] as number
    const uy = r[at + 4] as number
    const vx = r[at + 6] as number
    const vy = r[at + 7] as number
    const metresU = (ux * rx + uy * ry + (r[at + 5] as number)) * z
    const metresV = (vx * rx + vy * ry + (r[at + 8] as number)) * z
    const slopeU = (ux - metresU * wx) * perU * z * stepX
    const slopeV = (vx - metresV * wx) * perV * z * stepX
    u[e] = metresU * perU
    v[e] = metresV * perV
    du[e] = slopeU
    dv[e] = slopeV
    // How many texels a pixel covers, along the row and down the column: the smaller one counts most, kept sharp on purpose.
    const across = Math.abs(slopeU) + Math.abs(slopeV)
    const down = (Math.abs(uy - metresU * wy) * perU + Math.abs(vy - metresV * wy) * perV) * z * stepY
    footprint[e] = Math.min(across, down) * 0.75 + Math.max(across, down) * 0.25
  }
}

function placeWorld(batch: RowBatch, view: View, y: number, r: Float64Array): void {
  const { column, record, x, y: worldY, z: worldZ, nx, ny, nz, rayX, rayY, rayZ } = batch
  const stepX = 1 / view.fx
  const ry = (y + 0.5 - view.cy) / view.fy
  const m = view.rotation
  const [m0, m1, m2] = [m[0] as number, m[1] as number, m[2] as number]
  const rowX = (m[3] as number) * ry + (m[6] as number)
  const rowY = (m[4] as number) * ry + (m[7] as number)
  const rowZ = (m[5] as number) * ry + (m[8] as number)
  const [px, py, pz] = view.position
  for (let e = 0; e < batch.endCount; e++) {
    const at = record[e] as number
    const rx = ((column[e] as number) + 0.5 - view.cx) * stepX
    const w = (r[at] as number) * rx + (r[at + 1] as number) * ry + (r[at + 2] as number)
    const z = w > 1e-5 ? 1 / w : 1e5
    const dx = m0 * rx + rowX
    const dy = m1 * rx + rowY
    const dz = m2 * rx + rowZ
    rayX[e] = dx
    rayY[e] = dy
    rayZ[e] = dz
    x[e] = px + dx * z
    worldY[e] = py + dy * z
    worldZ[e] = pz + dz * z
    nx[e] = r[at + 9] as number
    ny[e] = r[at + 10] as number
    nz[e] = r[at + 11] as number
  }
}

/** Replaces a flat normal by the one between the corners' own. */
function bendNormal(batch: RowBatch, view: View, y: number, r: Float64Array, e: number): void {
  const at = batch.record[e] as number
  const rx = ((batch.column[e] as number) + 0.5 - view.cx) / view.fx
  const ry = (y + 0.5 - view.cy) / view.fy
  const nx = (r[at + 12] as number) * rx + (r[at + 13] as number) * ry + (r[at + 14] as number)
  const ny = (r[at + 15] as number) * rx + (r[at + 16] as number) * ry + (r[at + 17] as number)
  const nz = (r[at + 18] as number) * rx + (r[at + 19] as number) * ry + (r[at + 20] as number)
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
  const inverse = length > 0 ? 1 / length : 0
  batch.nx[e] = nx * inverse
  batch.ny[e] = ny * inverse
  batch.nz[e] = nz * inverse
}
