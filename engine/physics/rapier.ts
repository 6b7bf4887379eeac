// The one place that loads Rapier. Its deterministic build gives the same bits on every machine; its WebAssembly is inlined,
// so loading needs neither files nor network.

import * as rapier from '@dimforge/rapier3d-deterministic-compat'

/** The loaded library. */
export type Rapier = typeof rapier

let loading: Promise<Rapier> | undefined

/** Loads Rapier once per process; later calls share the first. */
export function loadRapier(): Promise<Rapier> {
  loading ??= rapier.init().then(() => rapier)
  return loading
}
