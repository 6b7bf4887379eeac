// The sensors' module: compiled when the first sensor is built, shared by all of them; each sensor has a memory of its own.

import { compileKernels, instantiate, type KernelModule, type Kernels } from './module.ts'
import { paintKernel, piecesKernel } from './paint-kernel.ts'
import { rowsKernel } from './rows-kernel.ts'
import { runsKernel } from './runs-kernel.ts'
import { smallKernel } from './small-kernel.ts'

const modules: { narrow?: KernelModule; wide?: KernelModule } = {}

/** Kernels over a memory of so many bytes; `wide` says that face numbers have four bytes, not two. */
export function sensorKernels(bytes: number, wide: boolean): Kernels {
  const kind = wide ? 'wide' : 'narrow'
  modules[kind] ??= compileKernels([paintKernel(), piecesKernel(0), smallKernel(0), rowsKernel(wide), runsKernel(wide)])
  return instantiate(modules[kind], bytes)
}
