// Stopping in order: last started, first stopped, each step tried even when one before it failed. A second Ctrl-C after a moment gives up waiting.

/** Something to stop, by the name that is shown when it fails. */
export interface Stoppable {
  readonly name: string
  stop(): Promise<unknown>
}

const impatientMs = 1500

/** Stops everything in reverse order of its start. Returns the names of what could not be stopped. */
export async function stopAll(started: readonly Stoppable[], log: (line: string) => void): Promise<string[]> {
  const failed: string[] = []
  for (const one of [...started].reverse()) {
    try {
      await one.stop()
    } catch (error) {
      failed.push(one.name)
      log(`stopping ${one.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return failed
}

/** Resolves with the signal that asks the process to stop. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let asked = 0
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (asked !== 0 && now - asked > impatientMs) process.exit(130)
    asked = asked === 0 ? now : asked
    resolve(signal)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return promise
}
