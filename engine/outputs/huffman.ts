// Huffman codes of limited length for deflate (RFC 1951, 3.2.2): lengths from counts, codes from lengths. Ties are broken by symbol number.

/** Code length per symbol for counts; unused symbols get 0, and at least two symbols get a code. `most` is the longest length allowed. */
export function codeLengths(counts: Uint32Array, most: number): Uint8Array {
  const used = Array.from(counts.keys()).filter((symbol) => (counts[symbol] ?? 0) > 0)
  for (let symbol = 0; used.length < 2; symbol++) if (!used.includes(symbol)) used.push(symbol)
  used.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b)
  const depths = depthsOf(used.map((symbol) => Math.max(1, counts[symbol] ?? 1)))
  const perLength = limited(depths, most)
  const lengths = new Uint8Array(counts.length)
  // The rarest symbols come first in `used` and take the longest codes.
  let next = 0
  for (let length = most; length > 0; length--) {
    for (let i = 0; i < (perLength[length] ?? 0); i++) lengths[used[next++] ?? 0] = length
  }
  return lengths
}

/** Depth of each leaf of the Huffman tree over weights in rising order (two queues: leaves and merged nodes). */
function depthsOf(weights: readonly number[]): number[] {
  const count = weights.length
  const weight = [...weights]
  const parent: number[] = []
  let leaf = 0
  let merged = count
  const take = (): number => {
    const useLeaf = leaf < count && (merged >= weight.length || (weight[leaf] ?? 0) <= (weight[merged] ?? 0))
    return useLeaf ? leaf++ : merged++
  }
  while (weight.length < 2 * count - 1) {
    const a = take()
    const b = take()
    parent[a] = weight.length
    parent[b] = weight.length
    weight.push((weight[a] ?? 0) + (weight[b] ?? 0))
  }
  const depth: number[] = []
  depth[weight.length - 1] = 0
  for (let node = weight.length - 2; node >= 0; node--) depth[node] = (depth[parent[node] ?? 0] ?? 0) + 1
  return depth.slice(0, count)
}

/** How many codes of each length, none longer than `most`, still a full tree (Kraft's sum is one). */
function limited(depths: readonly number[], most: number): number[] {
  const counts = new Array<number>(most + 1).fill(0)
  for (const depth of depths) {
    const length = Math.min(depth, most)
    counts[length] = (counts[length] ?? 0) + 1
  }
  let sum = counts.reduce((total, count, length) => total + (length === 0 ? 0 : count * 2 ** (most - length)), 0)
  while (sum > 2 ** most) {
    // Two longest codes become children of a shorter one: one step less in Kraft's sum each time.
    let length = most - 1
    while ((counts[length] ?? 0) === 0) length--
    counts[most] = (counts[most] ?? 0) - 1
    counts[length] = (counts[length] ?? 0) - 1
    counts[length + 1] = (counts[length + 1] ?? 0) + 2
    sum--
  }
  return counts
}

/** The code of each symbol, bits reversed so that they can be written lowest first. */
export function buildCodes(lengths: Uint8Array): Uint16Array {
  const perLength = new Uint32Array(16)
  for (const length of lengths) if (length > 0) perLength[length] = (perLength[length] ?? 0) + 1
  const next = new Uint32Array(17)
  for (let length = 1; length < 16; length++) next[length + 1] = ((next[length] ?? 0) + (perLength[length] ?? 0)) << 1
  const codes = new Uint16Array(lengths.length)
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue
    const code = next[length] ?? 0
    next[length] = code + 1
    let reversed = 0
    for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit)
    codes[symbol] = reversed
  }
  return codes
}
