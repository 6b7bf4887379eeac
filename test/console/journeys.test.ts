// The main job through the console, from a launch to the proof of how it got into production: once by mouse, with every stop read by axe in both themes, and
// once by keyboard alone. Four people do it, each in a browser of his own; the service proves its key itself, as services do.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { proveKey } from '../harness/live-run.ts'
import { asSystem, signIn } from '../harness/signed-in.ts'
import { accessibleInBothThemes, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'
import { pressBoth } from './within.ts'

let it: OpenedConsole
before(async () => {
  it = await openConsole()
})
after(() => it.close())

/** How somebody moves through the console. */
interface Hands {
  readonly name: string
  /** Goes to a place of the navigation. */
  go(page: Page, place: string, letter: string): Promise<void>
  press(page: Page, target: Locator): Promise<void>
  /** Opens an item of a list or a row of a table. */
  open(page: Page, item: Locator): Promise<void>
  choose(page: Page, field: RegExp, option: RegExp): Promise<void>
  write(page: Page, field: Locator, text: string): Promise<void>
  /** What is looked at where somebody stops. */
  stop(page: Page, name: string): Promise<void>
}

const byMouse: Hands = {
  name: 'mouse',
  go: (page, place) => page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: place }).click(),
  press: (_page, target) => target.click(),
  open: (_page, item) => item.click(),
  async choose(page, field, option) {
    await page.getByRole('button', { name: field }).click()
    await page.getByRole('option', { name: option }).click()
    await page.getByRole('listbox').waitFor({ state: 'detached' })
  },
  write: (_page, field, text) => field.fill(text),
  async stop(page, name) {
    await settled(page)
    await accessibleInBothThemes(page)
    await screenshot(page, `journey-${name}`)
  },
}

/** Presses a key until the target has the focus. */
async function reach(page: Page, target: Locator, key: string): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  assert.fail(`${key} does not lead to ${target}`)
}

const byKeyboard: Hands = {
  name: 'keyboard',
  async go(page, place, letter) {
    await pressBoth(page, 'g', letter)
    await page.getByRole('heading', { level: 1, name: place }).waitFor()
  },
  async press(page, target) {
    await reach(page, target, 'Tab')
    await page.keyboard.press('Enter')
  },
  async open(page, item) {
    await page.waitForFunction(() => document.activeElement?.tagName !== 'INPUT')
    await reach(page, item, 'j')
    await page.keyboard.press('Enter')
  },
  async choose(page, field, option) {
    await byKeyboard.press(page, page.getByRole('button', { name: field, disabled: false }))
    await reach(page, page.getByRole('option', { name: option }), 'ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('listbox').waitFor({ state: 'detached' })
  },
  async write(page, field, text) {
    await reach(page, field, 'Tab')
    await page.keyboard.press('Control+a')
    await page.keyboard.type(text)
  },
  stop: settled,
}

/** Presses an act, reads what it will do, does it, and puts away what it said. */
async function act(hands: Hands, page: Page, label: string, willDo: RegExp, done: RegExp): Promise<void> {
  await hands.press(page, page.getByRole('button', { name: label, exact: true }))
  const dialog = page.getByRole('dialog')
  await dialog.getByText(willDo).first().waitFor()
  await hands.stop(page, `${label.toLowerCase().replaceAll(' ', '-')}-before`)
  await hands.press(page, dialog.getByRole('button', { name: label, exact: true }))
  await page.getByRole('heading', { name: /^Done: / }).waitFor()
  assert.match(await page.getByRole('dialog').innerText(), done)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function launches(hands: Hands): Promise<string> {
  const { page, close } = await it.as('operator')
  await hands.stop(page, 'begin')
  await hands.go(page, 'Runs', 'r')
  await hands.press(page, page.getByRole('link', { name: 'Launch a run' }))
  await page.getByRole('heading', { level: 1, name: 'Launch a run' }).waitFor()
  await hands.choose(page, /Twin/, /^payments$/)
  await hands.choose(page, /Environment/, /staging/)
  await page.getByRole('heading', { name: /What a run of it would be allowed/ }).waitFor()
  await page
    .getByText(/allowed$/)
    .first()
    .waitFor()
  await hands.stop(page, 'preview')
  await hands.press(page, page.getByRole('button', { name: 'Launch', exact: true }))
  await hands.press(page, page.getByRole('dialog').getByRole('button', { name: 'Launch', exact: true }))
  await page.waitForURL(/\/console\/runs\/run_/)
  await page.locator('header').getByRole('status').getByText('Live', { exact: true }).waitFor()
  await page
    .getByRole('row', { name: /allowed/ })
    .first()
    .waitFor()
  await page.locator('main header').getByText('succeeded').waitFor()
  await page.keyboard.press('Escape')
  const artifact = page.getByRole('link', { name: /^art_/ })
  await artifact.waitFor()
  await hands.stop(page, 'run')
  await hands.press(page, artifact)
  await page.getByRole('heading', { name: 'Provenance' }).waitFor()
  await page.locator('main header').getByText('in quarantine').waitFor()
  await hands.choose(page, /For the service/, /payments-settler/)
  await hands.write(page, page.getByRole('textbox', { name: 'On the channel' }), 'payments')
  await hands.stop(page, 'artifact')
  await act(hands, page, 'Ask for promotion', /You will not be one of them/, /The gate comes next/)
  await page.waitForURL(/\/console\/promotions\/prm_/)
  await hands.stop(page, 'asked')
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await close()
  return id
}

async function provesKey(promotion: string): Promise<void> {
  const operator = await signIn(it.harness, 'operator')
  const { nonce } = await operator.act('promotion:show', { promotion })
  await proveKey(it.harness, { id: promotion, nonce: String(nonce) })
  await asSystem(it.harness, 'gate')('promotion:check', { promotion })
}

/** Finds the promotion under Needs you and takes a step. */
async function decides(hands: Hands, person: 'reviewer' | 'deployer', label: string, willDo: RegExp, done: RegExp): Promise<void> {
  const { page, close } = await it.as(person)
  const item = page.locator('main a[data-item]').first()
  await item.waitFor()
  await hands.stop(page, `needs-${person}`)
  await hands.open(page, item)
  await page.getByRole('heading', { name: 'What would change hands' }).waitFor()
  await hands.stop(page, `promotion-${person}`)
  await act(hands, page, label, willDo, done)
  await close()
}

async function audits(hands: Hands): Promise<void> {
  const { page, close } = await it.as('auditor')
  await hands.go(page, 'Audit', 'u')
  const row = page.getByRole('row', { name: /promotion:cross/ }).first()
  await row.waitFor()
  await hands.stop(page, 'audit')
  await hands.open(page, row)
  await page.getByText('Verified in this browser').waitFor()
  await hands.stop(page, 'entry')
  await hands.press(page, page.getByRole('link', { name: 'See its lineage' }).first())
  await page.waitForURL(/\/console\/lineage\//)
  await page.locator('[data-node]').first().waitFor()
  await hands.stop(page, 'lineage')
  await page
    .locator('[data-node]')
    .filter({ hasText: /promotion/i })
    .first()
    .waitFor()
  await close()
}

for (const hands of [byMouse, byKeyboard])
  describe(`the main job by ${hands.name}`, () => {
    let promotion: string
    test('an operator launches, sees the run live, and asks that its artifact be let out', async () => {
      promotion = await launches(hands)
      await provesKey(promotion)
    })
    test('a reviewer finds it under Needs you, and approves', () =>
      decides(hands, 'reviewer', 'Approve', /Your approval of version \d+ is recorded/, /now\s+approved/))
    test('a deployer carries it across', () =>
      decides(hands, 'deployer', 'Carry it across', /What was not used|not carried across|leaves quarantine/, /now\s+crossed/))
    test('an auditor verifies its entry, and sees its lineage', () => audits(hands))
  })
