#!/usr/bin/env node
// Takes the pictures of docs/pictures from a running console: `node scripts/pictures.mjs [name…]`. What is taken, and of what, is in scripts/pictures.
// It may be started by an older Node than ours, and then hands over to the pinned one, which reads TypeScript as it is.
import { inPinnedNode } from './test/pinned-node.mjs'

if (await inPinnedNode(import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const { main } = await import('./pictures/main.ts')
  process.exit(await main(process.argv.slice(2)))
}
