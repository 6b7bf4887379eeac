// Loaded into every test process before anything else. Node's test runner follows every promise of a process, so that it can name the test of a failure that nobody
// catches; the product makes promises by the million, and following them is a sixth of what its tests work. It follows timers, sockets and all else; a promise that
// nobody catches fails the run as it did, and is told here with where it was made.
import asyncHooks from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const { createHook } = asyncHooks
asyncHooks.createHook = (callbacks) => createHook({ ...callbacks, ...(callbacks.promiseResolve ? {} : { trackPromises: false }) })
syncBuiltinESMExports()

// In a test process alone: whatever else is started with this would go on where it was to end.
if (process.env.NODE_TEST_CONTEXT !== undefined && isMainThread && /\.test\.m?[jt]s$/.test(process.argv[1] ?? ''))
  process.on('unhandledRejection', (error) => {
    process.stderr.write(`Nobody caught: ${error instanceof Error ? error.stack : error}\n`)
  })
