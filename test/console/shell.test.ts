// The shell: signing in, going everywhere by keyboard, on any width and in any light, whatever names people chose.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessibleInBothThemes, axe, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'
import { pressBoth } from './within.ts'

let it: OpenedConsole
before(async () => {
  it = await openConsole()
})
after(() => it.close())

test('a one-time link signs in, and leaves no trace of itself in the browser', async () => {
  const watched = await it.stranger()
  const { page } = watched
  const sent: string[] = []
  page.on('request', (request) =>
    sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''} ${request.headers().referer ?? ''}`),
  )
  const link = await it.link('operator')
  const token = link.split('#')[1] ?? ''
  await page.goto(link)
  await page.getByRole('heading', { level: 1, name: 'Needs you' }).waitFor()
  assert.equal(page.url(), `${it.url}/console/`)
  assert.ok(token.startsWith('twl_') && sent.every((line) => !line.includes(token)))
  const keptTexts = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]),
  )
  assert.ok(!keptTexts.includes(token) && !keptTexts.includes('tws_'))
  assert.equal(await page.evaluate(() => document.cookie), '')
  await page.goBack({ waitUntil: 'commit' })
  assert.ok(!page.url().includes(token))
  await watched.close()
})

test('a link that was used says so, and what to do', async () => {
  const watched = await it.stranger()
  const link = await it.link('operator')
  await watched.page.goto(link)
  await watched.page.getByRole('heading', { name: 'Needs you' }).waitFor()
  await watched.page.context().clearCookies()
  await watched.page.goto('about:blank')
  await watched.page.goto(link)
  await watched.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  assert.match(await watched.page.locator('main').innerText(), /npx twinlock login/)
  await screenshot(watched.page, 'sign-in-spent')
  await accessibleInBothThemes(watched.page)
  await watched.close()
})

test('a stranger is told how to come in, and learns nothing else', async () => {
  const watched = await it.stranger({ width: 390 })
  await watched.page.goto(`${it.url}/console/runs`)
  await watched.page.getByRole('heading', { name: 'Sign in with a link' }).waitFor()
  await screenshot(watched.page, 'sign-in')
  await fitsInWidth(watched.page)
  await accessibleInBothThemes(watched.page)
  await watched.close()
})

test('the shell is gone through by keyboard alone', async () => {
  const watched = await it.as('operator')
  const { page } = watched
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  await pressBoth(page, 'g', 'r')
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Find or do anything' }).waitFor()
  await page.keyboard.type('needs')
  await page.getByRole('menuitem', { name: 'Needs you' }).first().waitFor()
  assert.deepEqual(await axe(page), [])
  await screenshot(page, 'palette')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Needs you' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await screenshot(page, 'keys')
  await accessibleInBothThemes(page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await watched.close()
})

test('single letters can be switched off, and stay off', async () => {
  const watched = await it.as('operator')
  const { page } = watched
  await page.keyboard.press('?')
  await page.getByRole('switch').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Escape')
  await page.reload()
  await settled(page)
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Find or do anything' }).waitFor()
  assert.equal(await page.getByRole('dialog', { name: 'Keys' }).count(), 0)
  await watched.close()
})

test('the frame fits a phone, and its navigation opens', async () => {
  const watched = await it.as('operator', '/', { width: 390, height: 780 })
  const { page } = watched
  await fitsInWidth(page)
  await page.getByRole('button', { name: 'Navigation' }).click()
  await page.getByRole('link', { name: 'Twins' }).waitFor()
  await screenshot(page, 'phone-navigation')
  await accessibleInBothThemes(page)
  await page.getByRole('link', { name: 'Twins' }).click()
  await page.getByRole('heading', { level: 1, name: 'Twins' }).waitFor()
  const navigation = page.getByRole('navigation', { name: 'Console' })
  assert.equal(await navigation.getByRole('link', { name: 'Twins' }).count(), 0, 'the navigation closes behind one')
  await watched.close()
})

test('the navigation marks the place that a view belongs to, also where its path begins with another word', async () => {
  const watched = await it.as('operator', '/batches')
  const { page } = watched
  const marked = page.getByRole('navigation', { name: 'Console' }).locator('[aria-current="page"]')
  assert.deepEqual(await marked.allInnerTexts(), ['Runs'])
  await pressBoth(page, 'g', 't')
  await page.getByRole('heading', { level: 1, name: 'Twins' }).waitFor()
  assert.deepEqual(await marked.allInnerTexts(), ['Twins'])
  await watched.close()
})

test('an address that leads nowhere says so, and the shell goes on', async () => {
  const watched = await it.as('operator', '/no/such/view')
  await watched.page.getByRole('heading', { level: 1, name: 'Nothing is here' }).waitFor()
  await accessibleInBothThemes(watched.page)
  await watched.close()
})

test('a session that is over leads to the sign-in, and a link in another tab brings this one back', async () => {
  const watched = await it.as('operator')
  const { page } = watched
  await page.context().clearCookies()
  await pressBoth(page, 'g', 'r')
  await page.getByRole('heading', { name: 'Your session ended' }).waitFor()
  const other = await page.context().newPage()
  await other.goto(await it.link('operator'))
  await other.getByRole('heading', { name: 'Needs you' }).waitFor()
  await other.close()
  await page.getByRole('button', { name: 'I signed in elsewhere' }).click()
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  await watched.close()
})
