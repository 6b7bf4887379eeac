// How long tests wait for a browser: never for ever, and never for a frame alone, because a page that has nothing to draw need not draw one. What takes longer
// than its limit fails with what it was and at which view, so that a browser that hangs is told from a test that found something.
import type { Page } from 'playwright-core'

/** How long one step in a page may take, in milliseconds: on a machine that is busy with others, or stands still for a while, much longer than on an idle one. */
export const stepMs = 60_000
/** When a frame that was not drawn counts as drawn, in milliseconds. */
const frameMs = 250

/** What work resolves to. Fails when it takes longer than `ms`, or fails itself, in either case with what it was. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`nothing came of it within ${ms / 1000} s`)), ms)
  try {
    return await Promise.race([work, late])
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** Two frames were drawn since, or had the time to be: what changed is on the screen. */
export function framesDrawn(page: Page): Promise<void> {
  const drawing = page.evaluate(
    (ms) =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, ms)
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
      }),
    2 * frameMs,
  )
  return within(stepMs, `${page.url()}: drawing`, drawing)
}

/** What stands for something that is still on its way. */
const loading = '.skeleton, [role="status"][aria-label^="Loading"]'

/** The view is there, whole: it has its heading, nothing is on its way, and what is read once the first reading is there did not set out in the next frames. */
export async function atRest(page: Page, heading = '#main h1'): Promise<void> {
  const resting = page.evaluate(
    async ({ heading, loading, frameMs, stepMs }) => {
      const frame = () =>
        new Promise<unknown>((resolve) => {
          setTimeout(resolve, frameMs)
          requestAnimationFrame(resolve)
        })
      const end = performance.now() + stepMs
      for (let calm = 0; calm < 4 && performance.now() < end; ) {
        const isThere = document.querySelector(heading) !== null && document.querySelector(loading) === null
        calm = isThere ? calm + 1 : 0
        await frame()
      }
      return document.querySelector(heading) === null ? `no ${heading}` : document.querySelector(loading)?.outerHTML.slice(0, 200)
    },
    { heading, loading, frameMs, stepMs },
  )
  const missing = await within(stepMs + 5_000, `${page.url()}: coming to rest`, resting)
  if (missing !== undefined) throw new Error(`${page.url()}: not at rest after ${stepMs / 1000} s: ${missing}`)
}

/** Presses two keys of one sequence at once: between two that are waited for, the machine may stand still for longer than a sequence lasts. */
export async function pressBoth(page: Page, first: string, second: string): Promise<void> {
  await Promise.all([page.keyboard.press(first), page.keyboard.press(second)])
}
