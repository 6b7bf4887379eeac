// Takes the pictures: a throw-away Twinlock, a Chromium, and one browser profile for each person. Nothing of a person's own console is in them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../../test/console/chromium.ts'
import { type Scene, scenes } from './scenes.ts'
import { startThrowAway, type ThrowAway } from './throw-away.ts'

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const bytesMax = 250_000
const looks = { width: 1280, height: 800 }

async function signedIn(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: looks, colorScheme: 'light', locale: 'en-US', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(link)
  await page.locator('#main h1').waitFor()
  return page
}

async function take(page: Page, name: string): Promise<void> {
  const bytes = await page.screenshot({ animations: 'disabled' })
  if (bytes.length > bytesMax) throw new Error(`${name}.png has ${bytes.length} bytes; at most ${bytesMax}.`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.png`), bytes)
  process.stdout.write(`${name}.png ${Math.round(bytes.length / 1000)} kB\n`)
}

async function shoot({ name, show, dark, width, height }: Scene, page: Page, url: string): Promise<void> {
  await page.setViewportSize({ width: width ?? looks.width, height: height ?? looks.height })
  await page.goto(`${url}/console/`)
  await show(page, url)
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
  await page.mouse.move(0, 0)
  for (const theme of dark === true ? (['light', 'dark'] as const) : (['light'] as const)) {
    await page.emulateMedia({ colorScheme: theme })
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
    await take(page, theme === 'dark' ? `${name}-dark` : name)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Takes each scene, those after one that failed as well. Answers how many failed. */
async function takeAll(wanted: readonly Scene[], { url, links }: ThrowAway, browser: Browser): Promise<number> {
  const pages = new Map<string, Page>()
  let failed = 0
  for (const scene of wanted) {
    const { person, name } = scene
    const page = pages.get(person) ?? (await signedIn(browser, links[person] ?? ''))
    pages.set(person, page)
    try {
      await shoot(scene, page, url)
    } catch (error) {
      failed += 1
      process.stderr.write(`${name} was not taken: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return failed
}

/** Takes the named scenes, or all of them. Returns the exit code: 0 taken, 1 not all, 2 a name that is none. */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !scenes.some((scene) => scene.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`No scene is called ${unknown.join(', ')}. There are: ${scenes.map(({ name }) => name).join(', ')}.\n`)
    return 2
  }
  const wanted = names.length === 0 ? scenes : scenes.filter(({ name }) => names.includes(name))
  const server = await startThrowAway()
  try {
    const browser = await startChromium()
    try {
      return (await takeAll(wanted, server, browser)) === 0 ? 0 : 1
    } finally {
      await browser.close()
    }
  } finally {
    await server.close()
  }
}
