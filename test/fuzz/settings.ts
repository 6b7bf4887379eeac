// What a person can ask of the fuzzers: another seed, more inputs. Without a word they do the same each time, so that a failure is the change's.

function numberOf(name: string, otherwise: number): number {
  const text = process.env[name]
  const number = text === undefined ? otherwise : Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${name} is a whole number above 0, not \`${text}\`.`)
  return number
}

/** The seed that all others are made from: `TWINLOCK_FUZZ_SEED`. */
export const baseSeed = numberOf('TWINLOCK_FUZZ_SEED', 1)

/** How many times as many inputs as usual: `TWINLOCK_FUZZ_TIMES`. */
export const times = numberOf('TWINLOCK_FUZZ_TIMES', 1)

/**
 * How many inputs each fuzzer draws: readers of texts and bytes, the server alone, the whole product, and bytes on sockets. Together they are what
 * the product promises to have been tried with, 200,000.
 */
export const inputs = { readers: 190_000 * times, front: 8_000 * times, product: 1_200 * times, sockets: 1_000 * times } as const
