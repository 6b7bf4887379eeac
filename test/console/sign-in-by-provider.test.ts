// Chromium signs in through a real provider in this process, sees where he is signed in, and ends it; nobody comes in without the provider's word.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { textAt } from '../harness/acting.ts'
import { client, type RealProvider, startProvider } from '../harness/openid-provider.ts'
import { signIn } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, settled } from './open-console.ts'

const records = new Map<string, string[]>()
let it: OpenedConsole
let provider: RealProvider

before(async () => {
  // Refusals are forgotten so slowly that none is while the browser opens the page that a test waits for.
  it = await openConsole(() => openStarter({ textRecords: async (name) => records.get(name) ?? [] }), { refusalsPerMinute: 1 })
  provider = await startProvider(it.url)
  provider.people.set('u-operator', { email: 'operator@starter.example', email_verified: true })
  const { act } = await signIn(it.harness, 'admin')
  const made = await act('sso:create', { slug: 'corp', name: 'Corp', issuer: provider.issuer, clientId: client.id, secret: client.secret })
  const claimed = await act('domain:claim', { name: 'starter.example', sso: made.id })
  records.set(textAt(claimed, 'record', 'name'), [textAt(claimed, 'record', 'value')])
  await act('domain:verify', { domain: claimed.id })
})
after(async () => {
  await it?.close()
  await provider?.close()
})

test('a person signs in with his work address, sees his sessions, and ends another one', async () => {
  const { page, close } = await it.stranger()
  await page.goto(`${it.url}/console/`)
  provider.signsIn = 'u-nobody'
  await page.getByLabel('Work address or organization').fill('operator@starter.example')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('alert').getByText('nobody here is linked to you').waitFor()
  await accessibleInBothThemes(page)

  // The provider has a session of its own in this browser, of whoever was there before.
  await page.context().clearCookies()
  provider.signsIn = 'u-operator'
  await page.getByLabel('Work address or organization').fill('starter')
  await page.keyboard.press('Enter')
  await page.locator('#main h1').waitFor()
  const other = await it.as('operator')
  await page.goto(`${it.url}/console/sessions`)
  await settled(page)
  const items = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
  await items.getByText('this one').waitFor()
  assert.equal(await items.getByText('the organization’s provider').count(), 1)
  await accessibleInBothThemes(page)
  await fitsInWidth(page)

  const foreign = items.filter({ hasText: 'a one-time link' })
  const before = await foreign.count()
  await foreign.last().getByRole('button', { name: 'End it' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
  await page.getByRole('dialog').getByText('It is over.').waitFor()
  await page.keyboard.press('Escape')
  await page.waitForFunction((count) => document.querySelectorAll('ul[aria-label=Sessions] > li').length === count, before)
  await other.page.reload()
  await other.page.getByText('Sign in with your organization').waitFor()
  await other.close()
  await close()
})

test('a browser whose address was refused too often sees a page that says when to try again', async () => {
  const start = `${it.url}/sso/start?organization=nobody`
  for (let asked = 0; (await fetch(start, { redirect: 'manual' })).status !== 429; asked++)
    assert.ok(asked < 1_000, 'somebody is slowed down')
  const { page, close } = await it.stranger()
  await page.goto(start)
  await page.getByRole('heading', { name: 'Wait a moment' }).waitFor()
  await page
    .getByRole('alert')
    .getByText(/Wait \d+ s/)
    .waitFor()
  await accessibleInBothThemes(page)
  await fitsInWidth(page)
  await close()
})
