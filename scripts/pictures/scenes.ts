// What is pictured, of whom and how one gets there. A scene leaves the page as it is to be seen.
import type { Page } from 'playwright-core'

/** A scene. */
export interface Scene {
  /** The picture's name; its dark one has `-dark` behind it. */
  readonly name: string
  /** Who looks. */
  readonly person: string
  readonly dark?: boolean
  readonly height?: number
  readonly width?: number
  readonly show: (page: Page, url: string) => Promise<void>
}

const first = (page: Page, name: RegExp) => page.getByRole('row', { name }).first()

async function chosen(page: Page, field: RegExp, option: RegExp): Promise<void> {
  await page.getByRole('button', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
  await page.getByRole('listbox').waitFor({ state: 'detached' })
}

async function launchForm(page: Page, url: string, twin = 'warehouse-robot', scenario = 'deliver'): Promise<void> {
  await page.goto(`${url}/console/launch`)
  await chosen(page, /Twin/, new RegExp(twin))
  await chosen(page, /Scenario/, new RegExp(scenario))
  await chosen(page, /Environment/, /staging/)
  await page
    .getByText(/allowed$/)
    .first()
    .waitFor()
}

async function liveRun(page: Page, url: string): Promise<void> {
  await launchForm(page, url, 'payments', 'settle')
  // It tries on purpose what it may not have.
  await page.getByRole('textbox', { name: 'Parameters' }).fill('{ "reachOut": true }')
  await page.getByRole('button', { name: 'Launch', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Launch', exact: true }).click()
  await page.waitForURL(/\/console\/runs\/run_/)
  await page.keyboard.press('Escape')
  await page.getByText('Live', { exact: true }).waitFor()
  // Calls that were answered, not only decided.
  await page
    .getByRole('grid')
    .getByRole('row', { name: /allowed.* (200|201) / })
    .nth(8)
    .waitFor({ timeout: 120_000 })
}

async function entryOf(page: Page, url: string, action: string): Promise<void> {
  await page.goto(`${url}/console/audit?action=${encodeURIComponent(action)}`)
  await first(page, new RegExp(action)).click()
  await page.getByText('Verified in this browser').waitFor()
}

/** Every scene, in the order in which they are taken: nothing that is shown before depends on what comes after. */
export const scenes: readonly Scene[] = [
  {
    name: 'needs-you',
    person: 'reviewer',
    height: 560,
    async show(page) {
      await page.getByRole('heading', { name: /To decide/ }).waitFor()
      // A picture of a machine that was too busy to drive says nothing about the product.
      await page
        .getByRole('row')
        .filter({ hasText: /warehouse-robot[\s\S]*succeeded/ })
        .first()
        .waitFor({ timeout: 10_000 })
    },
  },
  {
    name: 'promotion-review',
    person: 'reviewer',
    dark: true,
    height: 1000,
    async show(page, url) {
      await page.goto(`${url}/console/promotions`)
      await first(page, /production/).click()
      await page.getByRole('heading', { name: 'Who decides' }).waitFor()
    },
  },
  {
    name: 'promotion-review-phone',
    person: 'reviewer',
    width: 390,
    height: 844,
    async show(page, url) {
      await page.goto(`${url}/console/promotions`)
      await first(page, /production/).click()
      await page.getByRole('heading', { name: 'Who decides' }).waitFor()
    },
  },
  { name: 'launch', person: 'operator', show: (page, url) => launchForm(page, url), height: 900 },
  { name: 'run-live', person: 'operator', dark: true, height: 900, show: liveRun },
  {
    name: 'replay',
    person: 'operator',
    height: 900,
    async show(page, url) {
      await page.goto(`${url}/console/runs?find=warehouse&show=succeeded`)
      await first(page, /warehouse-robot/).click()
      await page.getByRole('link', { name: 'Replay the drive' }).click()
      await page.getByRole('slider').first().waitFor()
      await page.locator('canvas[data-drawn]').waitFor()
      await page.locator('h1').focus()
      // Between the shelves, with a person near it.
      for (let step = 0; step < 6; step += 1) await page.keyboard.press('Shift+ArrowRight')
      await page.waitForURL(/t=12/)
    },
  },
  {
    name: 'artifact',
    person: 'reviewer',
    height: 900,
    async show(page, url) {
      await page.goto(`${url}/console/artifacts`)
      await first(page, /payments/).click()
      await page.getByRole('heading', { name: 'Provenance' }).waitFor()
    },
  },
  { name: 'entry', person: 'auditor', height: 900, show: (page, url) => entryOf(page, url, 'promotion:request') },
  {
    name: 'lineage',
    person: 'auditor',
    dark: true,
    async show(page, url) {
      await entryOf(page, url, 'promotion:request')
      await page.getByRole('link', { name: 'See its lineage' }).first().click()
      await page.locator('[data-node]').first().waitFor()
      await page.getByRole('button', { name: 'Whole' }).click()
    },
  },
]
