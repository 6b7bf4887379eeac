#!/usr/bin/env node
// The one command that says whether the product holds: format and lint, types, then every test against one temporary PostgreSQL.
// `npm test` runs everything, `npm test -- path…` only the tests below those paths, `npm test -- --check` only the static checks.
// It may be started by an older Node than ours; it then hands over to the pinned one, so this file uses nothing new before that.

import { inPinnedNode } from './test/pinned-node.mjs'

if (await inPinnedNode(import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const { main } = await import('./test/main.ts')
  process.exit(await main(process.argv.slice(2)))
}
