// The replay of a drive in the console: drawn where the browser can, as a plan where it cannot, on one clock with the calls and by keyboard alone. The drive is
// made up, so that what is asked of it is known.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { closed, type LiveRun, liveRun } from '../harness/live-run.ts'
import { refusalOf } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'
import { framesDrawn } from './within.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202E'
const steps = 200
const upright = [0, 0, 0, 1]

function shelves(): object[] {
  return Array.from({ length: 40 }, (_, at) => ({
    name: at === 0 ? hostile : `shelf ${at}`,
    label: 'shelf',
    at: [(at % 8) * 2.5, Math.floor(at / 8) * 3, 0.8],
    turn: upright,
    size: [1.8, 0.6, 1.6],
  }))
}

function trackOf(place: (share: number) => readonly [number, number, number]): number[] {
  return Array.from({ length: steps }, (_, at) => [...place(at / (steps - 1))]).flat()
}

const replay = {
  schema: 'warehouse-replay/1',
  scenario: 'deliver',
  seed: 1,
  stepSeconds: 0.2,
  goals: [
    { name: hostile, x: 8, y: 1.5 },
    { name: 'set down', x: 17, y: 4.5 },
  ],
  boxes: shelves(),
  robot: {
    boxes: [{ name: 'robot', label: 'robot', at: [0, 0, 0.3], turn: upright, size: [0.7, 0.5, 0.6] }],
    track: trackOf((share) => [share * 17, 1.5 + Math.max(0, share - 0.5) * 6, share > 0.5 ? 0.3 : 0]),
  },
  people: [
    {
      name: 'picker',
      boxes: [{ name: 'picker', label: 'person', at: [0, 0, 0.9], turn: upright, size: [0.4, 0.5, 1.8] }],
      track: trackOf((share) => [12 - share * 6, 7.5, Math.PI]),
    },
  ],
  times: Array.from({ length: steps }, (_, at) => Math.round(at * 200) / 1000),
  marks: [
    { call: 1, t: 0 },
    { call: 2, t: 9 },
    { goal: 1, t: 18.6 },
    { call: 3, t: 25 },
    { goal: 2, t: 39.8 },
    { end: 'passed', t: 39.8 },
  ],
  leftOut: { steps: 0, boxes: 0 },
}

let console: OpenedConsole
let run: LiveRun
before(async () => {
  console = await openConsole(() => openStarter({ runsMax: 0 }))
  run = await drive(JSON.stringify(replay))
})
after(() => console.close())

/** A run that called three times, once what it may not, and left this replay. */
async function drive(text: string): Promise<LiveRun> {
  const driven = await liveRun(console.harness)
  await driven.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
  await refusalOf(driven.call({ connection: 'accounts-data', method: 'DELETE', path: '/accounts/1' }))
  await driven.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
  const digest = await console.harness.twinlock.outside.blobs.put(new TextEncoder().encode(text))
  await driven.act('artifact:write', { run: driven.id, name: 'replay.json', mediaType: 'application/json', digest })
  await driven.end('succeeded')
  await closed(console.harness, driven.id)
  return driven
}

/** How many different colours a picture of the canvas has. */
async function coloursOf(page: Page): Promise<number> {
  const picture = (await page.locator('canvas').screenshot()).toString('base64')
  return page.evaluate(async (content) => {
    const image = new Image()
    image.src = `data:image/png;base64,${content}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext('2d')
    if (context === null) return 0
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const found = new Set<number>()
    for (let at = 0; at < data.length; at += 4) found.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0))
    return found.size
  }, picture)
}

const drawn = (page: Page): Promise<void> => page.locator('canvas[data-drawn]').waitFor()
const timeOf = (page: Page): Promise<string | null> =>
  page.getByRole('slider', { name: 'Time of the drive' }).getAttribute('aria-valuetext')

describe('the replay of a drive', () => {
  it('is reached from its run, is drawn, and is the same in words', async () => {
    const watched = await console.as('operator', `/runs/${run.id}`)
    const { page } = watched
    await page.getByRole('link', { name: 'Replay the drive' }).click()
    await page.waitForURL(/\/replay$/)
    await drawn(page)
    assert.ok((await coloursOf(page)) > 20, 'the canvas shows something')
    await page
      .getByRole('grid', { name: 'What happened during the drive' })
      .getByRole('row', { name: /9\.0 s.*denied.*DELETE/ })
      .waitFor()
    await page.getByText('1 call denied').waitFor()
    await screenshot(page, 'replay')
    await accessibleInBothThemes(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'replay-dark')
    assert.doesNotMatch(await page.title(), /owned/)
    await watched.close()
  })

  it('goes by keyboard alone, and its time is in the URL', async () => {
    const watched = await console.as('operator', `/runs/${run.id}/replay?view=above&t=9`)
    const { page } = watched
    await settled(page)
    assert.equal(await timeOf(page), '9.0 s of 39.8 s')
    await page.locator('h1').focus()
    const press = async (key: string, time: string): Promise<void> => {
      await page.keyboard.press(key)
      await page.waitForFunction((text) => document.querySelector('[role="slider"]')?.getAttribute('aria-valuetext') === text, time)
    }
    await press('ArrowRight', '9.2 s of 39.8 s')
    await press('Shift+ArrowRight', '11.2 s of 39.8 s')
    await press('Shift+ArrowLeft', '9.2 s of 39.8 s')
    await page.waitForURL(/t=9\.2/)
    await press('End', '39.8 s of 39.8 s')
    await press('ArrowRight', '39.8 s of 39.8 s')
    await press('Home', '0.0 s of 39.8 s')
    await page.keyboard.press('.')
    await page.waitForURL(/speed=2/)
    await page.keyboard.press(' ')
    // Stillness is asked for here: it goes on in whole seconds.
    await page.waitForFunction(() => document.querySelector('[role="slider"]')?.getAttribute('aria-valuenow') === '2')
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await page.getByRole('row', { name: /Goal 2 reached/ }).click()
    await page.waitForURL(/t=39\.8/)
    await page.goBack()
    await watched.close()
  })

  it('is looked at from elsewhere by keys and by buttons, and as at first again', async () => {
    const watched = await console.as('operator', `/runs/${run.id}/replay?t=20`)
    const { page } = watched
    await drawn(page)
    const picture = async (): Promise<string> => {
      await framesDrawn(page)
      return (await page.locator('canvas').screenshot()).toString('base64')
    }
    const first = await picture()
    const seen = new Set([first])
    await page.locator('h1').focus()
    for (const key of ['a', 'w', '+', 'd', 's', '-']) {
      await page.keyboard.press(key)
      seen.add(await picture())
    }
    assert.ok(seen.size >= 6, `${seen.size} pictures out of 7`)
    await page.keyboard.press('a')
    await page.keyboard.press('0')
    assert.equal(await picture(), first)
    for (const name of ['Turn right', 'From higher', 'Closer']) await page.getByRole('button', { name, exact: true }).click()
    assert.notEqual(await picture(), first)
    await page.getByRole('button', { name: 'As at first' }).click()
    await page.mouse.move(0, 0)
    assert.equal(await picture(), first)
    await page.keyboard.press('?')
    assert.match(await page.getByRole('dialog', { name: 'Keys' }).innerText(), /Turn the room left, right/)
    await watched.close()
  })

  it('is a plan where the browser draws nothing in three dimensions, and loads no code for it', async () => {
    const watched = await console.as('reviewer', '/runs', { isSpent: true })
    const { page } = watched
    await page.addInitScript(() => {
      const real = HTMLCanvasElement.prototype.getContext
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : (real as (...all: unknown[]) => unknown).call(this, kind, ...rest)
      } as typeof real
    })
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(request.url()))
    await page.goto(`${console.url}/console/runs/${run.id}/replay?t=20`)
    await page.getByText('Drawn from above.').waitFor()
    await page.getByRole('img', { name: /from above at 20\.0 s: a robot, 1 person and 40 boxes/ }).waitFor()
    assert.match(await page.getByRole('region', { name: 'At this time' }).innerText(), /Goals reached\s+1 of 2/)
    assert.ok(!loaded.some((url) => /stage-(?!view)/.test(url)))
    await screenshot(page, 'replay-above')
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('fits a phone', async () => {
    const watched = await console.as('reviewer', `/runs/${run.id}/replay?view=above`, { width: 390, height: 844 })
    const { page } = watched
    await settled(page)
    await fitsInWidth(page)
    await screenshot(page, 'replay-phone')
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('that is none is refused in words, with the place where it is wrong', async () => {
    const other = await drive(JSON.stringify({ ...replay, times: [0, 0] }))
    const watched = await console.as('reviewer', `/runs/${other.id}/replay`)
    await watched.page.getByText('This replay cannot be shown.').waitFor()
    await watched.page.getByText('/times/1').waitFor()
    await accessibleInBothThemes(watched.page)
    await watched.close()
  })

  it('is not for an auditor, who is told so', async () => {
    const watched = await console.as('auditor', `/runs/${run.id}/replay`)
    await watched.page.getByText('You may not see this').waitFor()
    await accessibleInBothThemes(watched.page)
    await watched.close()
  })
})
