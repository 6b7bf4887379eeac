// The lineage graph in the console: names and keys of its nodes, clusters that open and things that are pulled out, gaps in red, the same facts as a table.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { connectionOf, withConnection } from '../harness/database.ts'
import { signIn } from '../harness/signed-in.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">‮"\''
const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.textContent ?? null)
const nodeOf = (page: Page, name: RegExp) => page.locator('[data-node]').and(page.getByRole('button', { name }))

describe('lineage in the console', () => {
  let opened: OpenedConsole
  let run: string
  let artifact: string
  let promotion: string
  before(async () => {
    opened = await openConsole()
    const walked = await opened.harness.walk()
    assert.ok(walked.promotion && walked.artifact)
    run = walked.run
    artifact = walked.artifact.id
    promotion = walked.promotion
  })
  after(() => opened.close())

  /** Answers a trace of our own in the server's words, so that a page can be seen over what a day's work would not make. */
  async function over(page: Page, change: (trace: Traced) => Partial<Traced>): Promise<void> {
    await page.route('**/v1/ledger/trace?*', async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, ...change(answer) } })
    })
  }

  it('shows what led to an artifact and what came of it, each node with a name, in both themes', async () => {
    const watched = await opened.as('auditor', `/lineage/${artifact}`)
    const { page } = watched
    await nodeOf(page, /^artifact .*what was asked for$/).waitFor()
    for (const name of [/^settle@1 ?, scenario/, /^ci ?, pipeline/, /^promotion .*promotion · in review/, /, run · succeeded$/])
      await nodeOf(page, name).first().waitFor()
    assert.equal(await page.getByText('gap', { exact: false }).and(page.locator('[data-node]')).count(), 0)
    await screenshot(page, 'lineage')
    await accessibleInBothThemes(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'lineage-dark')
    await watched.close()
  })

  it('is one tab stop; arrows go from thing to thing, Home leads back, Enter opens', async () => {
    const watched = await opened.as('auditor', `/lineage/${artifact}`)
    const { page } = watched
    await nodeOf(page, /what was asked for$/).focus()
    assert.equal(await page.locator('[data-node][tabindex="0"]').count(), 1)
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => /^promotion /.test(document.activeElement?.textContent ?? ''))
    await page.waitForURL(/at=prm_/)
    await page.getByRole('region', { name: 'What is chosen in the graph' }).getByRole('link', { name: 'Open the promotion' }).waitFor()
    await page.keyboard.press('Home')
    await page.waitForFunction(() => /what was asked for$/.test(document.activeElement?.textContent ?? ''))
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(() => !/what was asked for$/.test(document.activeElement?.textContent ?? ''))
    const name = await focused(page)
    assert.ok(name !== null && name !== '', 'the focus stays on a node that has a name')
    await nodeOf(page, /^promotion /).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/console/promotions/${promotion}$`))
    await watched.close()
  })

  it('opens from an entry, about what that entry made', async () => {
    const entries = await (await signIn(opened.harness, 'auditor')).act('ledger:list', { action: 'run:launch', limit: 1 })
    const [entry] = entries.items as { id: string }[]
    const watched = await opened.as('auditor', `/audit/${entry?.id}`)
    await watched.page.getByRole('link', { name: 'See its lineage' }).click()
    await watched.page.waitForURL(/\/lineage\/ent_/)
    await nodeOf(watched.page, /run · succeeded ?, what was asked for$/).waitFor()
    await watched.page.getByText('what the entry run:launch is about').waitFor()
    await watched.close()
  })

  it('closes siblings into a cluster, opens it by o, and pulls one out', async () => {
    const watched = await opened.as('auditor')
    const { page } = watched
    await over(page, (trace) => withRuns(trace, 12))
    await page.goto(`${opened.url}/console/lineage/${artifact}`)
    const cluster = nodeOf(
      page,
      /^12 runs ?, \d succeeded, \d failed ?, closed: o opens it$|^12 runs ?, \d failed, \d succeeded ?, closed: o opens it$/,
    )
    await cluster.focus()
    await page.getByRole('button', { name: 'Pull out run 3' }).waitFor()
    await screenshot(page, 'lineage-cluster')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Pull out run 3' }).click()
    await nodeOf(page, /^run 3 ?, run · /).waitFor()
    await nodeOf(page, /^11 runs/).waitFor()
    await page.waitForURL(/apart=run_/)
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('run 3'))
    await page.goBack()
    await cluster.focus()
    await page.keyboard.press('o')
    await nodeOf(page, /^run 11 ?, run · /).waitFor()
    assert.equal(await nodeOf(page, /^12 runs/).count(), 0)
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('run 0'))
    await page.getByRole('link', { name: 'Close all clusters again' }).click()
    await cluster.waitFor()
    await watched.close()
  })

  it('draws hundreds of things that were in a cluster, ordinary lines as one picture and what was refused by itself', async () => {
    const watched = await opened.as('auditor')
    const { page } = watched
    await over(page, (trace) => withRuns(trace, 300))
    await page.goto(`${opened.url}/console/lineage/${artifact}?opened=run_${'0'.repeat(26)}`)
    await nodeOf(page, /what was asked for$/).focus()
    const picture = page.getByRole('img', { name: /^3\d\d lines; the table of steps has each$/ })
    await picture.waitFor({ state: 'attached' })
    await page.getByText(/^call denied/).waitFor()
    assert.ok((await page.locator('[data-node]').count()) < 150, 'what is out of sight is not in the page')
    await screenshot(page, 'lineage-hundreds')
    await accessibleInBothThemes(page)
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(() => /, run · /.test(document.activeElement?.textContent ?? ''))
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => /^run \d+, run · /.test(document.activeElement?.textContent ?? ''))
    await screenshot(page, 'lineage-hundreds-runs')
    await watched.close()
  })

  it('shows a gap in red, first in the table, and says what was cut', async () => {
    const watched = await opened.as('auditor')
    const { page } = watched
    await over(page, ({ edges }) => ({
      edges: edges.filter(({ to, rel }) => !(to === artifact && rel === 'run')),
      cut: ['calls'],
      truncated: true,
    }))
    await page.goto(`${opened.url}/console/lineage/${artifact}`)
    await page.getByText('The chain has 1 gap.').waitFor()
    await page.getByText(/Left out: calls beyond the first 200/).waitFor()
    await nodeOf(page, /^no run recorded ?, gap in the chain$/).focus()
    await page.getByText('Nothing comes from nowhere').waitFor()
    await page.getByRole('grid', { name: 'Steps of this lineage' }).getByText('gap: no run recorded').waitFor()
    await screenshot(page, 'lineage-gap')
    await accessibleInBothThemes(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'lineage-gap-dark')
    await watched.close()
  })

  it('carries the same facts as a table, whose rows open by keyboard', async () => {
    const watched = await opened.as('auditor', `/lineage/${run}?table=things`)
    const { page } = watched
    const grid = page.getByRole('grid', { name: 'Things of this lineage' })
    await grid.getByText('settle@1').waitFor()
    const count = Number(await grid.getAttribute('aria-rowcount')) - 1
    assert.match(await page.locator('main').innerText(), new RegExp(`${count} things`))
    await page.getByRole('radio', { name: /steps$/ }).click()
    const steps = page.getByRole('grid', { name: 'Steps of this lineage' })
    await steps.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/audit\/ent_/)
    await watched.close()
  })

  it('shows names that are markup as text', async () => {
    const watched = await opened.as('auditor')
    const { page } = watched
    await over(page, ({ nodes }) => ({ nodes: nodes.map((node) => ({ ...node, title: hostile, state: hostile })) }))
    await page.goto(`${opened.url}/console/lineage/${artifact}?at=${encodeURIComponent(hostile)}&opened=${encodeURIComponent(hostile)}`)
    await page.locator('[data-node]').first().waitFor()
    assert.equal(await page.locator('main img').count(), 0)
    assert.notEqual(await page.title(), 'owned')
    await accessibleInBothThemes(page)
    await watched.close()
  })

  it('is not for an operator, and says when the ledger knows nothing of an id', async () => {
    const operator = await opened.as('operator', `/lineage/${artifact}`)
    await operator.page.getByText('You may not see this').waitFor()
    await accessibleInBothThemes(operator.page)
    await operator.close()
    const auditor = await opened.as('auditor', '/lineage/art_00000000000000000000000000')
    await auditor.page.getByText('The ledger says nothing of this id.').waitFor()
    await auditor.close()
  })

  it('fits a phone', async () => {
    const watched = await opened.as('auditor', `/lineage/${promotion}`, { width: 390, height: 844 })
    await nodeOf(watched.page, /what was asked for$/).waitFor()
    await settled(watched.page)
    await fitsInWidth(watched.page)
    await screenshot(watched.page, 'lineage-phone')
    await accessibleInBothThemes(watched.page)
    await watched.close()
  })

  it('finds the gap by itself when the entry that made the artifact is taken out of the database', async () => {
    await withConnection(await connectionOf(opened.harness.twinlock), async (client) => {
      await client.query('set session_replication_role = replica')
      const taken = await client.query(
        `delete from entry_ref where entry_id in
           (select r.entry_id from entry_ref r join entry e on e.id = r.entry_id where r.ref_id = $1 and e.action like 'artifact:%')`,
        [artifact],
      )
      assert.ok((taken.rowCount ?? 0) > 0)
    })
    const watched = await opened.as('reviewer', `/lineage/${artifact}`)
    await nodeOf(watched.page, /^no run recorded ?, gap in the chain$/).waitFor()
    await watched.page.getByText('The chain has 1 gap.').waitFor()
    await watched.close()
  })
})

interface Traced {
  readonly nodes: readonly { kind: string; id: string; title: string; at: string; entry: string; state: string | null }[]
  readonly edges: readonly { from: string; to: string; rel: string; outcome: string; count: number; entry: string }[]
  readonly cut: readonly string[]
  readonly truncated: boolean
}

/** The trace with so many more runs of its scenario. */
function withRuns({ nodes, edges }: Traced, count: number): Partial<Traced> {
  const scenario = nodes.find(({ kind }) => kind === 'scenario')
  assert.ok(scenario)
  const more = Array.from({ length: count }, (_, at) => ({
    ...scenario,
    kind: 'run',
    id: `run_${String(at).padStart(26, '0')}`,
    title: `run ${at}`,
    state: at % 4 === 0 ? 'failed' : 'succeeded',
  }))
  const steps = more.map(({ id }) => ({ from: scenario.id, to: id, rel: 'scenario', outcome: 'done', count: 1, entry: scenario.entry }))
  return { nodes: [...nodes, ...more], edges: [...edges, ...steps] }
}
