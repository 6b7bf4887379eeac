#!/usr/bin/env node
// Writes the documents that follow from the code: `node scripts/generate.mjs`. With `--print <file>` it prints one of them instead; the tidy test compares
// that with what is committed. It may be started by an older Node than ours, and then hands over to the pinned one, which reads TypeScript as it is.
import { inPinnedNode } from './test/pinned-node.mjs'

if (await inPinnedNode(import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const { printOne, writeAll } = await import('./generate/main.ts')
  const [flag, file] = process.argv.slice(2)
  if (flag === undefined) await writeAll()
  else if (flag === '--print' && file !== undefined) await printOne(file)
  else {
    process.stderr.write('Usage: node scripts/generate.mjs [--print <file>]\n')
    process.exitCode = 2
  }
}
