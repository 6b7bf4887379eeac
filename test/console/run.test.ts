// A run live in the console: what it calls arrives while somebody watches, denials cannot be overlooked, and it is frozen, thawed and stopped by keyboard. The
// run is driven by hand, so that what a hostile program could do is done here.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { at, listAt, textAt } from '../harness/acting.ts'
import { closed, type LiveRun, liveRun, longLivedBatch, longLivedRun, takeUp } from '../harness/live-run.ts'
import { grant, newPerson, refusalOf, signIn } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const markup = '<img src=x onerror="document.title=\'owned\'">'
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const map = (at: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><script>document.title='owned'</script><rect width="20" height="10" fill="#dde"/><circle cx="${at}" cy="5" r="2" fill="#259"/></svg>`

let console: OpenedConsole
before(async () => {
  console = await openConsole(() => openStarter({ runsMax: 0 }))
})
after(() => console.close())

const accounts = { connection: 'accounts-data', path: '/accounts?limit=2' }

/** A call that no manifest allows. */
async function denied(run: LiveRun, path: string): Promise<void> {
  await refusalOf(run.call({ connection: 'accounts-data', method: 'DELETE', path }))
}

async function wrote(run: LiveRun, name: string, mediaType: string, bytes: Uint8Array | string): Promise<void> {
  const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  const digest = await console.harness.twinlock.outside.blobs.put(content)
  await run.act('artifact:write', { run: run.id, name, mediaType, digest })
}

const callRow = (page: Page, text: RegExp) => page.getByRole('grid').getByRole('row', { name: text })

/** The requests for event streams from now on; each can be cut off. */
function streams(): { readonly opened: IncomingMessage[]; stop(): void } {
  const opened: IncomingMessage[] = []
  const note = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage } // by the channel's documentation
    if (request.url?.endsWith('/events')) opened.push(request)
  }
  subscribe('http.server.request.start', note)
  return { opened, stop: () => unsubscribe('http.server.request.start', note) }
}

describe('a run that lives', () => {
  let run: LiveRun
  before(async () => {
    run = await longLivedRun(console.harness)
  })

  it('shows its three identities whole with their ends, and says that it has called nothing yet', async () => {
    const watched = await console.as('operator', `/runs/${run.id}`)
    const { page } = watched
    await page.getByText('It has called nothing yet.').waitFor()
    const who = await page.getByRole('region', { name: /Who acts/ }).innerText()
    assert.match(who, /Operator answers for it[\s\S]*Orchestrator launched it[\s\S]*Twin what the run acts as/)
    assert.ok(who.includes(run.spiffeId))
    assert.match(who, /spiffe:\/\/staging\.[^/]+\/pipeline\//)
    assert.match(who, /ends in 1 h( \d+ min)?\n/)
    assert.match(who, /Deadline\s+1 h( \d+ min)? left\s+Claim of its worker\s+(1 h|[\d:]+) unless renewed/)
    await accessibleInBothThemes(page)
    await screenshot(page, 'run-empty')
    await watched.close()
  })

  it('shows calls as they happen, and what was denied above everything', async () => {
    const watched = await console.as('operator', `/runs/${run.id}`)
    const { page } = watched
    await page.getByText('It has called nothing yet.').waitFor()
    await run.call(accounts)
    await callRow(page, /allowed.*\/accounts/).waitFor()
    assert.equal(await page.getByText(/was denied/).count(), 0)
    await denied(run, '/accounts/1')
    await page.getByText('1 call was denied.').waitFor()
    for (let turn = 0; turn < 6; turn += 1) await run.call(accounts)
    await denied(run, `/accounts/${encodeURIComponent(markup)}\u202E`)
    await page.getByText('2 calls were denied.').waitFor()
    await page.getByRole('status').getByText('Denied: 1 call.').waitFor()
    await callRow(page, /⟨U\+202E⟩/).waitFor() // what turns the direction is named
    await screenshot(page, 'run-live')
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'run-live-dark')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Show what was denied' }).click()
    await page.waitForURL(/calls=denied/)
    await page.getByText('2 of 9 calls').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Call 2' })
    await drawer.getByText('nothing was sent').waitFor()
    await drawer.getByText('No rule of its manifest').waitFor()
    await accessibleInBothThemes(page)
    await screenshot(page, 'run-call')
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.search.includes('call='))
    assert.doesNotMatch(await page.title(), /owned/)
    await watched.close()
  })

  it('goes on where it was when the connection is cut, without a call lost or told twice', async () => {
    const requests = streams()
    const watched = await console.as('operator', `/runs/${run.id}`)
    const { page } = watched
    await page.getByRole('tab', { name: 'Calls 9' }).waitFor()
    requests.opened.at(-1)?.socket.destroy()
    await run.call(accounts)
    await denied(run, '/accounts/after-the-cut')
    await page.getByRole('tab', { name: 'Calls 11' }).waitFor()
    await callRow(page, /after-the-cut/).waitFor()
    await page.getByText('3 calls were denied.').waitFor()
    requests.stop()
    assert.ok(requests.opened.length >= 2)
    assert.match(String(requests.opened.at(-1)?.headers['last-event-id']), /^1\..+\.9\./)
    await watched.close()
  })

  it('goes to a call by its number by keyboard, whatever the filters leave out, and says which is the last', async () => {
    const watched = await console.as('operator', `/runs/${run.id}?calls=denied`)
    const { page } = watched
    await page.getByText('3 of 11 calls').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('99')
    await page.keyboard.press('Enter')
    await page.getByText('There is no call 99: the last is 11.').waitFor()
    await accessibleInBothThemes(page)
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('5')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Call 5' }).getByText('allowed').waitFor()
    await watched.close()
  })

  it('shows files, maps and pictures as they come, and nothing in them is run', async () => {
    const watched = await console.as('operator', `/runs/${run.id}?part=pictures`)
    const { page } = watched
    await wrote(run, 'live/map-000005.svg', 'image/svg+xml', map(5))
    await page.getByRole('tab', { name: 'Maps and pictures' }).click()
    await page.getByRole('img', { name: /map-000005/ }).waitFor()
    await wrote(run, 'live/map-000010.svg', 'image/svg+xml', map(10))
    await wrote(run, 'camera/000001.png', 'image/png', Buffer.from(pixel, 'base64'))
    await page.getByRole('img', { name: /map-000010/ }).waitFor()
    await page.getByRole('img', { name: /camera\/000001/ }).waitFor()
    assert.ok(await page.getByRole('img', { name: /map-000010/ }).evaluate((img) => (img as HTMLImageElement).naturalWidth > 0)) // an img by its role
    await page.getByRole('button', { name: 'The one before' }).click()
    await page.getByRole('img', { name: /map-000005/ }).waitFor()
    await accessibleInBothThemes(page)
    await screenshot(page, 'run-pictures')
    assert.doesNotMatch(await page.title(), /owned/)
    await watched.close()
  })

  it('is frozen, thawed and stopped by keyboard, each with a reason, and says what that ended in how long', async () => {
    await run.token()
    const watched = await console.as('operator', `/runs/${run.id}`)
    const { page } = watched
    const act = async (button: string, title: string, said: RegExp): Promise<void> => {
      await page.getByRole('button', { name: button, exact: true }).focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: title })
      await dialog.getByRole('textbox', { name: /Reason/ }).waitFor()
      await screenshot(page, `run-${button.toLowerCase()}`)
      if (button === 'Freeze') await accessibleInBothThemes(page)
      await page.keyboard.type('It calls what it should not.')
      await dialog.getByRole('button', { name: button, exact: true }).focus()
      await page.keyboard.press('Enter')
      await page
        .getByRole('dialog', { name: `Done: ${title}` })
        .getByText(said)
        .waitFor()
      await page.keyboard.press('Escape')
    }
    await act('Freeze', 'Freeze this run', /1 credential of the run ended in [\d.]+ m?s/)
    await page.getByText('Frozen: nothing of it is admitted.').waitFor()
    assert.match(
      await page.locator('main').innerText(),
      /It calls what it should not\. By\s+(person\s+)?Starter Operator[\s\S]*It is ended in (1 h|59:\d\d),/,
    )
    await refusalOf(run.call(accounts))
    await screenshot(page, 'run-frozen')
    await act('Thaw', 'Thaw this run', /goes on under new credentials/)
    await page.getByText('Frozen: nothing of it is admitted.').waitFor({ state: 'detached' })
    await act('Stop', 'Stop this run', /ended in [\d.]+ m?s\. Nothing of it is admitted any more/)
    await closed(console.harness, run.id)
    await page.getByText('cancelled', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Freeze' }).waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Calls 11' }).waitFor()
    await watched.close()
  })

  it('can be read after its end from the tape, with its filters in the URL, and fits a phone', async () => {
    const watched = await console.as('reviewer', `/runs/${run.id}?calls=denied&connection=accounts-data`, { width: 390, height: 844 })
    const { page } = watched
    await settled(page)
    await callRow(page, /after-the-cut/).waitFor()
    await fitsInWidth(page)
    await screenshot(page, 'run-phone')
    await accessibleInBothThemes(page)
    await page.goto(`${console.url}/console/runs/${run.id}?method=PATCH`)
    await page.getByText('No call is like that.').waitFor()
    await page.getByRole('button', { name: 'Show all calls' }).click()
    await callRow(page, /after-the-cut/).waitFor()
    await page.goto(`${console.url}/console/runs/${run.id}?call=2`)
    await page.getByRole('dialog', { name: 'Call 2' }).getByText('nothing was sent').waitFor()
    await page.goto(`${console.url}/console/runs/${run.id}?part=given`)
    await page.getByRole('heading', { name: /Its own summary/ }).waitFor()
    await fitsInWidth(page)
    await watched.close()
  })
})

describe('a file of a run', () => {
  it('that is a page is shown as the text that it is, and saved as an attachment', async () => {
    const run = await liveRun(console.harness)
    const watched = await console.as('operator', `/runs/${run.id}`)
    const { page } = watched
    await page.getByRole('tab', { name: 'Files 0' }).click()
    await page.getByText('It has written nothing yet.').waitFor()
    await wrote(run, 'page.html', 'text/html', `<title>owned</title>${markup}`)
    await page.getByRole('tab', { name: 'Files 1' }).click()
    await page.getByRole('row', { name: /page\.html/ }).click()
    const drawer = page.getByRole('dialog', { name: 'page.html' })
    await drawer.getByText('<title>owned</title>').waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), drawer.getByRole('button', { name: 'Save' }).click()])
    assert.equal(download.suggestedFilename(), 'page.html')
    await accessibleInBothThemes(page)
    await page.keyboard.press('Escape')
    assert.doesNotMatch(await page.title(), /owned/)
    await watched.close()
    await run.end('succeeded')
    await closed(console.harness, run.id)
  })
})

describe('runs that are launched together', () => {
  it('are launched by writing several seeds, seen as one with each of them, and ended at once by keyboard', async () => {
    const { harness } = console
    const { scenario, environments } = harness.starter
    const watched = await console.as('operator', `/launch?scenario=${scenario}&environment=${environments.staging}&seed=1..101`)
    const { page } = watched
    await page.getByText('These are 101 runs. At most 100 are launched together.').waitFor()
    await page.getByRole('textbox', { name: 'Seed' }).fill('7..8, 11')
    await page.getByRole('button', { name: 'Launch 3 runs' }).press('Enter')
    const asked = page.getByRole('dialog', { name: /^Launch 3 runs of / })
    await asked.getByText('all of them, or none').waitFor()
    await accessibleInBothThemes(page)
    await asked.getByRole('button', { name: 'Launch 3 runs' }).press('Enter')
    await page.waitForURL(/\/console\/batches\/bat_/)
    await page.keyboard.press('Escape')
    const rows = page.getByRole('grid', { name: 'Its runs' }).getByRole('row')
    await rows.nth(3).waitFor()
    const batch = page.url().match(/bat_[0-9a-z]{26}/)?.[0] ?? ''
    await longLivedBatch(harness, batch)
    const operator = await signIn(harness, 'operator')
    const runs = listAt(await operator.act('run:list', { batch }), 'items')
    const of = (seed: number): string =>
      textAt(
        runs.find((one) => at(one, 'seed') === seed),
        'id',
      )
    const [good, bad] = [await takeUp(harness, of(7)), await takeUp(harness, of(8))]
    await good.end('succeeded')
    await bad.end('failed', { note: markup })
    // What did not succeed stands first, and what succeeded last.
    await rows.nth(1).getByText('the run says that it failed').waitFor()
    assert.doesNotMatch(await rows.nth(1).innerText(), /onerror/, 'what a run says of itself is in no list')
    await page.getByText('did not succeed', { exact: true }).waitFor()
    assert.deepEqual([/^8/.test(await rows.nth(1).innerText()), /^7/.test(await rows.nth(3).innerText())], [true, true])
    await screenshot(page, 'batch')
    await accessibleInBothThemes(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsInWidth(page)
    await screenshot(page, 'batch-phone')
    await page.getByRole('button', { name: 'End all' }).press('Enter')
    await page.getByRole('textbox', { name: 'Reason' }).fill('It is enough.')
    await page.getByRole('dialog').getByRole('button', { name: 'End all' }).press('Enter')
    await page
      .getByRole('dialog', { name: /^Done/ })
      .getByText(/1 run and \d+ credentials? ended in/)
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'End all' }).and(page.locator('[disabled]')).waitFor()
    await page.getByRole('radio', { name: 'Succeeded' }).click()
    await rows.nth(2).waitFor({ state: 'detached' })
    assert.match(page.url(), /show=succeeded/)
    await rows.nth(1).click()
    await page.waitForURL(new RegExp(good.id))
    await page.getByRole('link', { name: 'batch', exact: true }).click()
    await page.getByRole('link', { name: 'Batches' }).first().click()
    await page.getByRole('row', { name: /3 runs, 1 succeeded, 2 did not, over/ }).waitFor()
    await screenshot(page, 'batches')
    await accessibleInBothThemes(page)
    await watched.close()
    for (const run of [good, bad]) await closed(harness, run.id)
  })

  it('are not ended by whoever may only look: he is told what is missing; and what was given until their end goes with them', async () => {
    const { harness } = console
    const { scenario, environments } = harness.starter
    const operator = await signIn(harness, 'operator')
    const { id } = await operator.act('batch:launch', { scenario, environment: environments.staging, seeds: '1' })
    await longLivedBatch(harness, String(id))
    const watched = await console.as('auditor', `/batches/${String(id)}`)
    const { page } = watched
    await page.getByRole('button', { name: 'Why not?' }).click()
    await page
      .getByRole('dialog', { name: 'Why not: End all' })
      .getByText(/can grant it/)
      .waitFor()
    await page.keyboard.press('Escape')
    const giving = (await page.getByRole('link', { name: 'Give access until it is over' }).getAttribute('href')) ?? ''
    await page.goto(`${console.url}/console/batches/bat_00000000000000000000000000`)
    await page.getByRole('alert').waitFor()
    await watched.close()
    const admin = await signIn(harness, 'admin')
    const form = await console.as('admin', giving.replace(/^\/console/, ''))
    await form.page.getByText('Choose to whom it is given.').waitFor()
    await form.page.goto(`${form.page.url()}&principal=${harness.starter.people.auditor}&gives=exporter`)
    await form.page.getByRole('button', { name: 'Give it' }).press('Enter')
    await form.page.getByRole('textbox', { name: 'Reason' }).fill('As long as they run.')
    await form.page.getByRole('dialog').getByRole('button', { name: 'Give it' }).press('Enter')
    await form.page.getByRole('heading', { name: 'Done: Give access' }).waitFor()
    await form.close()
    const live = async () => listAt(await admin.act('grant:list', { principal: harness.starter.people.auditor, state: 'live' }), 'items')
    assert.ok((await live()).some((one) => at(one, 'untilBatch') === id))
    await operator.act('batch:end', { batch: id, reason: 'A test has seen it.' })
    assert.ok(!(await live()).some((one) => at(one, 'untilBatch') === id))
  })
})

describe('who may not see a run', () => {
  it('is told what is missing of it: an auditor sees who acted, and not what it called', async () => {
    const run = await liveRun(console.harness)
    const watched = await console.as('auditor', `/runs/${run.id}`)
    const { page } = watched
    await page.getByRole('region', { name: /Who acts/ }).waitFor()
    await page.getByText('You may not see this').waitFor()
    await page.getByText('Starter Admin can grant it.', { exact: true }).waitFor()
    await screenshot(page, 'run-forbidden')
    await accessibleInBothThemes(page)
    await watched.close()
    await run.end('failed')
    await closed(console.harness, run.id)
  })

  it('or loses what was shown the moment the right is taken away while it is watched', async () => {
    const { harness } = console
    const run = await liveRun(harness)
    const { id } = await newPerson(harness, 'leaver')
    const role = await grant(harness, id, 'observer')
    const watched = await console.stranger()
    const { page } = watched
    await page.goto(await console.link(id as `per_${string}`)) // an id of a person
    await page.locator('#main h1').waitFor()
    await page.goto(`${console.url}/console/runs/${run.id}`)
    await denied(run, '/accounts/secret')
    await callRow(page, /accounts\/secret/).waitFor()
    const admin = await signIn(harness, 'admin')
    await admin.act('grant:revoke', { grant: role, reason: 'A test takes it.' })
    await callRow(page, /accounts\/secret/).waitFor({ state: 'detached' })
    assert.doesNotMatch(await page.locator('main').innerText(), /secret|was denied/)
    await run.end('failed')
    await closed(harness, run.id)
    await watched.close()
  })

  it('or that there is no such run', async () => {
    const watched = await console.as('operator', '/runs/run_00000000000000000000000000')
    await watched.page.getByRole('alert').waitFor()
    await accessibleInBothThemes(watched.page)
    await watched.close()
  })
})
