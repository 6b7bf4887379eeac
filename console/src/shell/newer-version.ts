// A page that was opened before the server was brought up to date asks for parts that are not there any more. It is loaded again, once, and only when the server
// answers: without an answer it is the server that is missing, and what is shown stays.
import { keep, kept } from '../api/store.ts'

const key = 'twinlock.loaded-again'
const againMs = 30_000

async function loadAgain(): Promise<void> {
  const last = Number(kept('sessionStorage', key) ?? 0)
  if (Date.now() - last < againMs) return
  const answer = await fetch('/console/', { cache: 'no-store' }).catch(() => undefined) // no answer is one of the two cases
  if (answer?.ok !== true) return
  keep('sessionStorage', key, String(Date.now()))
  window.location.reload()
}

/** Listens for parts of the page that cannot be loaded, for as long as it is open. */
export function loadAgainWhenNewer(): void {
  window.addEventListener('vite:preloadError', () => void loadAgain())
}
