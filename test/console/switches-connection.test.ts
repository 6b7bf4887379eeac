// What the shell says of its connection: live while a stream is open, reconnecting when it broke, stale where nothing could be read again, and live again
// by itself. The server cuts the stream, and the browser keeps it from coming back.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type LiveRun, liveRun } from '../harness/live-run.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot } from './open-console.ts'

let it: OpenedConsole
let run: LiveRun
before(async () => {
  it = await openConsole(() => openStarter({ runsMax: 0 }))
  run = await liveRun(it.harness)
})
after(() => it.close())

const says = (page: Page, word: string) => page.locator('header').getByRole('status').getByText(word, { exact: true }).waitFor()

test('a stream that breaks is told in a word, and goes on by itself with what happened meanwhile', async () => {
  let stream: IncomingMessage | undefined
  const note = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage } // by the channel's documentation
    if (request.url?.endsWith('/events')) stream = request
  }
  subscribe('http.server.request.start', note)
  const watched = await it.as('operator', `/runs/${run.id}`)
  const { page } = watched
  await says(page, 'Live')
  await page.route('**/events', (route) => route.abort())
  assert.ok(stream)
  stream.socket.destroy()
  await says(page, 'Reconnecting')
  await screenshot(page, 'reconnecting')
  await accessibleInBothThemes(page)
  await run.call({ connection: 'accounts-data', path: '/accounts?limit=2' })
  await page.unroute('**/events')
  await says(page, 'Live')
  await page.getByRole('tab', { name: 'Calls 1' }).waitFor()
  unsubscribe('http.server.request.start', note)
  await watched.close()
})

test('what cannot be read again stays, with when it was true, and is read again on request', async () => {
  const watched = await it.as('operator', '/runs', { width: 390 })
  const { page } = watched
  await page.getByRole('row').nth(1).waitFor()
  await page.route('**/v1/**', (route) => route.abort())
  await page.getByText(/^As it was at/).waitFor()
  await says(page, 'Reconnecting')
  assert.ok(await page.getByRole('row').nth(1).isVisible())
  await screenshot(page, 'stale-phone')
  await fitsInWidth(page)
  await accessibleInBothThemes(page)
  await page.unroute('**/v1/**')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText(/^As it was at/).waitFor({ state: 'detached' })
  await says(page, 'Connected')
  await watched.close()
})
