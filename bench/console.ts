// What the console costs a person: what the first screen loads, and when it can be used on a slow machine. Measured in a real Chromium, over loopback, against
// a whole Twinlock with the starter; the processor is slowed down by Chromium itself.
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { type OpenedConsole, openConsole } from '../test/console/open-console.ts'
import { lineageFigures } from './console/lineage.ts'
import { runScrollFigures } from './console/run-scroll.ts'
import type { Figure } from './figure.ts'

const built = fileURLToPath(new URL('../dist/console/', import.meta.url))
const firstLoadMax = 230_000
const interactiveMsMax = 1_500
const slowdown = 4
const rounds = 5

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

/** The files that a page has loaded, as gzip would carry them. */
async function loadedBytes(page: Page): Promise<number> {
  const paths = await page.evaluate('performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)')
  const assets = [...new Set((paths as string[]).filter((path) => path.startsWith('/console/assets/')))] // a list of texts, by the line above
  const sizes = assets.map((path) => statSync(join(built, 'assets', `${basename(path)}.gz`)).size)
  return sizes.reduce((sum, size) => sum + size, gzipSync(readFileSync(join(built, 'index.html'))).length)
}

/** How long it takes from the request for the page until what waits for the person is there and answers a key. */
async function interactiveMs(page: Page, url: string): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const began = performance.now()
  await page.goto(`${url}/console/`, { waitUntil: 'commit' })
  await page.getByText('Nothing waits for you.').waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('link', { name: 'Skip to the content' }).and(page.locator(':focus')).waitFor()
  const took = performance.now() - began
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await devtools.detach()
  return took
}

async function measure(opened: OpenedConsole): Promise<Figure[]> {
  const watched = await opened.as('operator')
  await watched.page.goto(`${opened.url}/console/`)
  await watched.page.getByText('Nothing waits for you.').waitFor()
  const bytes = await loadedBytes(watched.page)
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) times.push(await interactiveMs(watched.page, opened.url))
  await watched.close()
  const ms = median(times)
  return [
    { name: 'first load, gzipped', value: bytes / 1000, unit: 'kB', goal: '< 230 kB', ok: bytes < firstLoadMax },
    {
      name: `home interactive, processor slowed down ${slowdown} times`,
      value: ms,
      unit: 'ms',
      goal: '< 1,500 ms',
      ok: ms < interactiveMsMax,
    },
  ]
}

/** The console's figures. */
export async function bench(): Promise<Figure[]> {
  const opened = await openConsole()
  try {
    return [...(await measure(opened)), ...(await lineageFigures(opened)), ...(await runScrollFigures(opened))]
  } finally {
    await opened.close()
  }
}
