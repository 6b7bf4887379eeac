// Twins and scenarios in the console: what exists, what changed between versions, what a run would be allowed, and retiring.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { newPerson, signIn } from '../harness/signed-in.ts'
import { manifestOf } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const textOf = (page: Page): Promise<string> => page.locator('main').innerText()
const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'

interface Manifest {
  connections: { connection: string; allow: { methods: string[]; path: string }[] }[]
  parameters: Record<string, unknown>
  deadlineSeconds: number
}

/** The second version of the starter's scenario: one rule less, one more, another limit, and parameters that are markup. */
function changed(): Manifest {
  const manifest = manifestOf('payments') as Manifest // the ready-made twin's own
  const [accounts, payments] = manifest.connections
  assert.ok(accounts && payments)
  return {
    ...manifest,
    connections: [
      { ...accounts, allow: accounts.allow.slice(0, 1) },
      { ...payments, allow: payments.allow.map((rule) => ({ ...rule, methods: [...new Set([...rule.methods, 'POST'])] })) },
      { connection: 'line-historian', allow: [{ methods: ['GET'], path: '/lines/*' }] },
    ],
    parameters: { ...manifest.parameters, accounts: 40, note: hostile },
    deadlineSeconds: 240,
  }
}

describe('twins in the console', () => {
  let console: OpenedConsole
  let twin: string
  let first: string
  let second: string
  before(async () => {
    console = await openConsole()
    const { harness } = console
    twin = harness.starter.twins.payments
    first = harness.starter.scenario
    const author = await signIn(harness, 'author')
    second = String((await author.act('scenario:publish', { twin, slug: 'settle', manifest: changed() })).id)
  })
  after(() => console.close())

  it('are listed, narrowed in the URL, and lead by keyboard to the twin, its scenario and what changed in it', async () => {
    const watched = await console.as('operator', '/twins')
    const { page } = watched
    const row = page.getByRole('row', { name: /payments/ })
    assert.match(await row.innerText(), /active[\s\S]*process[\s\S]*Starter Owner/)
    await screenshot(page, 'twins')
    await accessibleInBothThemes(page)
    await page.keyboard.press('/')
    await page.keyboard.type('nothing is called this')
    await page.getByText('No twin is like that.').waitFor()
    assert.match(page.url(), /find=nothing/)
    await page.getByRole('button', { name: 'Show all twins' }).click()
    await row.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/twins\/twn_/)
    await page.getByRole('link', { name: 'What changed since v1' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/scenarios\/scn_.*against=scn_/)
    await page.getByText(/From settle v1 to settle v2/).waitFor()
    await watched.close()
  })

  it('show who answers for them, what their scenarios reach in each environment, and why they are privileged', async () => {
    const watched = await console.as('operator', `/twins/${twin}`)
    const { page } = watched
    await page.getByRole('heading', { name: 'Privilege' }).waitFor()
    const text = await textOf(page)
    assert.match(text, /settle\s+version 2/)
    assert.match(text, /accounts-data[\s\S]*staging · simulation|staging\s*·\s*simulation/)
    assert.match(text, /production/)
    assert.match(text, /made with credentials: /)
    await screenshot(page, 'twin')
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'twin-dark')
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('have scenarios whose versions are compared fact by fact, from the earlier to the later, and hostile values stay text', async () => {
    for (const path of [`/scenarios/${second}?against=${first}`, `/scenarios/${first}?against=${second}`]) {
      const watched = await console.as('author', path)
      const { page } = watched
      await page.getByText(/From settle v1 to settle v2/).waitFor()
      const changes = page.getByRole('region', { name: 'What changed' })
      const text = await changes.innerText()
      assert.match(text, /added\s+line-historian\s+more than before/)
      assert.match(text, /removed\s+accounts-data \/accounts\/\*\/invoices\s+less than before/)
      assert.match(text, /changed\s+payments-api \/payments\/\*\s+more than before\s+before GET\s+after GET, POST/)
      assert.match(text, /changed\s+accounts\s+before 20\s+after 40/)
      assert.match(text, /Seconds until it is ended\s+more than before\s+before 120\s+after 240/)
      assert.ok(text.includes('<img src=x onerror='))
      assert.ok((await textOf(page)).includes('⟨U+202E⟩') && !(await textOf(page)).includes('\u202e'))
      assert.notEqual(await page.title(), 'owned')
      assert.equal(await page.locator('main img').count(), 0)
      await screenshot(page, path.includes(`/${second}`) ? 'scenario' : 'scenario-older')
      await accessibleInBothThemes(page)
      await watched.close()
    }
  })

  it('say what a run would be allowed in a chosen environment, and lead to its launch with both', async () => {
    const watched = await console.as('operator', `/scenarios/${second}`)
    const { page } = watched
    await page.getByRole('button', { name: /no environment In/, disabled: false }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: /staging/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'What a run of it would be allowed' }).waitFor()
    assert.match(page.url(), /in=env_/)
    await settled(page)
    await screenshot(page, 'scenario-preview')
    await accessibleInBothThemes(page)
    await page.getByRole('link', { name: 'Launch' }).click()
    await page.waitForURL(/\/launch\?.*scenario=scn_.*environment=env_/)
    await watched.close()
  })

  it('are read once, however long they are looked at: looking is recorded', async () => {
    const watched = await console.as('operator', '/', { isSpent: true })
    const { page } = watched
    let reads = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === `/v1/twins/${twin}`) reads += 1
    })
    await page.clock.install()
    await page.goto(`${console.url}/console/twins/${twin}`)
    await page.getByRole('heading', { name: 'Privilege' }).waitFor()
    const listedAgain = page.waitForRequest((request) => new URL(request.url()).pathname === '/v1/twins')
    await page.clock.runFor(60_000)
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
    await listedAgain
    await settled(page)
    assert.equal(reads, 1)
    await watched.close()
  })

  it('that are not there, or may not be seen, say so, with who can help', async () => {
    const missing = await console.as('operator', '/twins/twn_01aaaaaaaaaaaaaaaaaaaaaaaa')
    await missing.page.getByRole('alert').first().waitFor()
    await accessibleInBothThemes(missing.page)
    await missing.close()
    for (const path of [`/twins/${twin}`, `/scenarios/${first}`]) {
      const watched = await console.as('deployer', path)
      await watched.page.getByText('You may not see this').waitFor()
      assert.match(await textOf(watched.page), /Any of these roles would hold it: .*author/)
      await screenshot(watched.page, 'twin-forbidden')
      await accessibleInBothThemes(watched.page)
      await watched.close()
    }
  })

  it('fit a phone', async () => {
    for (const [name, path] of [
      ['twins', '/twins'],
      ['twin', `/twins/${twin}`],
      ['scenario', `/scenarios/${second}?against=${first}&in=${console.harness.starter.environments.staging}`],
    ] as const) {
      const watched = await console.as('operator', path, { width: 390, height: 1600 })
      await fitsInWidth(watched.page)
      await screenshot(watched.page, `${name}-phone`)
      await accessibleInBothThemes(watched.page)
      await watched.close()
    }
  })

  it('are retired by whoever may, after reading what that ends; an operator is told why not', async () => {
    const operating = await console.as('operator', `/twins/${twin}`)
    await operating.page.getByRole('button', { name: 'Why not?' }).click()
    await operating.page.getByRole('dialog', { name: 'Why not: Retire' }).waitFor()
    await operating.close()
    const author = await newPerson(console.harness, 'second-author', 'author')
    const watched = await console.as(author.id as `per_${string}`, `/twins/${twin}`)
    const { page } = watched
    await page.getByRole('button', { name: 'Retire' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Retire payments' })
    await dialog.getByText(/Its live runs end at once, with what they hold: none now/).waitFor()
    await screenshot(page, 'twin-retire')
    await accessibleInBothThemes(page)
    await dialog.getByRole('button', { name: 'Retire' }).click()
    await page.getByRole('heading', { name: 'Done: Retire payments' }).waitFor()
    assert.match(await page.getByRole('dialog').innerText(), /runs ended: 0/)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Retire' }).and(page.locator('[disabled]')).waitFor()
    await watched.close()
  })
})
