// What a person is told of a request that was not answered as promised, with the command that sends it again.
import type { Drawn } from './requests.ts'
import { shown } from './target.ts'

/** The fuzzers that send requests. */
export type Sender = 'front' | 'product'

/** The sentence of a fault. */
export function tellRequest(sender: Sender, seed: number, drawn: Drawn, fault: string): string {
  return `${sender}, seed ${seed}: ${fault}\n  request: ${shown(drawn)}\n  again: node test/fuzz/one.ts ${sender} ${seed}`
}
