// Where one acts: two organizations signed in to one browser, two projects in one of them, addresses that belong elsewhere, and the list that one came from.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { asSystem } from '../harness/signed-in.ts'
import type { Harness } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled, type Watched } from './open-console.ts'
import { pressBoth } from './within.ts'

let it: OpenedConsole
let other: Harness

async function linkOf(harness: Harness, person: 'operator' | 'admin' | 'reviewer'): Promise<string> {
  const { token } = await asSystem(harness, 'starter')('person:link', { person: harness.starter.people[person] })
  return `${it.url}/login#${String(token)}`
}

before(async () => {
  it = await openConsole()
  other = await strangerBeside(it.harness)
  await it.harness.walk()
  await it.harness.walk()
})
after(() => it.close())

const textOf = (page: Page): Promise<string> => page.locator('body').innerText()

/** A browser in which the operators of both organizations are signed in; it acts in the starter's. */
async function inBoth(path: string): Promise<Watched> {
  const watched = await it.stranger()
  for (const link of [await linkOf(other, 'operator'), await linkOf(it.harness, 'operator')]) {
    await watched.page.goto('about:blank')
    await watched.page.goto(link)
    await watched.page.locator('#main h1').waitFor()
  }
  await watched.page.goto(`${it.url}/console${path}`)
  await settled(watched.page)
  return watched
}

async function switchTo(page: Page, id: string): Promise<void> {
  await page.getByRole('button', { name: /Change where you act/ }).click()
  await page.locator(`[role="menuitem"][data-key="${id}"]`).click()
}

test('whoever is signed in to two organizations switches between them, and sees of each only its own', async () => {
  const watched = await inBoth('/runs?show=succeeded')
  const { page } = watched
  await page.getByRole('row').nth(1).waitFor()
  await page.getByRole('button', { name: /Change where you act/ }).click()
  await page.getByRole('menuitem').nth(1).waitFor()
  await screenshot(page, 'switch')
  await accessibleInBothThemes(page)
  await page.keyboard.press('Escape')
  await switchTo(page, other.starter.org)
  await page.getByText('Nothing ran yet.').waitFor()
  const { pathname, searchParams } = new URL(page.url())
  assert.equal(pathname, '/console/runs')
  assert.deepEqual([...searchParams], [['org', other.starter.org]], 'its filters stay behind')
  assert.doesNotMatch(await textOf(page), /run_[0-9a-z]{26}/)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Find or do anything' }).waitFor()
  assert.doesNotMatch(await page.getByRole('dialog').innerText(), /run_[0-9a-z]{26}/, 'what was seen in one is not offered in the other')
  await page.keyboard.type('act in')
  await page.getByRole('menuitem', { name: /Act in/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('row').nth(1).waitFor()
  await watched.close()
})

test('an address of another organization shows nothing of it here, and says where it belongs to whoever is signed in there', async () => {
  const { starter } = other
  for (const path of [`/twins/${starter.twins.payments}`, `/scenarios/${starter.scenario}`]) {
    const watched = await inBoth(path)
    const { page } = watched
    await page.getByText('It is not in').waitFor()
    await page.getByText('It belongs to').waitFor()
    await screenshot(page, 'elsewhere')
    await accessibleInBothThemes(page)
    assert.doesNotMatch(await page.locator('main').innerText(), /payments|settle/)
    await page.getByRole('button', { name: /^Act in/ }).click()
    await page.getByRole('heading', { level: 1, name: /payments|settle/ }).waitFor()
    assert.equal(new URL(page.url()).pathname, `/console${path}`)
    await watched.close()
  }
})

test('a link names its organization: it leads there whoever holds both, back and forth as well, and says so to whoever does not', async () => {
  const { org } = other.starter
  const watched = await inBoth('/runs')
  const { page } = watched
  const here = (): Promise<string> => page.getByRole('button', { name: /Change where you act/ }).innerText()
  await page.getByRole('row').nth(1).waitFor()
  await page.goto(`${it.url}/console/runs?show=succeeded&org=${org}`)
  await page.getByText('No run is like that.').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('org'), org)
  await switchTo(page, it.harness.starter.org)
  await page.getByRole('row').nth(1).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('org'), it.harness.starter.org)
  await page.goBack()
  await page.getByText('No run is like that.').waitFor()
  assert.match(await here(), /Operator/)
  await page.evaluate(() => {
    const writeText = async (text: string): Promise<void> => {
      document.body.dataset.copied = text
    }
    Object.defineProperty(navigator, 'clipboard', { value: { writeText } })
  })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('copy a link')
  await page.getByRole('menuitem', { name: 'Copy a link to this view' }).click()
  await page.getByText('The link to this view is copied.').first().waitFor()
  assert.equal(await page.locator('body').getAttribute('data-copied'), `${it.url}/console/runs?show=succeeded&org=${org}`)
  await watched.close()
  const alone = await it.as('operator', `/runs?org=${org}`, { width: 390 })
  await alone.page.getByText('You are not signed in to the organization that this address is of.').waitFor()
  await fitsInWidth(alone.page)
  await screenshot(alone.page, 'other-organization')
  await accessibleInBothThemes(alone.page)
  await alone.page.getByRole('button', { name: /^Stay in/ }).click()
  await alone.page.getByText('You are not signed in to').waitFor({ state: 'detached' })
  assert.equal(new URL(alone.page.url()).search, '')
  await alone.close()
})

test('an address of another organization looks to everybody else like one of nothing', async () => {
  const said: string[] = []
  for (const run of [
    other.starter.twins.payments,
    `${other.starter.twins.payments.slice(0, -1)}${other.starter.twins.payments.endsWith('0') ? '1' : '0'}`,
  ]) {
    const watched = await it.as('operator', `/twins/${run}`, { width: 390 })
    await watched.page.getByText('It is not in').waitFor()
    await fitsInWidth(watched.page)
    await accessibleInBothThemes(watched.page)
    const text = await watched.page.locator('main').innerText()
    said.push(text.replaceAll(run, 'ID').replace(/(?:hrq|req)_\w+|request\s+\S+/g, 'REQUEST'))
    assert.equal(await watched.page.getByRole('button', { name: /^Act in/ }).count(), 0)
    await watched.close()
  }
  assert.equal(said[0], said[1])
})

test('a project narrows what is listed, in this tab and this organization alone', async () => {
  const act = asSystem(it.harness, 'starter')
  const owner = it.harness.starter.people.owner
  const project = String((await act('project:create', { slug: 'second', name: 'Second <b>project</b>', owner })).id)
  await act('twin:create', { project, slug: 'lonely', kind: 'service', program: 'payments', owner, sensitivity: 'internal' })
  const watched = await inBoth('/twins')
  const { page } = watched
  await page.getByText('payments', { exact: true }).first().waitFor()
  await page.getByText('lonely', { exact: true }).first().waitFor()
  await switchTo(page, project)
  await page.getByText('payments', { exact: true }).first().waitFor({ state: 'detached' })
  await page.getByText('lonely', { exact: true }).first().waitFor()
  assert.match(await textOf(page), /Second <b>project<\/b>/)
  await screenshot(page, 'project')
  await accessibleInBothThemes(page)
  await page.reload()
  await page.getByText('lonely', { exact: true }).first().waitFor()
  assert.equal(await page.getByText('payments', { exact: true }).count(), 0, 'it lasts as long as the tab')
  await pressBoth(page, 'g', 'r')
  await page.getByText('No run is like that.').waitFor()
  await switchTo(page, other.starter.org)
  await page.getByText('Nothing ran yet.').waitFor()
  await switchTo(page, it.harness.starter.org)
  await page.getByText('No run is like that.').waitFor()
  await switchTo(page, 'every-project')
  await page.getByRole('row').nth(1).waitFor()
  await watched.close()
})

test('signing out of one organization leaves the other signed in', async () => {
  const watched = await inBoth('/runs')
  const { page } = watched
  await page.getByRole('row').nth(1).waitFor()
  await switchTo(page, 'out')
  await page.getByText('Nothing ran yet.').waitFor()
  await page.getByRole('button', { name: /Change where you act/ }).click()
  await page.getByRole('menuitem').first().waitFor()
  assert.equal(await page.locator('[role="menuitem"][data-key^="org_"]').count(), 1)
  await watched.close()
})

test('the next and the former item of the list one came from are one key away, and the way back keeps its filters', async () => {
  const watched = await it.as('operator', '/runs?show=succeeded')
  const { page } = watched
  await page.getByRole('row').nth(2).waitFor()
  await page.locator('h1').focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'The list you came from' }).waitFor()
  const first = new URL(page.url()).pathname
  assert.match(await page.getByRole('navigation', { name: 'The list you came from' }).innerText(), /1 of 2/)
  await page.keyboard.press('[')
  await page.keyboard.press(']')
  await page.getByText('2 of 2').waitFor()
  assert.notEqual(new URL(page.url()).pathname, first)
  await settled(page)
  await screenshot(page, 'neighbours')
  await page.keyboard.press('[')
  await page.getByText('1 of 2').waitFor()
  assert.equal(new URL(page.url()).pathname, first)
  await page.getByRole('link', { name: /1 of 2/ }).click()
  await page.waitForURL(/\/console\/runs\?show=succeeded$/)
  await watched.close()
  const fresh = await it.as('operator', first.replace('/console', ''))
  assert.equal(
    await fresh.page.getByRole('navigation', { name: 'The list you came from' }).count(),
    0,
    'whoever came by a link has no list',
  )
  await fresh.close()
})

test('scenarios are found by their name, and twins and runs with them', async () => {
  const watched = await it.as('operator')
  const { page } = watched
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Find or do anything' }).waitFor()
  await page.keyboard.type('scenario payments')
  const found = page.getByRole('menuitem', { name: /^Scenario payments/ })
  await found.waitFor()
  await screenshot(page, 'palette-scenarios')
  await found.click()
  await page.waitForURL(/\/console\/scenarios\/scn_/)
  await watched.close()
})
