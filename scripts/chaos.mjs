#!/usr/bin/env node
// Kills the server at named steps, again and again, and audits every start: `npm run chaos -- --seed N --minutes M`, or `--kills K`. What it does is in test/chaos.
// It may be started by an older Node than ours; it then hands over to the pinned one, so this file uses nothing new before that.

import { inPinnedNode } from './test/pinned-node.mjs'

if (await inPinnedNode(import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const { main } = await import('../test/chaos/main.ts')
  process.exit(await main(process.argv.slice(2)))
}
