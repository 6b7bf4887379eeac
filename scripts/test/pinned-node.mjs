// Hands a script over to the Node that the package pins, when the machine's own is older.
// Nothing here needs more than Node 18, because it runs in whatever Node the machine has.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MAJOR = 26
const PINNED = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))

/** Resolves to true in a Node that is new enough; otherwise runs the script again in the pinned one, takes over its exit code and resolves to false. */
export const inPinnedNode = async (script) => {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return true
  if (!existsSync(PINNED)) {
    console.error(`This needs Node ${MAJOR} and runs in ${process.version}. Run \`npm run bootstrap\` first: it installs the pinned one.`)
    process.exitCode = 1
    return false
  }
  process.exitCode = await handOver(script)
  return false
}

const handOver = (script) =>
  new Promise((resolve, reject) => {
    const child = spawn(PINNED, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
    // The terminal sends SIGINT to the child as well; this process only has to outlive it. SIGTERM comes to us alone, so it is passed on.
    process.on('SIGINT', () => {})
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
