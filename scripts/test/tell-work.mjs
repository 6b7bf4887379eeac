// Loaded into every test process: it leaves beside its entry, when it ends, how long it kept a core busy, itself and by what it started. Where three processes share
// two cores, a clock on the wall says little of that.
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** Clock ticks of the processes that this one started and that have ended: fields 16 and 17 of stat, in proc(5). Nothing where there is no such file. */
const ticksOfChildren = () => {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ')
    return Number(fields[13]) + Number(fields[14])
  } catch {
    return 0
  }
}

const entry = process.argv[1] ?? ''
if (process.env.NODE_TEST_CONTEXT !== undefined && isMainThread && /\d{3}\.test\.mjs$/.test(entry))
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage()
    const work = { own: (userCPUTime + systemCPUTime) / 1e6, started: ticksOfChildren() / 100 }
    try {
      writeFileSync(`${entry}.work`, JSON.stringify(work))
    } catch {
      // Whoever ran it may have cleared its folder away; the table goes without.
    }
  })
