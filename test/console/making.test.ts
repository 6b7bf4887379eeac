// Making what runs need, in the console: a project, a twin in it, an environment, a connection with its credential. Whoever may not is told so, and fills in nothing.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { asSystem, grant, signIn } from '../harness/signed-in.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot } from './open-console.ts'
import { atRest } from './within.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'
const shown = '<img src=x onerror="document.title=\'owned\'">⟨U+202E⟩'
const secret = 'Bearer made-for-this-test-0123456789'
const textOf = (page: Page): Promise<string> => page.locator('main').innerText()

/** Presses the button of the form and the one of its question. */
async function make(page: Page, label: string): Promise<void> {
  await page.locator('main').getByRole('button', { name: label }).click()
  await page.getByRole('dialog').getByRole('button', { name: label }).click()
}

/** Closes what says that it was done. */
async function done(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: /^Done: / })
  await dialog.getByRole('button', { name: 'Close' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

async function choose(page: Page, label: string, option: RegExp | string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`${label}$`) }).click()
  await page.getByRole('option', { name: option }).click()
}

describe('making what runs need', () => {
  let console: OpenedConsole
  before(async () => {
    console = await openConsole()
  })
  after(() => console.close())

  it('begins with a project, by an administrator, from the list of projects; its name is text', async () => {
    const watched = await console.as('admin', '/projects')
    const { page } = watched
    await page.getByRole('row', { name: /starter/ }).waitFor()
    await screenshot(page, 'projects')
    await accessibleInBothThemes(page)
    await page.getByRole('link', { name: 'New project' }).click()
    await page.getByText('Say what it is called first.').waitFor()
    await page.getByLabel('Name', { exact: true }).fill(hostile)
    await page.getByLabel('Short name').fill('starter')
    await screenshot(page, 'new-project')
    await accessibleInBothThemes(page)
    await fitsInWidth(page)
    await make(page, 'Make the project')
    await page.getByRole('dialog').getByText('A project has this slug already.').first().waitFor()
    await page.getByRole('button', { name: 'Do nothing' }).click()
    const field = page.getByLabel('Short name')
    assert.equal(await field.getAttribute('aria-invalid'), 'true')
    assert.match(await textOf(page), /A project has this slug already\./)
    await screenshot(page, 'new-project-refused')
    await field.fill('dangerous')
    assert.doesNotMatch(await textOf(page), /has this slug already/)
    await make(page, 'Make the project')
    await done(page)
    await page.waitForURL(/\/console\/projects$/)
    await page.getByRole('row', { name: /dangerous/ }).waitFor()
    assert.ok((await textOf(page)).includes(shown))
    assert.notEqual(await page.title(), 'owned')
    assert.equal(await page.locator('main img').count(), 0)
    await watched.close()
  })

  it('goes on with a twin in a project, by an author who holds the role on that project alone', async () => {
    const act = asSystem(console.harness, 'starter')
    const { owner } = console.harness.starter.people
    const project = String((await act('project:create', { slug: 'mine', name: 'Mine', owner })).id)
    const author = String((await act('person:create', { slug: 'of-mine', name: hostile, email: 'of-mine@people.example' })).id)
    await grant(console.harness, author, 'author', { scopeType: 'Project', scope: project })
    const watched = await console.as(author as `per_${string}`, '/twins')
    const { page } = watched
    const refused: string[] = []
    page.on('response', (answer) => answer.status() >= 400 && refused.push(answer.url()))
    await page.getByRole('link', { name: 'New twin' }).click()
    await page.getByLabel('Short name').fill('elevator')
    await page.getByLabel('Kind').fill('lift')
    await page.getByLabel('Program').fill('payments')
    await choose(page, 'Sensitivity', 'confidential')
    assert.match(page.url(), /sensitivity=confidential/)
    await screenshot(page, 'new-twin')
    await accessibleInBothThemes(page)
    assert.deepEqual(refused, [])
    await make(page, 'Make the twin')
    await done(page)
    await page.waitForURL(/\/twins\/twn_/)
    await page.getByRole('heading', { name: 'elevator' }).waitFor()
    const operator = await signIn(console.harness, 'operator')
    const { items } = await operator.act('twin:list', { project })
    const [made] = items as readonly { owner: string; kind: string; sensitivity: string; slug: string }[]
    assert.deepEqual([made?.slug, made?.kind, made?.sensitivity, made?.owner], ['elevator', 'lift', 'confidential', author])
    await watched.close()
  })

  it('has an environment with a trust domain of its own, whose side is told before it is made', async () => {
    const watched = await console.as('admin', '/environments')
    const { page } = watched
    await page.getByRole('row', { name: /staging/ }).waitFor()
    await screenshot(page, 'environments')
    await accessibleInBothThemes(page)
    await page.getByRole('link', { name: 'New environment' }).click()
    await page.getByLabel('Short name').fill('rehearsal')
    await choose(page, 'Class', /^production/)
    assert.match(await textOf(page), /Runs never execute there/)
    await choose(page, 'Class', /preproduction/)
    const foretold = /rehearsal\.starter\.[a-z0-9]+\.twinlock\.internal/.exec(await textOf(page))?.[0]
    await screenshot(page, 'new-environment')
    await accessibleInBothThemes(page)
    await make(page, 'Make the environment')
    await done(page)
    await page.getByRole('row', { name: /rehearsal/ }).waitFor()
    const admin = await signIn(console.harness, 'admin')
    const { items } = await admin.act('environment:list', {})
    const made = (items as readonly { slug: string; class: string; trustDomain: string }[]).find(({ slug }) => slug === 'rehearsal')
    assert.deepEqual([made?.class, made?.trustDomain], ['preproduction', foretold])
    await watched.close()
  })

  it('has a connection whose credential stands in no address, in no question and nowhere in the page once it is made', async () => {
    const watched = await console.as('admin', '/connections')
    const { page } = watched
    const sent: string[] = []
    page.on('request', (request) => {
      if (`${request.url()} ${request.postData() ?? ''}`.includes('made-for-this-test')) sent.push(new URL(request.url()).pathname)
    })
    await page
      .getByRole('row', { name: /accounts-data/ })
      .first()
      .waitFor()
    await screenshot(page, 'connections')
    await accessibleInBothThemes(page)
    await page.getByRole('link', { name: 'New connection' }).click()
    await choose(page, 'Environment', /staging/)
    await page.getByLabel('Short name').fill('ledger-api')
    await page.getByLabel('Base URL').fill('https://me:hidden@ledger.example')
    await page.getByText('The address holds a credential').waitFor()
    await page.getByLabel('Base URL').fill('http://ledger.example/api')
    await choose(page, 'Access', /^control/)
    await page.getByLabel('It needs a credential').check()
    const field = page.getByLabel('Credential', { exact: true })
    assert.equal(await field.getAttribute('type'), 'password')
    await field.fill(secret)
    await screenshot(page, 'new-connection')
    await accessibleInBothThemes(page)
    await make(page, 'Make the connection')
    await page
      .getByRole('dialog')
      .getByText(/speaks https, or stays on loopback/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Do nothing' }).click()
    assert.equal(await page.getByLabel('Base URL').getAttribute('aria-invalid'), 'true')
    await page.getByLabel('Base URL').fill('https://ledger.example/api')
    await make(page, 'Make the connection')
    await done(page)
    await page.getByRole('row', { name: /ledger-api/ }).waitFor()
    assert.match(await textOf(page), /sealed/)
    assert.deepEqual(new Set(sent), new Set(['/v1/connections']))
    assert.equal(page.url().includes('made-for-this-test'), false)
    assert.equal(await page.evaluate(() => document.documentElement.outerHTML.includes('made-for-this-test')), false)
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))
    assert.equal(kept.includes('made-for-this-test'), false)
    await page.goto(`${console.url}/console/connections/new`)
    assert.equal(await page.getByLabel('It needs a credential').isChecked(), false)
    await watched.close()
  })

  it('stops a connection, lets it go on, and gives it the next credential, which is forgotten as well', async () => {
    const watched = await console.as('admin', '/connections')
    const { page } = watched
    const sent: string[] = []
    page.on('request', (request) => {
      if (`${request.url()} ${request.postData() ?? ''}`.includes('made-for-this-test')) sent.push(new URL(request.url()).pathname)
    })
    await page
      .getByRole('row', { name: /accounts-data / })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'accounts-data' }).waitFor()
    await page.getByLabel('Credential', { exact: true }).fill('short')
    await page.getByText('A credential has at least eight characters.').waitFor()
    await page.getByLabel('Credential', { exact: true }).fill(secret)
    await screenshot(page, 'connection')
    await accessibleInBothThemes(page)
    await make(page, 'Rotate it')
    await done(page)
    assert.equal(await page.getByLabel('Credential', { exact: true }).inputValue(), '')
    await page.getByLabel('Credential', { exact: true }).fill(secret)
    await make(page, 'Rotate it')
    await page.getByRole('dialog').getByText('The connection has this credential already.').first().waitFor()
    await page.getByRole('button', { name: 'Do nothing' }).click()
    assert.equal(await page.getByLabel('Credential', { exact: true }).getAttribute('aria-invalid'), 'true')
    assert.deepEqual(new Set(sent.map((path) => path.replace(/con_[0-9a-z]+/, 'con'))), new Set(['/v1/connections/con/rotate']))
    await make(page, 'Stop it')
    await done(page)
    await page.getByText('suspended').first().waitFor()
    await make(page, 'Let it go on')
    await done(page)
    await page.getByRole('button', { name: 'Stop it' }).waitFor()
    await watched.close()
  })

  it('shows a connection to whoever may list it, who is told why he may not stop or rotate it', async () => {
    const watched = await console.as('author', '/connections')
    const { page } = watched
    await page
      .getByRole('row', { name: /accounts-data / })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'accounts-data' }).waitFor()
    await page.getByRole('button', { name: 'Why not?' }).first().waitFor()
    assert.equal(await page.getByRole('button', { name: 'Stop it' }).isDisabled(), true)
    assert.equal(await page.locator('main').getByRole('textbox').count(), 0)
    await accessibleInBothThemes(page)
    await page.goto(`${console.url}/console/connections/con_00000000000000000000000000`)
    await page.getByText('There is no connection with this id.').waitFor()
    await watched.close()
  })

  it('forgets a credential that is not wanted any more', async () => {
    const watched = await console.as('admin', '/connections/new')
    const { page } = watched
    await page.getByLabel('It needs a credential').check()
    await page.getByLabel('Credential', { exact: true }).fill(secret)
    await page.getByLabel('It needs a credential').uncheck()
    await page.getByLabel('It needs a credential').check()
    assert.equal(await page.getByLabel('Credential', { exact: true }).inputValue(), '')
    await watched.close()
  })

  it('is withheld from whoever may not, who is told who can grant it and is shown no field', async () => {
    const forms = [
      ['/projects', 'New project', 'reviewer'],
      ['/twins', 'New twin', 'reviewer'],
      ['/environments', 'New environment', 'author'],
      ['/connections', 'New connection', 'author'],
    ] as const
    for (const [path, label, person] of forms) {
      const watched = await console.as(person, path)
      const { page } = watched
      const refused: string[] = []
      page.on('response', (answer) => answer.status() >= 400 && refused.push(answer.url()))
      const button = page.getByRole('button', { name: label, exact: true })
      await button.waitFor()
      assert.equal(await page.getByRole('link', { name: label }).count(), 0, path)
      await accessibleInBothThemes(page)
      await page.goto(`${console.url}/console${path}/new`)
      await page.getByText('You may not see this').waitFor()
      await atRest(page)
      assert.equal(await page.locator('main').getByRole('textbox').count(), 0, path)
      assert.match(await textOf(page), /can grant it|Any of these roles/)
      assert.deepEqual(refused, [], path)
      await watched.close()
    }
  })

  it('fits a phone', async () => {
    for (const path of [
      '/projects',
      '/projects/new',
      '/twins/new',
      '/environments',
      '/environments/new',
      '/connections',
      '/connections/new',
    ]) {
      const watched = await console.as('admin', path, { width: 390 })
      await fitsInWidth(watched.page)
      await screenshot(watched.page, `${path.slice(1).replace('/', '-')}-phone`)
      await watched.close()
    }
  })
})
