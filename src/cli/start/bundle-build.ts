// The bundle that the next start loads in place of the sources (`bin/bundle.mjs`), made by a start that found none that fits: a while after it is ready, when
// it keeps nobody waiting. One that is stopped before leaves it to the next one. Trusts the clone.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Build, startBuild } from './build.ts'
import type { Stoppable } from './stopping.ts'

const afterMs = 5_000
const buildMsMax = 60_000

/** Makes the bundle of a clone after a while; `warn` hears why it could not be made. */
export function bundleLater(clone: string, warn: (line: string) => void): Stoppable {
  let build: Build | undefined
  const timer = setTimeout(async () => {
    const script = join(clone, 'scripts', 'bundle.mjs')
    if (!existsSync(script)) return
    build = startBuild(clone, script, buildMsMax)
    const problem = await build.settled
    if (problem !== undefined) warn(`The next start is as slow as this one: its bundle was not made.\n${problem}`)
  }, afterMs)
  timer.unref()
  return {
    name: 'the build of the bundle',
    async stop() {
      clearTimeout(timer)
      await build?.stop()
    },
  }
}
