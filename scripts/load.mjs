#!/usr/bin/env node
// Puts a server under load and prints what that costs: `npm run load -- --minutes 10 --runs 200 --calls 2000 --listeners 1000`. What it does is in test/load.
// It may be started by an older Node than ours; it then hands over to the pinned one, so this file uses nothing new before that.

import { inPinnedNode } from './test/pinned-node.mjs'

if (await inPinnedNode(import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const { main } = await import('../test/load/main.ts')
  process.exit(await main(process.argv.slice(2)))
}
