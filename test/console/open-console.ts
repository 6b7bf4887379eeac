// The console as people meet it: built once, served by a whole Twinlock over HTTP on loopback, in a real Chromium, signed in by a one-time link. Whatever the
// browser complains about (errors, refused styles and scripts) fails the test that closes the page.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import type { StarterPerson } from '../../src/app/index.ts'
import { createServer, type Limits } from '../../src/server/index.ts'
import { freePort } from '../harness/free-port.ts'
import { asSystem } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { startChromium } from './chromium.ts'
import { startBrowser } from './start-browser.ts'
import { framesDrawn, stepMs, within } from './within.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')

/** How a page is looked at. */
export interface Look {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
  /** Whether the profile is thrown away afterwards: for whoever changes its clock or its scripts. */
  readonly isSpent?: boolean
}

/** A page that is watched. */
export interface Watched {
  readonly page: Page
  /** What the browser complained about. */
  readonly complaints: string[]
  /** Fails if the browser complained, then closes the page. */
  close(): Promise<void>
}

/** The console over a Twinlock. */
export interface OpenedConsole {
  readonly harness: Harness
  readonly url: string
  readonly browser: Browser
  /** A fresh browser profile in which nobody is signed in. */
  stranger(look?: Look): Promise<Watched>
  /** A profile that remembers nothing, in which this person is signed in, at this path of the console. */
  as(person: StarterPerson | `per_${string}`, path?: string, look?: Look): Promise<Watched>
  /** A one-time link for a person, by the starter's name or by id. */
  link(person: StarterPerson | `per_${string}`): Promise<string>
  close(): Promise<void>
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/** Serves on a free port. A port is chosen before it is listened on, because the server has to know its URL; whoever took it meanwhile keeps it. */
async function serve(harness: Harness, limits: Partial<Limits>, tries = 5): Promise<{ url: string; close(): Promise<void> }> {
  const { twinlock } = harness
  // A Twinlock that was told its own name on this machine is reached by that; passkeys need one.
  const own = new URL(twinlock.outside.baseUrl)
  const isNamed = own.hostname === 'localhost'
  const port = isNamed ? Number(own.port) : await freePort()
  const url = isNamed ? own.origin : `http://127.0.0.1:${port}`
  const server = createServer({
    door: twinlock.door,
    broker: twinlock.broker,
    watch: twinlock.watch,
    signIn: twinlock.signIn,
    publicKeys: (org, environment) => twinlock.publicKeys(org, environment),
    baseUrl: url,
    port,
    consoleFolder: join(root, 'dist', 'console'),
    limits,
    log: (line) =>
      line.kind === 'failure' && harness.lines.push(`${line.requestId} ${line.error instanceof Error ? line.error.stack : line.error}`),
  })
  try {
    await server.listen()
  } catch (error) {
    await server.close()
    if (tries > 1 && !isNamed && isTaken(error)) return serve(harness, limits, tries - 1)
    throw error
  }
  return { url, close: () => server.close() }
}

// A refusal of the API is an answer like any other; the browser writes it to its console all the same.
const isRefusal = (text: string, url: string): boolean =>
  text.startsWith('Failed to load resource') && /\/(v1|console\/session)(\/|\?|$)/.test(new URL(url).pathname)

interface Tab {
  readonly page: Page
  readonly complaints: string[]
}

function listening(page: Page): Tab {
  const complaints: string[] = []
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.type() === 'error' && !isRefusal(message.text(), url || 'about:blank')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  return { page, complaints }
}

async function newPage(browser: Browser, { theme = 'light', width = 1280, height = 800 }: Look): Promise<Page> {
  const profile = browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: 'en-US', reducedMotion: 'reduce' })
  const context = await within(stepMs, 'a new profile of the browser', profile)
  const page = await within(stepMs, 'a new page of the browser', context.newPage())
  page.setDefaultTimeout(stepMs)
  return page
}

/** A tab in a profile of its own, which is thrown away afterwards. */
async function watch(browser: Browser, look: Look): Promise<Watched> {
  const tab = listening(await newPage(browser, look))
  return {
    ...tab,
    async close() {
      await tab.page.context().close()
      assert.deepEqual(tab.complaints, [])
    },
  }
}

const heard = ['console', 'pageerror', 'request', 'response', 'requestfailed', 'requestfinished', 'dialog', 'popup', 'load'] as const

/**
 * Takes away what a test did to a tab: who listens, its requests, its other pages, who is signed in. What it stored goes before the next load. It waits at
 * the server, where nothing runs: from an address of no site, the browser would start a process anew for whoever is next, which takes as long as all the rest.
 */
async function emptied(page: Page, resting: string): Promise<void> {
  const context = page.context()
  for (const event of heard) page.removeAllListeners(event)
  for (const other of context.pages()) if (other !== page) await other.close()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  // A test may have stopped the server.
  await page.goto(resting).catch(() => page.goto('about:blank'))
  await page.mouse.move(-1, -1)
  await context.clearCookies()
}

/** Tabs that wait for whoever is next: opening one takes longer than most tests look at it. */
class Tabs {
  private readonly browser: Browser
  private readonly resting: string
  private readonly idle: Page[] = []

  constructor(browser: Browser, first: Page, resting: string) {
    this.browser = browser
    this.resting = resting
    this.idle.push(first)
  }

  async take(look: Look): Promise<Watched> {
    const { theme = 'light', width = 1280, height = 800, isSpent = false } = look
    if (isSpent) return watch(this.browser, look)
    const waiting = this.idle.pop()
    if (waiting === undefined) return this.watched(listening(await newPage(this.browser, look)))
    await waiting.setViewportSize({ width, height })
    await waiting.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    return this.watched(listening(waiting))
  }

  private watched({ page, complaints }: Tab): Watched {
    return {
      page,
      complaints,
      close: async () => {
        if (page.isClosed()) await page.context().close()
        else {
          await within(stepMs, `leaving ${page.url()}`, emptied(page, this.resting))
          this.idle.push(page)
        }
        assert.deepEqual(complaints, [])
      },
    }
  }
}

/** Goes somewhere with nothing stored in the browser, as the first page of a profile does. */
async function goAfresh(page: Page, url: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Page.enable')
  const source = 'localStorage.clear(); sessionStorage.clear()'
  const { identifier } = await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source })
  await page.goto(url)
  await devtools.send('Page.removeScriptToEvaluateOnNewDocument', { identifier })
  await devtools.detach()
}

/** Signs a browser in without its page: what the page does with a link has tests of its own. */
async function signIn(page: Page, url: string, link: string): Promise<void> {
  const headers = { 'twinlock-console': '1', authorization: `Bearer ${link}` }
  const answer = await page.context().request.post(`${url}/console/session`, { headers, data: {} })
  assert.equal(answer.status(), 200, await answer.text())
}

let building: Promise<unknown> | undefined

/** Builds the console unless it is built. The files of a process look at its sources once. */
export async function buildOnce(): Promise<void> {
  building ??= promisify(execFile)(process.execPath, [join(root, 'console/build/build.ts')])
  await building
}

/** Opens the console over a Twinlock with its starter, with these limits of its server beside the usual ones. */
export async function openConsole(open: () => Promise<Harness> = openStarter, limits: Partial<Limits> = {}): Promise<OpenedConsole> {
  await buildOnce()
  // What was opened before something failed is closed again, the last first: the process would go on for it.
  await using unfinished = new AsyncDisposableStack()
  const harness = await open()
  unfinished.defer(() => harness.close())
  const served = await serve(harness, limits)
  unfinished.defer(() => served.close())
  const { browser, first, end } = await startBrowser(startChromium, (started) => newPage(started, {}))
  unfinished.defer(end)
  const opened = unfinished.move()
  const tabs = new Tabs(browser, first, `${served.url}/healthz`)
  const tokenFor = async (person: StarterPerson | `per_${string}`): Promise<string> => {
    const id = person.startsWith('per_') ? person : harness.starter.people[person as StarterPerson] // the other half of the type
    return String((await asSystem(harness, 'starter')('person:link', { person: id })).token)
  }
  return {
    harness,
    url: served.url,
    browser,
    link: async (person) => `${served.url}/login#${await tokenFor(person)}`,
    stranger: (look = {}) => watch(browser, look),
    async as(person, path = '/', look = {}) {
      const watched = await tabs.take(look)
      await signIn(watched.page, served.url, await tokenFor(person))
      await within(stepMs, `going to ${path}`, goAfresh(watched.page, `${served.url}/console${path}`))
      await watched.page.locator('#main h1').first().waitFor()
      await settled(watched.page)
      return watched
    },
    close: () => opened.disposeAsync(),
  }
}

/** Waits until the view is there: a heading, and nothing that is still on its way. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => document.querySelector('.skeleton') === null, undefined, { polling: 25 })
}

const everyRule = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
// A theme changes colours and nothing else; these are the rules among those above that look at one.
const rulesOfColour = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
const axeMs = 60_000
// A table of a hundred rows says the same a hundred times. Rows are compared by axe with what is near them, never with those far away.
const rowsAlike = 'tbody > tr:nth-child(n + 16)'

/** What axe finds, in one line per fault. */
export async function axe(page: Page, runOnly = everyRule): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  const looking = page.evaluate(
    async ({ runOnly, rowsAlike }) => {
      // The script above put it there.
      const { axe } = window as unknown as {
        axe: {
          run(
            context: object,
            options: object,
          ): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }>
        }
      }
      // None of these rules reads style sheets, one asks how long a sound is; no selectors are told, only markup.
      const options = { runOnly, resultTypes: ['violations'], preload: { assets: ['media'] }, selectors: false }
      const { violations } = await axe.run({ exclude: [rowsAlike] }, options)
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
      )
    },
    { runOnly, rowsAlike },
  )
  return within(axeMs, `axe at ${page.url()}`, looking)
}

/** Fails when axe finds something in either theme: everything in the light one, and in the dark one what the colours could have made of it. */
export async function accessibleInBothThemes(page: Page): Promise<void> {
  for (const [colorScheme, rules] of [
    ['light', everyRule],
    ['dark', rulesOfColour],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await framesDrawn(page)
    assert.deepEqual(await axe(page, rules), [], `${colorScheme}, ${page.url()}`)
  }
}

// Only a page that does not fit is waited for as long as this.
const fitsMs = 15_000

/** Fails when the page goes on scrolling sideways once it has come to rest. */
export async function fitsInWidth(page: Page): Promise<void> {
  const fits = () => document.documentElement.scrollWidth <= window.innerWidth
  await page.waitForFunction(fits, undefined, { timeout: fitsMs }).catch(async () => {
    const wide = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, window: window.innerWidth }))
    assert.fail(`${page.url()} is ${wide.page} px wide in a window of ${wide.window} px`)
  })
}

/** Takes a picture when TWINLOCK_PICTURES names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.TWINLOCK_PICTURES
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
