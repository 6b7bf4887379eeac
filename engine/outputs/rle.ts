// Masks as run lengths, as COCO has them: column by column, starting with zeros; written as the compact text that the COCO tools read.
// Source: cocoapi, common/maskApi.c (rleToString, rleFrString).

/** A mask of one object: height and width, and the compact text of its runs. */
export interface RleMask {
  readonly size: readonly [number, number]
  readonly counts: string
}

/** Run lengths of every body in an instance mask (row by row), by body id; alternately outside and inside, columns first. */
export function runsOfInstances(width: number, height: number, instances: Uint16Array): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  // Per body: where its last run ended, in column order.
  const ends = new Map<number, number>()
  let id = 0
  let start = 0
  const close = (end: number): void => {
    if (id === 0) return
    const list = runs.get(id) ?? []
    const before = ends.get(id) ?? 0
    // A run that begins where the last one ended continues it (a column's foot and the next one's head).
    if (before === start && list.length > 0) list[list.length - 1] = (list.at(-1) ?? 0) + end - start
    else list.push(start - before, end - start)
    runs.set(id, list)
    ends.set(id, end)
  }
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const now = instances[y * width + x] ?? 0
      if (now === id) continue
      const at = x * height + y
      close(at)
      id = now
      start = at
    }
  }
  close(width * height)
  const total = width * height
  for (const [key, list] of runs) if ((ends.get(key) ?? 0) < total) list.push(total - (ends.get(key) ?? 0))
  return runs
}

/** Runs as compact text: five bits to a character, from the third run on as differences to the run before the last. */
export function compactRuns(runs: readonly number[]): string {
  let out = ''
  for (const [i, run] of runs.entries()) {
    let value = i > 2 ? run - (runs[i - 2] ?? 0) : run
    for (let more = true; more; ) {
      const low = value & 0x1f
      value >>= 5
      more = low & 0x10 ? value !== -1 : value !== 0
      out += String.fromCharCode((more ? low | 0x20 : low) + 48)
    }
  }
  return out
}

/** The runs that compact text stands for. */
export function expandRuns(text: string): number[] {
  const runs: number[] = []
  for (let at = 0; at < text.length; ) {
    let value = 0
    let bits = 0
    for (let more = true; more && at < text.length; ) {
      const part = text.charCodeAt(at++) - 48
      value |= (part & 0x1f) << bits
      more = (part & 0x20) !== 0
      bits += 5
      if (!more && part & 0x10) value |= -1 << bits
    }
    runs.push(runs.length > 2 ? value + (runs.at(-2) ?? 0) : value)
  }
  return runs
}

/** A mask (row by row, 1 inside) from run lengths. */
export function maskOfRuns(width: number, height: number, runs: readonly number[]): Uint8Array {
  const mask = new Uint8Array(width * height)
  let at = 0
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 1) for (let k = at; k < at + run; k++) mask[(k % height) * width + Math.floor(k / height)] = 1
    at += run
  }
  return mask
}
