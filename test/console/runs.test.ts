// Needs you, the list of runs, and launching one: the main job's beginning, by mouse and by keyboard.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asSystem, until } from '../harness/signed-in.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">‮"\''

let it: OpenedConsole
before(async () => {
  it = await openConsole()
})
after(() => it.close())

test('before anything ran, everybody is told where to begin', async () => {
  for (const [person, link] of [
    ['operator', 'launch one.'],
    ['reviewer', 'see all of them.'],
    ['auditor', 'follow what happened.'],
  ] as const) {
    const watched = await it.as(person)
    await watched.page.getByRole('link', { name: link }).waitFor()
    await screenshot(watched.page, `needs-you-empty-${person}`)
    await accessibleInBothThemes(watched.page)
    await watched.close()
  }
})

test('an empty list of runs says how the first one is launched', async () => {
  const watched = await it.as('operator', '/runs')
  await watched.page.getByText('Nothing ran yet.').waitFor()
  await accessibleInBothThemes(watched.page)
  await watched.page.goto(`${it.url}/console/runs?show=failed`)
  await watched.page.getByText('No run is like that.').waitFor()
  await watched.page.getByRole('button', { name: 'Show all runs' }).click()
  await watched.page.getByText('Nothing ran yet.').waitFor()
  assert.equal(new URL(watched.page.url()).search, '')
  await watched.close()
})

test('a run is launched by keyboard alone, after seeing what it would be allowed', async () => {
  const watched = await it.as('operator', '/runs')
  const { page } = watched
  await page.getByRole('link', { name: 'Launch a run' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Launch a run' }).waitFor()
  const choose = async (label: string, name: RegExp): Promise<void> => {
    const button = page.getByRole('button', { name: new RegExp(label), disabled: false })
    await button.waitFor()
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('listbox').waitFor({ state: 'detached' })
  }
  await choose('Twin', /^payments$/)
  await choose('Environment', /staging/)
  await page.getByRole('heading', { name: /What a run of it would be allowed/ }).waitFor()
  await page
    .getByText(/allowed$/)
    .first()
    .waitFor()
  await screenshot(page, 'launch')
  await accessibleInBothThemes(page)
  await page.getByRole('textbox', { name: 'Parameters' }).fill('{')
  await page.getByText(/This is not JSON/).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Launch' }).count(), 0)
  await page.getByRole('textbox', { name: 'Parameters' }).fill('')
  await page.getByRole('textbox', { name: 'Seed' }).fill('42')
  await page.getByRole('button', { name: 'Launch' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^Launch / })
  await dialog.waitFor()
  await screenshot(page, 'launch-dialog')
  await accessibleInBothThemes(page)
  await dialog.getByRole('button', { name: 'Launch' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/console\/runs\/run_/)
  const run = page.url().split('/').at(-1) ?? ''
  await until(
    'the run ends',
    async () => (await asSystem(it.harness, 'starter')('run:show', { run }).catch(() => ({ state: 'ended' }))).state === 'ended',
  )
  await watched.close()
})

test('an observer may not launch, and is told what is missing and who can give it', async () => {
  const watched = await it.as(
    'reviewer',
    `/launch?scenario=${it.harness.starter.scenario}&environment=${it.harness.starter.environments.staging}`,
  )
  const { page } = watched
  await page.getByRole('button', { name: 'Why not?' }).click()
  const drawer = page.getByRole('dialog', { name: 'Why not: Launch' })
  await drawer
    .getByText(/operator/)
    .first()
    .waitFor()
  await drawer.getByText(/can grant it/).waitFor()
  await screenshot(page, 'launch-why-not')
  await accessibleInBothThemes(page)
  await page.keyboard.press('Escape')
  await watched.close()
})

test('runs are listed, narrowed by the URL, and gone through by keyboard', async () => {
  await it.harness.walk()
  const watched = await it.as('operator', '/runs')
  const { page } = watched
  await page.getByRole('row').nth(1).waitFor()
  await screenshot(page, 'runs')
  await accessibleInBothThemes(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'runs-dark')
  await page.keyboard.press('/')
  await page.keyboard.type('nothing is called this')
  await page.getByText('No run is like that.').waitFor()
  assert.match(page.url(), /find=nothing/)
  await page.getByRole('button', { name: 'Show all runs' }).click()
  await page.getByRole('radio', { name: 'Succeeded' }).click()
  await page.waitForURL(/show=succeeded/)
  await page.getByRole('row').nth(1).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('h1').focus()
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/console\/runs\/run_/)
  await watched.close()
})

test('what waits for a reviewer is on the first screen, with a link to it', async () => {
  const watched = await it.as('reviewer')
  const { page } = watched
  await page.getByRole('heading', { name: /To decide/ }).waitFor()
  await screenshot(page, 'needs-you')
  await accessibleInBothThemes(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'needs-you-dark')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/console\/promotions\/prm_/)
  await watched.close()
})

test('everything fits a phone', async () => {
  const at = `?scenario=${it.harness.starter.scenario}&environment=${it.harness.starter.environments.staging}`
  for (const [name, path] of [
    ['needs-you', '/'],
    ['runs', '/runs'],
    ['launch', `/launch${at}`],
  ] as const) {
    const watched = await it.as('reviewer', path, { width: 390, height: 844 })
    await settled(watched.page)
    await fitsInWidth(watched.page)
    await screenshot(watched.page, `${name}-phone`)
    await accessibleInBothThemes(watched.page)
    await watched.close()
  }
})

test('names that are markup are text', async () => {
  const act = asSystem(it.harness, 'starter')
  const person = String((await act('person:create', { slug: 'hostile', name: hostile, email: 'hostile@people.example' })).id)
  await act('grant:create', { principal: person, role: 'operator', reason: hostile })
  const watched = await it.stranger()
  const { page } = watched
  await page.goto(await it.link(person as `per_${string}`))
  await page.getByRole('button', { name: /Change where you act/ }).click()
  await page.getByRole('menuitem').first().waitFor()
  assert.ok((await page.locator('body').innerText()).includes('<img src=x onerror='))
  await screenshot(page, 'where')
  await accessibleInBothThemes(page)
  await page.keyboard.press('Escape')
  await page.goto(
    `${it.url}/console/runs?find=${encodeURIComponent(hostile)}&show=${encodeURIComponent(hostile)}&twin=${encodeURIComponent(hostile)}`,
  )
  await settled(page)
  assert.notEqual(await page.title(), 'owned')
  assert.equal(await page.locator('img').count(), 0)
  await watched.close()
})
