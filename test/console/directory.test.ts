// Enterprise identity in the console: setting a provider up with its test and its domains, the link by which somebody else does, directories with their log, and
// the checklist of a leaver.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { textAt } from '../harness/acting.ts'
import { fillDirectory } from '../harness/directory-acts.ts'
import { sampleMetadata } from '../harness/saml-metadata.ts'
import { asSystem, newPerson, type SignedIn, signIn } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'
const reason = 'A test needs it.'
const records = new Map<string, string[]>()

let console: OpenedConsole
let admin: SignedIn
let leaver: SignedIn
let saml: string
let silent: string
let directory: string

before(async () => {
  console = await openConsole(() => openStarter({ runsMax: 0, textRecords: async (name) => records.get(name) ?? [] }))
  const { harness } = console
  const { project, people } = harness.starter
  admin = await signIn(harness, 'admin')
  saml = textAt(await admin.act('sso:create-saml', { slug: 'corp', name: `Corp ${hostile}`, metadata: await sampleMetadata('corp') }), 'id')
  const nobody = { slug: 'silent', name: 'Silent', issuer: 'http://127.0.0.1:9', clientId: 'twinlock', secret: 'a secret of it' }
  silent = textAt(await admin.act('sso:create', nobody), 'id')
  const said = await fillDirectory(harness.twinlock.door, admin.act, people.owner, 'okta')
  directory = said.directory
  leaver = await newPerson(harness, 'leaver', 'operator')
  const twin = { project, slug: 'left-behind', kind: 'process', program: 'payments', sensitivity: 'internal', owner: leaver.id }
  await asSystem(harness, 'starter')('twin:create', twin)
})
after(() => console.close())

const textOf = (page: Page): Promise<string> => page.locator('main').innerText()

async function isText(page: Page): Promise<void> {
  assert.notEqual(await page.title(), 'owned')
  assert.equal(await page.locator('img[src="x"]').count(), 0)
  assert.ok(!(await page.locator('body').innerText()).includes('\u202e'))
}

/** Presses a button, and what it asks; answers what it said afterwards. */
async function press(page: Page, label: string, why?: string): Promise<string> {
  await page.getByRole('button', { name: label, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  if (why !== undefined) await dialog.getByRole('textbox', { name: 'Reason' }).fill(why)
  await dialog.getByRole('button', { name: label, exact: true }).click()
  const done = page.getByRole('dialog', { name: /^Done: / })
  await done.waitFor()
  const said = await done.innerText()
  await done.getByRole('button', { name: 'Close' }).click()
  await done.waitFor({ state: 'detached' })
  return said
}

describe('a provider', () => {
  it('is set up step by step: what it says, what it has to know, a test, a domain that a record proves', async () => {
    const watched = await console.as('admin', '/identity')
    const { page } = watched
    await page.getByRole('grid', { name: 'Providers' }).waitFor()
    assert.match(await textOf(page), /Corp <img[\s\S]*SAML 2\.0/)
    await isText(page)
    await screenshot(page, 'identity')
    await accessibleInBothThemes(page)
    await page.getByRole('link', { name: 'Connect a provider' }).click()
    await page.getByRole('radio', { name: 'SAML 2.0' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Second Corp')
    assert.equal(await page.getByRole('textbox', { name: 'Short name' }).inputValue(), 'second-corp')
    await page.getByRole('textbox', { name: 'The provider’s metadata' }).fill(await sampleMetadata('second'))
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Connect it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Connect it' }).click()
    await page.waitForURL(/\/identity\/sso_/)
    await page.getByRole('dialog', { name: /^Done/ }).getByRole('button', { name: 'Close' }).click()
    assert.match(await textOf(page), /1\s*Register Twinlock with the provider[\s\S]*ACS URL[\s\S]*\/sso\/saml\/org_/)
    await page.getByRole('button', { name: 'Test it' }).click()
    const found = page.getByRole('list', { name: 'What the test found' })
    await found.getByText('Its certificates.').waitFor()
    assert.match(await found.innerText(), /passed[\s\S]*not assessed[\s\S]*a trial sign-in shows/)
    await page.getByRole('button', { name: 'Try a sign-in' }).click()
    const trial = page.getByRole('link', { name: 'Begin it in another tab' })
    assert.match((await trial.getAttribute('href')) ?? '', /\/sso\/start\?trial=org_[\w-]+\.[\w-]+$/)
    await page.getByRole('textbox', { name: 'Another domain' }).fill('second.example')
    assert.match(await press(page, 'Claim it'), /Set this record[\s\S]*_twinlock\.second\.example/)
    const value = /twinlock-domain-verification=\S+/.exec(await textOf(page))?.[0] ?? ''
    await page.getByRole('button', { name: 'Look the record up' }).click()
    const dialog = page.getByRole('dialog', { name: 'Prove second.example' })
    await dialog.getByRole('button', { name: 'Look the record up' }).click()
    await dialog.getByRole('alert').getByText('does not say what was asked for').waitFor()
    await dialog.getByRole('button', { name: 'Do nothing' }).click()
    records.set('_twinlock.second.example', [value])
    assert.match(await press(page, 'Look the record up'), /second\.example is proved/)
    await page.getByRole('list', { name: 'Domains' }).getByText('proved', { exact: true }).waitFor()
    await screenshot(page, 'identity-connection')
    await accessibleInBothThemes(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsInWidth(page)
    await screenshot(page, 'identity-connection-phone')
    await watched.close()
  })

  it('that does not answer is told with what lies behind it and what to do', async () => {
    const watched = await console.as('admin', `/identity/${silent}`)
    const { page } = watched
    await page.getByRole('button', { name: 'Test it' }).click()
    const found = page.getByRole('list', { name: 'What the test found' })
    await found.getByText('failed').waitFor()
    assert.match(await found.innerText(), /could not be reached[\s\S]*see whether it is up, and whether a firewall/)
    await screenshot(page, 'identity-test-failed')
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('is made the only way in only by somebody who came through it: what it does, and who keeps break-glass, is said before', async () => {
    const watched = await console.as('admin', '/identity')
    const { page } = watched
    await page.getByRole('button', { name: 'Require the provider' }).click()
    const dialog = page.getByRole('dialog', { name: 'Require the provider' })
    assert.match(await dialog.innerText(), /Guests’ too[\s\S]*break-glass links/)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await dialog.getByRole('button', { name: 'Require the provider' }).click()
    await dialog.getByRole('alert').getByText('You are not signed in through a provider yourself.').waitFor()
    await watched.close()
  })

  it('is not for everybody: whoever may not see it reads what is missing', async () => {
    const watched = await console.as('operator', `/identity/${saml}`)
    await watched.page.getByText('You may not see this').waitFor()
    await watched.page.getByText('Starter Admin can grant it.').waitFor()
    await watched.close()
  })
})

describe('an admin link', () => {
  it('is shown once; it opens a page of nothing but what it is for, and what comes of it is in use when it is accepted', async () => {
    const watched = await console.as('admin', '/identity/links/new')
    const { page } = watched
    await page.getByRole('textbox', { name: 'For' }).fill(`Their IT ${hostile}`)
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Make the link' }).click()
    const making = page.getByRole('dialog', { name: 'Make the link' })
    await making.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await making.getByRole('button', { name: 'Make the link' }).click()
    const shown = page.getByRole('dialog', { name: /^Done/ })
    await shown.getByText('It is shown this once').waitFor()
    const token = /twa_\S+/.exec(await shown.innerText())?.[0] ?? ''
    await screenshot(page, 'identity-link-shown')
    await shown.getByRole('button', { name: 'Close' }).click()
    await page.waitForURL(/\/identity\/links\/lnk_/)
    assert.ok(!(await page.content()).includes(token))

    const theirs = await console.stranger({ width: 1280 })
    const it = theirs.page
    const asked: string[] = []
    it.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await it.goto(`${console.url}/console/identity/set-up#${token}`)
    await it.getByRole('heading', { name: /^Set up sign-in for / }).waitFor()
    assert.equal(it.url(), `${console.url}/console/identity/set-up`)
    assert.equal(await it.getByRole('navigation').count(), 0)
    await it.getByRole('radio', { name: 'SAML 2.0' }).click()
    await screenshot(it, 'set-up')
    await accessibleInBothThemes(it)
    await it.getByRole('textbox', { name: 'Name', exact: true }).fill('Theirs')
    await it.getByRole('textbox', { name: 'The provider’s metadata' }).fill(await sampleMetadata('theirs'))
    assert.match(await press(it, 'Connect it'), /Now register Twinlock/)
    await it.getByText('ACS URL').waitFor()
    await it.getByRole('button', { name: 'Test it' }).click()
    await it.getByRole('list', { name: 'What the test found' }).waitFor()
    await screenshot(it, 'set-up-connection')
    await accessibleInBothThemes(it)
    await it.getByRole('tab', { name: 'Directory' }).click()
    await it.getByRole('textbox', { name: 'Name', exact: true }).fill('Theirs')
    assert.match(await press(it, 'Open the directory'), /shown this once[\s\S]*\/scim\/v2[\s\S]*twd_/)
    await it.getByText('It has asked for nothing yet.').waitFor()
    await it.setViewportSize({ width: 390, height: 844 })
    await fitsInWidth(it)
    await screenshot(it, 'set-up-phone')
    await accessibleInBothThemes(it)
    const others = asked.filter((path) => path.startsWith('/v1/') && !/^\/v1\/(links\/purpose|ssos|domains|directories)/.test(path))
    assert.deepEqual(others, [], 'it asks for nothing else, so that nothing is refused, either')

    await page.reload()
    await settled(page)
    await page.getByText('waits to be accepted').waitFor()
    await page.getByText(/^signs by sha256:[0-9a-f]{64}$/).waitFor()
    await screenshot(page, 'identity-link')
    await accessibleInBothThemes(page)
    await isText(page)
    assert.match(await press(page, 'Accept what was set up', reason), /The link has ended/)
    await page.getByText('accepted', { exact: true }).waitFor()
    // What it shows is read again when somebody comes back to it, or before that by itself.
    await it.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
    await it.getByRole('heading', { name: 'Your session ended' }).waitFor()
    await theirs.close()
    await watched.close()
  })

  it('that has ended, and a page that is opened without one, say so and show nothing', async () => {
    const made = await admin.act('link:create', { name: 'Nobody', reason })
    await admin.act('link:revoke', { link: made.id, reason })
    const watched = await console.stranger()
    const { page } = watched
    await page.goto(textAt(made, 'url').replace(/^https?:\/\/[^/]+/, console.url))
    await page.getByRole('alert').getByText('This admin link has ended').waitFor()
    await page.goto('about:blank')
    await page.goto(`${console.url}/console/identity/set-up`)
    await page.getByRole('alert').getByText('This page is opened by an admin link').waitFor()
    await screenshot(page, 'set-up-nothing')
    await accessibleInBothThemes(page)
    await watched.close()
  })
})

describe('a directory', () => {
  it('shows what it asked for and why something was refused, narrowed in the URL; its token is changed with an overlap, shown once', async () => {
    const watched = await console.as('admin', '/identity/directories')
    const { page } = watched
    await page.getByRole('row', { name: /A provider/ }).click()
    const log = page.getByRole('grid', { name: 'Deliveries' })
    await log.getByText('Remove a group').waitFor()
    assert.match(await log.innerText(), /Change a user[\s\S]*done[\s\S]*Changed the user/)
    await screenshot(page, 'identity-directory')
    await accessibleInBothThemes(page)
    await page.getByRole('searchbox').fill('make a user')
    await page.waitForURL(/find=make/)
    assert.equal(await log.getByText('Remove a group').count(), 0)
    await page.goto(`${console.url}/console/identity/directories/${directory}?only=refused`)
    await page.getByText('Nothing was refused.').waitFor()
    await page.getByText('What it last said and what is here are the same.').waitFor()
    assert.match(await press(page, 'Make a new token'), /shown this once[\s\S]*twd_org_/)
    await page
      .getByText(/ends in/)
      .first()
      .waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsInWidth(page)
    await screenshot(page, 'identity-directory-phone')
    await watched.close()
  })
})

describe('the checklist of a leaver', () => {
  it('says what would end, ends it, and is done when the read-back finds nothing; what stands still is handed over from there', async () => {
    const watched = await console.as('admin', `/identity/leaving/${leaver.id}`)
    const { page } = watched
    await page
      .getByText(/would end/)
      .first()
      .waitFor()
    assert.match(await textOf(page), /Sessions[\s\S]*would end[\s\S]*Grants[\s\S]*would end/)
    await screenshot(page, 'identity-leaving-before')
    await accessibleInBothThemes(page)
    await press(page, 'End this person’s time here')
    await page.getByText('Done: nothing of it counts any more.').waitFor()
    assert.match(await textOf(page), /an administrator said so[\s\S]*ended/)
    const owned = page.getByRole('grid', { name: 'What is owned' })
    await owned.getByText('left-behind').waitFor()
    await page.getByRole('combobox', { name: 'Hand it over to' }).fill('Starter Owner')
    await page
      .getByRole('option', { name: /Starter Owner/ })
      .first()
      .click()
    assert.match(await press(page, 'Offer it', reason), /1 thing offered/)
    await owned.getByText('Starter Owner').waitFor()
    await screenshot(page, 'identity-leaving-after')
    await accessibleInBothThemes(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsInWidth(page)
    await screenshot(page, 'identity-leaving-phone')
    await watched.close()
    const asked = await console.as('owner', '/')
    await asked.page.getByRole('link', { name: /left-behind/ }).click()
    await asked.page.getByRole('heading', { name: 'Offered to you' }).waitFor()
    await asked.page.getByText(/has left\. Until somebody takes it over/).waitFor()
    await screenshot(asked.page, 'offers')
    await accessibleInBothThemes(asked.page)
    assert.match(await press(asked.page, 'Take over'), /You answer for 1 thing/)
    await asked.page.getByText('Nothing is offered to you.').waitFor()
    await asked.close()
  })
})
