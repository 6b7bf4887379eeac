// Promotions in the console: a reviewer reads what would change hands and approves, a deployer carries it across, and who may neither is told why.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const textOf = (page: Page): Promise<string> => page.locator('main').innerText()

describe('promotions in the console', () => {
  let console: OpenedConsole
  let path: string
  before(async () => {
    console = await openConsole()
    const { promotion } = await console.harness.walk()
    assert.ok(promotion)
    path = `/promotions/${promotion}`
  })
  after(() => console.close())

  it('are listed with where they go, as whom and how they stand, and lead to the review by keyboard', async () => {
    const watched = await console.as('reviewer', '/promotions')
    const { page } = watched
    const row = page.getByRole('row', { name: /to payments@production/ })
    assert.match(await row.innerText(), /in review[\s\S]*0 of 1 approvals/)
    await screenshot(page, 'promotions')
    await accessibleInBothThemes(page)
    await row.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'What would change hands' }).waitFor()
    await watched.close()
  })

  it('that are narrowed to what is not there say so, and the way back', async () => {
    const watched = await console.as('reviewer', '/promotions?show=crossed')
    await watched.page.getByText('No promotion is like that.').waitFor()
    await watched.page.getByRole('button', { name: 'Show all promotions' }).click()
    await watched.page.getByRole('row', { name: /to payments@production/ }).waitFor()
    await watched.close()
  })

  it('show both identities whole, what was granted, used and proposed, every check, and who may decide', async () => {
    const watched = await console.as('reviewer', path)
    const { page } = watched
    await page.getByRole('heading', { name: 'Who decides' }).waitFor()
    await settled(page)
    const text = await textOf(page)
    assert.match(text, /spiffe:\/\/staging\.[^/]+\/twin\/payments\/run\/run_\w+/)
    assert.match(text, /spiffe:\/\/production\.[^/]+\/service\/[\w-]+/)
    assert.match(text, /sha256:[0-9a-f]{64}/)
    assert.match(text, /\d+ of \d+ used/)
    assert.match(text, /not assessed/)
    assert.match(text, /Starter Operator[\s\S]*may not/)
    await screenshot(page, 'promotion')
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('fit a phone', async () => {
    const watched = await console.as('reviewer', path, { width: 390 })
    await settled(watched.page)
    await fitsInWidth(watched.page)
    await screenshot(watched.page, 'promotion-phone')
    await watched.close()
  })

  it('tell whoever made it why he may not approve', async () => {
    const watched = await console.as('operator', path)
    const { page } = watched
    await page.getByRole('button', { name: 'Approve' }).and(page.locator('[disabled]')).waitFor()
    await page.getByRole('button', { name: 'Why not?' }).first().click()
    assert.match(await page.getByRole('dialog').innerText(), /Held by the role reviewer|guardrail|made|hand/i)
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('tell whoever may not read them what is missing', async () => {
    const watched = await console.as('author', path)
    await watched.page.getByText('You may not see this').waitFor()
    assert.match(await textOf(watched.page), /Any of these roles would hold it: .*reviewer/)
    await accessibleInBothThemes(watched.page)
    await watched.close()
  })

  it('are approved by keyboard, after reading what that will do, and carried across by the deployer; both say what it did', async () => {
    const reviewing = await console.as('reviewer', path)
    await decide(reviewing.page, 'Approve', /Your approval of version \d+ is recorded/)
    assert.match(await reviewing.page.getByRole('dialog').innerText(), /now\s+approved/)
    await reviewing.close()
    const deploying = await console.as('deployer', path)
    await decide(deploying.page, 'Carry it across', /What was not used|not carried across|leaves quarantine/)
    const said = await deploying.page.getByRole('dialog').innerText()
    assert.match(said, /now\s+crossed/)
    assert.match(said, /payments@production/)
    await screenshot(deploying.page, 'promotion-crossed')
    await deploying.page.keyboard.press('Escape')
    await deploying.page.getByRole('button', { name: 'Roll back' }).waitFor()
    await deploying.close()
  })

  it('are rolled back with a reason, and say what that does not undo', async () => {
    const watched = await console.as('deployer', path)
    const { page } = watched
    await page.getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('What this does not undo').waitFor()
    assert.ok(await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).isDisabled(), 'a reason is asked for')
    await page.getByRole('textbox', { name: 'Reason' }).fill('<img src=x onerror=alert(1)> wrong model')
    await screenshot(page, 'promotion-roll-back')
    await accessibleInBothThemes(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('heading', { name: 'Done: Roll back' }).waitFor()
    assert.match(await page.getByRole('dialog').innerText(), /now\s+rolled back/)
    await watched.close()
  })
})

/** Opens a step by keyboard, waits for what it will do, and does it. */
async function decide(page: Page, label: string, willDo: RegExp): Promise<void> {
  const button = page.getByRole('button', { name: label, exact: true })
  await button.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(willDo).first().waitFor()
  await screenshot(page, `promotion-${label.toLowerCase().replaceAll(' ', '-')}`)
  await dialog.getByRole('button', { name: label, exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^Done: / }).waitFor()
}
