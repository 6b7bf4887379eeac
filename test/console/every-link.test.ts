// Every link of the console, followed as each role in an organization in which everybody chose a hostile name: nothing leads nowhere, nothing breaks, what is
// forbidden says what is missing, and every name is text. Of links to things of one kind two are followed, of links to lists that are narrowed alike one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { closed, inReview, type LiveRun, liveRun } from '../harness/live-run.ts'
import { asSystem, grant, refusalOf, signIn, signInAs } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { type OpenedConsole, openConsole, type Watched } from './open-console.ts'
import { atRest, stepMs, within } from './within.ts'

const markup = '<img src=x onerror="document.title=\'owned\'">'
const hostile = `${markup}\u202E"'`
const ofOneKind = 2
const pagesMax = 80
const viewMs = 2 * stepMs

let it: OpenedConsole
const people: Record<string, `per_${string}`> = {}

/** A person with a hostile name and a role that was given for a hostile reason. */
async function invite(slug: string, role: string | undefined): Promise<void> {
  const act = asSystem(it.harness, 'starter')
  const person = await act('person:create', { slug, name: `${slug} ${hostile}`, email: `${slug}@people.example`, clearance: 'restricted' })
  people[slug] = String(person.id) as `per_${string}` // the action's output schema has just checked it
  if (role !== undefined) await grant(it.harness, String(person.id), role, { reason: hostile })
}

async function writes(run: LiveRun, name: string, mediaType: string, text: string): Promise<void> {
  const digest = await it.harness.twinlock.outside.blobs.put(new TextEncoder().encode(text))
  await run.act('artifact:write', { run: run.id, name, mediaType, digest })
}

async function sealed(): Promise<string> {
  const run = await liveRun(it.harness)
  await run.call({ connection: 'accounts-data', path: '/accounts?limit=2' })
  await refusalOf(run.call({ connection: 'accounts-data', path: `/accounts/${encodeURIComponent(markup)}`, method: 'DELETE' }))
  await writes(run, `report ${markup.replaceAll('/', '')}.html`, 'text/html', markup).catch(() =>
    writes(run, 'report.html', 'text/html', markup),
  )
  await run.end('succeeded', { note: hostile })
  await closed(it.harness, run.id)
  const operator = await signIn(it.harness, 'operator')
  const { items } = (await operator.act('artifact:list', { run: run.id })) as { items: { id: string }[] } // by the action's output schema
  return String(items[0]?.id)
}

before(async () => {
  it = await openConsole(() => openStarter({ runsMax: 0 }))
  for (const role of ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'])
    await invite(`h-${role}`, role)
  await invite('h-nobody', undefined)
  const act = asSystem(it.harness, 'starter')
  const owner = people['h-nobody'] ?? ''
  const project = String((await act('project:create', { slug: 'hostile', name: hostile, owner })).id)
  await act('twin:create', { project, slug: 'hostile', kind: 'process', program: 'payments', owner, sensitivity: 'internal' })
  const operator = await signIn(it.harness, 'operator')
  await inReview(it.harness, operator, await sealed())
  const other = await inReview(it.harness, operator, await sealed())
  const reviewer = await signInAs(it.harness.twinlock.door, it.harness.starter.org, people['h-reviewer'] ?? '')
  const { version } = await reviewer.act('promotion:show', { promotion: other.id })
  await reviewer.act('promotion:reject', { promotion: other.id, version, reason: hostile })
  const frozen = await liveRun(it.harness)
  await operator.act('run:freeze', { run: frozen.id, reason: hostile, minutes: 30 })
  await liveRun(it.harness)
})
after(() => it.close())

/** What a path is of: things of one kind, and filters of one kind, have the same. */
function kindOf(path: string): string {
  const [name = '', query = ''] = path.split('?')
  const asked = [...new URLSearchParams(query)].map(([key, value]) => `${key}=${/^[a-z]{3}_/.test(value) ? value.slice(0, 3) : '…'}`)
  return `${name.replace(/\b([a-z]{3})_[0-9a-z]{26}/g, '$1')}?${asked.sort().join('&')}`
}

/** Follows a link as the console does; within one view, as somebody to whom it was sent. */
async function follow(page: Page, path: string): Promise<void> {
  if (new URL(page.url()).pathname === path.split('?')[0]) await page.goto(`${it.url}${path}`)
  else {
    await page.evaluate((to) => {
      document.querySelector('#main h1')?.setAttribute('data-former', '')
      history.pushState({}, '', to)
    }, path)
  }
  await atRest(page, '#main h1:not([data-former])')
}

/** What a view shows, and where it leads. */
interface Seen {
  readonly said: string
  readonly alerts: readonly string[]
  readonly isMarkup: boolean
  /** Texts that turn the direction and are not kept apart from what stands beside them. */
  readonly turning: readonly string[]
  readonly links: readonly string[]
}

function look(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const turning: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      if (parent === null || !node.textContent?.includes('\u202e')) continue
      if (parent.closest('bdi, option, input, textarea, code, pre, [dir="auto"], .sr-only') === null)
        turning.push(node.textContent.slice(0, 200))
    }
    const main = document.querySelector('main')
    return {
      said: main?.innerText ?? '',
      alerts: [...(main?.querySelectorAll<HTMLElement>('[role="alert"]') ?? [])].map(({ innerText }) => innerText),
      isMarkup: document.querySelector('img[src="x"]') !== null || document.title === 'owned',
      turning,
      links: [
        ...[...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map(({ href }) => href),
        // Rows lead to their own view.
        ...[...document.querySelectorAll('tr[data-href]')].map((row) => row.getAttribute('data-href') ?? ''),
      ],
    }
  })
}

interface Faults {
  readonly path: string
  readonly what: string
}

function faultsOf(path: string, { said, alerts, isMarkup, turning }: Seen): readonly Faults[] {
  const what = [
    ...(/Nothing is here/.test(said) ? ['a dead end'] : []),
    ...(/This view failed/.test(said) ? ['a view that broke'] : []),
    ...alerts.filter((one) => /\bcode\b/.test(one)).map((one) => `a failure: ${one.slice(0, 300)}`),
    ...(/It is not in/.test(said) ? ['a thing that is not there'] : []),
    ...(/You may not see this/.test(said) && !(/Any of these roles would hold it: .+/.test(said) && /can grant it/.test(said))
      ? [`forbidden, without what is missing and who can grant it: ${said.slice(0, 400)}`]
      : []),
    ...(isMarkup ? ['markup of a name'] : []),
    ...turning.map((one) => `a name that turns the direction of what stands beside it: ${one}`),
    ...(/\bundefined\b|\[object Object\]|\bNaN\b/.test(said) ? ['a value that is none'] : []),
    ...(said.trim() === '' ? ['a view that says nothing'] : []),
  ]
  return what.map((one) => ({ path, what: one }))
}

async function crawl(watched: Watched): Promise<{ readonly visited: readonly string[]; readonly faults: readonly Faults[] }> {
  const { page } = watched
  const waiting = ['/console/', '/console/launch']
  const known = new Set<string>(waiting)
  const times = new Map<string, number>()
  const visited: string[] = []
  const faults: Faults[] = []
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push({ path: response.url(), what: `${response.status()}` })
  })
  for (let path = waiting.shift(); path !== undefined && visited.length < pagesMax; path = waiting.shift()) {
    const kind = kindOf(path)
    const before = times.get(kind) ?? 0
    if (before >= (kind.endsWith('?') ? ofOneKind : 1)) continue
    times.set(kind, before + 1)
    await within(viewMs, `view ${visited.length + 1}, following ${path}`, follow(page, path))
    visited.push(path)
    const seen = await within(stepMs, `view ${visited.length}, looking at ${path}`, look(page))
    faults.push(...faultsOf(path, seen))
    for (const href of seen.links) {
      const url = new URL(href, it.url)
      assert.equal(url.origin, it.url, `${path} leads out of the console: ${href}`)
      const to = `${url.pathname}${url.search}`
      if (!url.pathname.startsWith('/console') || known.has(to)) continue
      known.add(to)
      waiting.push(to)
    }
  }
  return { visited, faults }
}

for (const role of ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor', 'nobody'])
  test(`every link leads somewhere for ${role === 'nobody' ? 'an owner without a role' : `the role ${role}`}`, async (t) => {
    const watched = await it.stranger()
    await watched.page.goto(await it.link(people[`h-${role}`] ?? 'operator'))
    await within(viewMs, 'signing in', watched.page.locator('#main h1').waitFor())
    const { visited, faults } = await crawl(watched)
    t.diagnostic(`${visited.length} views: ${visited.map(kindOf).join(' ')}`)
    assert.deepEqual(faults, [])
    assert.ok(visited.length >= 7, `only ${visited.length} views were found`)
    await watched.close()
  })
