// A browser that came up. One that does not come up, or opens no page, is a fault of the browser and of nothing that is tested: what it said is told, it is ended,
// and another is started in its place, once.
import type { Browser } from 'playwright-core'
import { childrenOf, type ProcessIdentity } from '../../src/host/postgres/process-identity.ts'
import { within } from './within.ts'

/** How long a browser may take to come up and open a page, in milliseconds. */
const startMs = 100_000
/** How long one may take to end by itself. */
const endMs = 20_000

/** A browser, and what was opened in it. */
export interface Started<P> {
  readonly browser: Browser
  readonly first: P
  /** Ends it, by force where it does not end by itself: whoever waited for it would wait for ever. */
  end(): Promise<void>
}

/** Ends what was started since, each with its own children: a browser leads a group of its processes, and nothing else that a test starts does. */
function endStartedSince(before: readonly ProcessIdentity[]): void {
  const known = new Set(before.map(({ pid }) => pid))
  for (const { pid } of childrenOf(process.pid)) {
    if (known.has(pid)) continue
    try {
      process.kill(-pid, 'SIGKILL')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error // it has ended, or leads no group
    }
  }
}

/** Starts a browser and opens something in it. Fails with what the browser said when neither of `tries` came up. */
export async function startBrowser<P>(
  start: () => Promise<Browser>,
  open: (browser: Browser) => Promise<P>,
  { tries = 2, ms = startMs } = {},
): Promise<Started<P>> {
  const before = childrenOf(process.pid)
  const starting = start()
  const end = (browser: Browser) => within(endMs, 'the end of a browser', browser.close()).catch(() => endStartedSince(before))
  try {
    const opening = starting.then(async (browser) => ({ browser, first: await open(browser), end: () => end(browser) }))
    return await within(ms, 'a browser with a page', opening)
  } catch (error) {
    endStartedSince(before)
    if (tries <= 1) throw error
    process.stderr.write(`Another browser is started: ${error instanceof Error ? error.message : String(error)}\n`)
    return startBrowser(start, open, { tries: tries - 1, ms })
  }
}
