// Chromium with a virtual authenticator, on a Twinlock that is reached by a name: somebody adds a passkey and recovery codes, comes in by each, is asked to sign in
// again and does it on the spot, and comes in through a SAML provider on another site, whose post brings no cookie along.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { textAt } from '../harness/acting.ts'
import { freePort } from '../harness/free-port.ts'
import { type SamlIdentityProvider, startSamlProvider } from '../harness/saml-provider.ts'
import { signIn } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const records = new Map<string, string[]>()
let offsetMs = 0
const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }
let it: OpenedConsole
let provider: SamlIdentityProvider

before(async () => {
  const baseUrl = `http://localhost:${await freePort()}`
  it = await openConsole(() => openStarter({ baseUrl, clock, runsMax: 0, textRecords: async (name) => records.get(name) ?? [] }))
  provider = await startSamlProvider()
})
after(async () => {
  await it?.close()
  await provider?.close()
})

/** Gives a page a device that holds passkeys and verifies whoever sits there. */
async function withDevice(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  })
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies()
  await page.goto(`${it.url}/console/sessions`)
  await page.getByText('Sign in with a key of yours').waitFor()
}

test('a passkey and a recovery code are added, sign in, step up and go', async () => {
  const { page, close } = await it.as('reviewer', '/sessions')
  await withDevice(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name').fill('My laptop')
  await page.getByRole('button', { name: 'Add it' }).click()
  const keys = page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem')
  await keys.getByText('My laptop').waitFor()
  await keys.getByRole('button', { name: 'Rename…' }).press('Enter')
  const renaming = page.getByRole('dialog', { name: 'Rename the passkey My laptop' })
  const name = renaming.getByRole('textbox', { name: 'Name' })
  assert.equal(await name.inputValue(), 'My laptop')
  assert.equal(await renaming.getByRole('button', { name: 'Rename it' }).isDisabled(), true, 'the same name is no new one')
  await name.fill('The laptop at home <img src=x>\u202e')
  await accessibleInBothThemes(page)
  await screenshot(page, 'own-ways-rename')
  await page.keyboard.press('Enter')
  await renaming.waitFor({ state: 'detached' })
  await keys.getByText('The laptop at home <img src=x>⟨U+202E⟩').waitFor()
  await page.getByRole('button', { name: 'Make codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make codes' }).click()
  const codes = (await page.getByRole('region', { name: 'the recovery codes' }).innerText()).split('\n')
  assert.equal(codes.length, 10)
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByText('10 unused').waitFor()
  await accessibleInBothThemes(page)
  await fitsInWidth(page)
  await screenshot(page, 'own-ways')

  await signOut(page)
  await accessibleInBothThemes(page)
  await screenshot(page, 'own-ways-sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('list', { name: 'Sessions' }).getByText('a passkey').waitFor()

  // Half a day later the session would be over; a rule of five minutes makes it old enough for an act that asks for a fresh one.
  await (await signIn(it.harness, 'admin')).act('organization:step-up', { minutes: 5 })
  offsetMs += 301_000
  await page.getByRole('button', { name: 'Make new codes' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Make new codes' }).click()
  await dialog.getByRole('button', { name: 'Sign in again with a passkey' }).click()
  await dialog.getByText('You signed in again').waitFor()
  await screenshot(page, 'own-ways-again')
  await dialog.getByRole('button', { name: 'Make new codes' }).click()
  const fresh = (await page.getByRole('region', { name: 'the recovery codes' }).innerText()).split('\n')
  await page.getByRole('button', { name: 'Close' }).click()

  await signOut(page)
  await page.getByText('Use a recovery code').click()
  await page.getByLabel('Organization', { exact: true }).fill('starter')
  const submit = async (code: string) => {
    await page.getByLabel('Recovery code').fill(code)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await submit(codes[0] ?? '')
  await page.getByRole('alert').getByText('signs nobody in').waitFor()
  await submit((fresh[0] ?? '').toLowerCase())
  await page.getByText('9 unused').waitFor()
  await keys.getByRole('button', { name: 'Remove it' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
  await page.getByRole('dialog').getByText('It is gone').waitFor()
  await close()
})

test('a person comes in through a SAML provider of another site', async () => {
  const { act } = await signIn(it.harness, 'admin')
  const { org } = it.harness.starter
  const sso = textAt(await act('sso:create-saml', { slug: 'saml', name: 'Corp', metadata: provider.metadata() }), 'id')
  const claimed = await act('domain:claim', { name: 'starter.example', sso })
  records.set(textAt(claimed, 'record', 'name'), [textAt(claimed, 'record', 'value')])
  await act('domain:verify', { domain: claimed.id })
  provider.register(await (await fetch(`${it.url}/sso/saml/${org}/${sso}/metadata`)).text())
  // The provider lives by this machine's clock, and this Twinlock by one that was moved.
  const now = Date.now() + offsetMs
  const times = { issuedAt: now, notBefore: now, notOnOrAfter: now + 300_000, signedInAt: now }
  provider.script = { nameId: 'u-7', email: 'operator@starter.example', ...times }
  const { page, close } = await it.stranger()
  await page.goto(`${it.url}/console/`)
  await page.getByLabel('Work address or organization').fill('operator@starter.example')
  await page.keyboard.press('Enter')
  await page.locator('#main h1').waitFor()
  await page.goto(`${it.url}/console/sessions`)
  await settled(page)
  await page.getByRole('list', { name: 'Sessions' }).getByText('the organization’s provider').waitFor()
  await close()
})
