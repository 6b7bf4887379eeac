// The sensors' module: compiled when the first sensor is built, shared by all of them; each sensor has a memory of its own.

import { backdropKernel } from './backdrop-kernel.ts'
import { cornersKernel } from './corners-kernel.ts'
import { coverKernel } from './cover-kernel.ts'
import { cutKernel } from './cut-kernel.ts'
import { facesKernel } from './faces-kernel.ts'
import { lightKernel, sampleKernel } from './light-kernel.ts'
import { compileKernels, instantiate, type KernelModule, type Kernels } from './module.ts'
import { paintKernel } from './paint-kernel.ts'
import { piecesKernel } from './pieces-kernel.ts'
import { placeKernel } from './place-kernel.ts'
import { prepareKernel } from './prepare-kernel.ts'
import { recordKernel } from './record-kernel.ts'
import { rowsKernel } from './rows-kernel.ts'
import { runsKernel } from './runs-kernel.ts'
import { smallKernel } from './small-kernel.ts'
import { tilesKernel } from './tiles-kernel.ts'

const modules: { narrow?: KernelModule; wide?: KernelModule } = {}

/** Kernels over a memory of so many bytes; `wide` says that face numbers have four bytes, not two. */
export function sensorKernels(bytes: number, wide: boolean): Kernels {
  const kind = wide ? 'wide' : 'narrow'
  modules[kind] ??= compileKernels([
    ...[paintKernel(), piecesKernel(0), smallKernel(0), rowsKernel(wide), runsKernel(wide)],
    ...[placeKernel(), sampleKernel(), lightKernel(), tilesKernel(), backdropKernel(), cornersKernel(), facesKernel(3), coverKernel()],
    ...[cutKernel(9), recordKernel(), prepareKernel({ sample: 6, light: 7, cover: 12 })],
  ])
  return instantiate(modules[kind], bytes)
}
