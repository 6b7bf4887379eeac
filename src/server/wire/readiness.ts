// Whether the store can be read, for whoever sends requests here or does not. A store that is frozen takes its time to fail; who asks is told before that, so that
// probes need not wait, and all who ask meanwhile wait for the same look.
import { fail } from '../../kernel/index.ts'

const waitMs = 2_000

/** A look at the store: resolves where it can be read, throws `unavailable` where it cannot, or not in time; why is the cause. */
export function readiness(ready: () => Promise<boolean>, ms = waitMs): () => Promise<void> {
  let looking: Promise<boolean> | undefined
  const look = (): Promise<boolean> => {
    looking ??= ready().finally(() => {
      looking = undefined
    })
    return looking
  }
  return async () => {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`The store gave no answer within ${ms / 1000} s.`)), ms)
    try {
      if (!(await Promise.race([look(), promise]))) throw new Error('The store says that it cannot be read.')
    } catch (cause) {
      throw fail('unavailable', 'The store cannot be read at the moment.', { cause })
    } finally {
      clearTimeout(timer)
    }
  }
}
