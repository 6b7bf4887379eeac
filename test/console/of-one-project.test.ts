// Somebody who holds a role on one project, or on one twin, and nothing on the organization: the console shows him what lies there, and asks for nothing that it
// knows to be refused.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { asSystem, grant, signIn } from '../harness/signed-in.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, type Watched } from './open-console.ts'
import { atRest } from './within.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'
const textOf = (page: Page): Promise<string> => page.locator('main').innerText()
/** More than this in one view would be a storm: what every page asks, and each list of the view in each place. */
const requestsMax = 16

type Somebody = `per_${string}`

describe('a person of one project', () => {
  let console: OpenedConsole
  let elsewhere: string
  let unseen: string

  async function somebody(slug: string, role: string, ...scopes: (readonly ['Project' | 'Twin', string])[]): Promise<Somebody> {
    const act = asSystem(console.harness, 'starter')
    const asked = { slug, name: `${slug} ${hostile}`, email: `${slug}@people.example`, clearance: 'restricted' }
    const id = String((await act('person:create', asked)).id)
    for (const [scopeType, scope] of scopes) await grant(console.harness, id, role, { scopeType, scope })
    return id as Somebody // the action's output schema has just checked it
  }

  before(async () => {
    console = await openConsole()
    const { harness } = console
    const act = asSystem(harness, 'starter')
    const { owner } = harness.starter.people
    elsewhere = String((await act('project:create', { slug: 'elsewhere', name: hostile, owner })).id)
    const twin = { project: elsewhere, slug: 'unseen', kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
    unseen = String((await act('twin:create', twin)).id)
    await harness.walk()
  })
  after(() => console.close())

  /** Opens a view, and says what was asked and refused on the way. */
  async function opened(person: Somebody, path: string, look = {}): Promise<{ watched: Watched; asked: string[]; refused: string[] }> {
    const watched = await console.as(person, '/sessions', look)
    const { page } = watched
    await atRest(page)
    const asked: string[] = []
    const refused: string[] = []
    page.on('response', (answer) => {
      const { pathname, search } = new URL(answer.url())
      if (!pathname.startsWith('/v1/')) return
      asked.push(`${answer.request().method()} ${pathname}${search}`)
      if (answer.status() >= 400) refused.push(`${answer.status()} ${pathname}${search}`)
    })
    await page.goto(`${console.url}/console${path}`)
    await atRest(page)
    return { watched, asked, refused }
  }

  const refusals = async (): Promise<number> => {
    const auditor = await signIn(console.harness, 'auditor')
    const { items } = await auditor.act('ledger:list', { outcome: 'denied', limit: 200 })
    return (items as readonly unknown[]).length
  }

  const views = ['/', '/runs', '/batches', '/twins', '/artifacts?show=all', '/promotions', '/launch', '/access'] as const

  for (const width of [1280, 390])
    it(`sees his work in every list, ${width} px wide, with few requests and none that is refused`, async () => {
      const person = await somebody(`mine-${width}`, 'operator', ['Project', console.harness.starter.project])
      const before = await refusals()
      for (const path of views) {
        const { watched, asked, refused } = await opened(person, path, { width })
        const { page } = watched
        assert.deepEqual(refused, [], path)
        assert.ok(asked.length <= requestsMax, `${path} asks ${asked.length} times: ${asked.join(' ')}`)
        assert.equal(await page.getByText('You may not see this').count(), 0, path)
        await fitsInWidth(page)
        if (path !== '/access') await accessibleInBothThemes(page)
        await screenshot(page, `project-${path.replace(/\W+/g, '')}-${width}`)
        await watched.close()
      }
      assert.equal(await refusals(), before, 'a refusal of his is an entry of the ledger')
    })

  it('sees what lies in his project, and nothing that lies in another', async () => {
    const person = await somebody('here', 'operator', ['Project', console.harness.starter.project])
    const { watched } = await opened(person, '/twins')
    const { page } = watched
    await page.getByRole('row', { name: /payments/ }).waitFor()
    const text = await textOf(page)
    assert.match(text, /What lies in project starter, where you hold a role\./)
    assert.doesNotMatch(text, /unseen/)
    await page.goto(`${console.url}/console/runs?twin=${unseen}`)
    await page.getByText('You may not see this').waitFor()
    await watched.close()
  })

  it('of two projects sees one list out of both, and chooses one of them beside the name of the organization', async () => {
    const both = await somebody('both', 'author', ['Project', console.harness.starter.project], ['Project', elsewhere])
    const { watched, refused } = await opened(both, '/twins')
    const { page } = watched
    await page.getByRole('row', { name: /payments/ }).waitFor()
    await page.getByRole('row', { name: /unseen/ }).waitFor()
    assert.deepEqual(refused, [])
    await page.getByRole('button', { name: /Change where you act/ }).click()
    await page.getByRole('menuitem', { name: 'elsewhere' }).click()
    await page.getByRole('row', { name: /payments/ }).waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /unseen/ }).waitFor()
    assert.notEqual(await page.title(), 'owned')
    await watched.close()
  })

  it('of one twin alone sees it, what ran of it and what that made', async () => {
    const { payments } = console.harness.starter.twins
    const person = await somebody('of-twin', 'operator', ['Twin', payments])
    for (const [path, row] of [
      ['/twins', /payments/],
      ['/runs', /payments/],
      ['/artifacts?show=all', /payments/],
    ] as const) {
      const { watched, refused } = await opened(person, path)
      await watched.page.getByRole('row', { name: row }).first().waitFor()
      assert.deepEqual(refused, [], path)
      await watched.close()
    }
  })

  it('finds by name what lies in his project, and not what does not', async () => {
    const person = await somebody('finder', 'operator', ['Project', console.harness.starter.project])
    const { watched, refused } = await opened(person, '/')
    const { page } = watched
    await page.keyboard.press('Control+k')
    await page.getByRole('searchbox', { name: 'Find or do' }).fill('payments')
    await page.getByRole('menuitem', { name: /Twin payments/ }).waitFor()
    await page.getByRole('searchbox', { name: 'Find or do' }).fill('unseen')
    await page.getByText('Nothing by that name or id that you may see.').waitFor()
    assert.deepEqual(refused, [])
    await watched.close()
  })

  it('who audits a project reads its entries and is refused none', async () => {
    const person = await somebody('evidence', 'auditor', ['Project', console.harness.starter.project])
    const { watched, refused } = await opened(person, '/audit?action=run%3Alaunch')
    const { page } = watched
    await page
      .getByRole('row', { name: /run:launch/ })
      .first()
      .waitFor()
    assert.match(await textOf(page), /What lies in project starter/)
    assert.deepEqual(refused, [])
    await screenshot(page, 'project-audit')
    await watched.close()
  })

  it('who holds nothing anywhere is told what is missing and who can grant it, without having been refused', async () => {
    const person = await somebody('nothing', 'operator')
    const { watched, refused } = await opened(person, '/runs')
    const { page } = watched
    await page.getByText('You may not see this').waitFor()
    assert.match(await textOf(page), /Any of these roles would hold it: .*operator/)
    assert.match(await textOf(page), /can grant it/)
    assert.deepEqual(refused, [])
    await watched.close()
  })
})
