// How smoothly a run with 50,000 calls scrolls: its tape is written into the store, opened in the browser, and scrolled as fast as a wheel turns, with its pages
// coming from the server meanwhile. Counted are the frames that the page itself was given.
import type { Page } from 'playwright-core'
import type { OpenedConsole } from '../../test/console/open-console.ts'
import { asSuperuser } from '../../test/harness/database.ts'
import type { Figure } from '../figure.ts'

const calls = 50_000
const framesMin = 50
const seconds = 4
const rounds = 3

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

/** A run that ended, with a long tape; every fiftieth call was denied. */
async function plant({ harness }: OpenedConsole): Promise<string> {
  const { org } = harness.starter
  const { run } = await harness.walk()
  await asSuperuser(harness.twinlock, async (client) => {
    await client.query(
      `insert into call (org_id, id, holder_id, number, connection, method, path, decision, code, state, status, request_digest, response_bytes, duration_ms, entry_id, at)
       select $1, 'cal_' || lpad(number::text, 26, '0'), $2, number, 'accounts-data', 'GET', '/accounts/' || number,
         case when number % 50 = 0 then 'denied' else 'allowed' end, case when number % 50 = 0 then 'denied' end,
         'settled', case when number % 50 = 0 then null else 200 end, 'sha256:' || repeat('0', 64), 219, number % 90, 'ent_' || repeat('0', 26),
         now() + number * interval '1 millisecond'
       from generate_series((select coalesce(max(number), 0) + 1 from call where org_id = $1 and holder_id = $2), $3::int) as number`,
      [org, run, calls],
    )
  })
  return run
}

/** Scrolls on, sixteen rows a tenth of a second and more, and counts the frames of a second. */
function framesPerSecond(page: Page): Promise<number> {
  return page.getByRole('grid', { name: 'Calls' }).evaluate(
    (grid, length) =>
      new Promise<number>((resolve) => {
        let frames = 0
        const began = performance.now()
        const step = (): void => {
          const took = performance.now() - began
          if (took >= length) {
            resolve((frames * 1000) / took)
            return
          }
          frames += 1
          grid.scrollTop += 160
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    seconds * 1000,
  )
}

/** The figure of scrolling. */
export async function runScrollFigures(opened: OpenedConsole): Promise<Figure[]> {
  const run = await plant(opened)
  const watched = await opened.as('operator', `/runs/${run}`)
  const { page } = watched
  await page.getByRole('tab', { name: 'Calls 50,000' }).waitFor()
  const measured: number[] = []
  for (let round = 0; round < rounds; round += 1) measured.push(await framesPerSecond(page))
  await page.getByRole('grid', { name: 'Calls' }).focus()
  await page.keyboard.press('End')
  await page.getByRole('row', { name: /50,000/ }).waitFor()
  await watched.close()
  const value = median(measured)
  return [{ name: 'a run with 50,000 calls, scrolled', value, unit: 'frames/s', goal: '≥ 50 frames/s', ok: value >= framesMin }]
}
