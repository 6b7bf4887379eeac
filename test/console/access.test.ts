// Access in the console: every path to production with its because, what a change would come to, grants, guardrails with their examples, and roles.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { at, listAt } from '../harness/acting.ts'
import { grant, newPerson, type SignedIn, signIn } from '../harness/signed-in.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'
const reason = 'A test needs it.'
const exports = 'forbid(principal, action == Action::"artifact:export", resource);'

let console: OpenedConsole
let admin: SignedIn
let tester: SignedIn
let twin: string
let artifact: string
let group: string
let viaGroup: string

before(async () => {
  console = await openConsole()
  const { harness } = console
  const { starter } = harness
  artifact = (await harness.walk()).artifact?.id ?? ''
  twin = starter.twins.payments
  admin = await signIn(harness, 'admin')
  await grant(harness, admin.id, 'auditor')
  tester = await newPerson(harness, 'tester', 'operator', { scopeType: 'Project', scope: starter.project })
  group = String((await admin.act('group:create', { slug: 'engineers', name: `Engineers ${hostile}`, owner: starter.people.owner })).id)
  await admin.act('group:add', { group, member: tester.id })
  viaGroup = String((await admin.act('grant:create', { principal: group, role: 'author', reason: hostile })).id)
  await admin.act('guardrail:create', { slug: 'no-exports', title: hostile, policy: exports, environmentClasses: ['staging'], reason })
  const asked = { holds: ['exporter'], action: 'artifact:export', environmentClass: 'staging', sensitivity: 'internal' }
  await admin.act('example:add', { slug: 'reports-leave', guardrail: 'no-exports', ...asked, expected: 'allowed', note: hostile })
  await admin.act('role:create', { slug: 'lookout', title: hostile, actions: ['run:list', 'twin:list'], reason })
})
after(() => console.close())

const textOf = (page: Page): Promise<string> => page.locator('main').innerText()

async function isText(page: Page): Promise<void> {
  assert.notEqual(await page.title(), 'owned')
  assert.equal(await page.locator('img[src="x"]').count(), 0)
  assert.ok(!(await page.locator('body').innerText()).includes('\u202e'))
}

describe('paths', () => {
  it('stand in three columns, with what is toxic, and lead by keyboard down to the line of policy', async () => {
    const watched = await console.as('admin', `/twins/${twin}`)
    const { page } = watched
    await page.getByRole('link', { name: 'Paths to production' }).click()
    await page.waitForURL(/\/access\/paths\?of=twn_/)
    const input = page.getByRole('region', { name: 'Change its input' })
    await input.getByText('launch a run with parameters').first().waitFor()
    assert.match(await input.innerText(), /tester[\s\S]*toxic: also output/)
    assert.match(await page.getByRole('region', { name: 'Observe its output' }).innerText(), /read what a run left/)
    assert.match(
      await page.getByRole('region', { name: 'Move it into production' }).innerText(),
      /approve its promotion[\s\S]*production[\s\S]*carry it across/,
    )
    assert.match(await input.innerText(), /ci[\s\S]*owned by[\s\S]*Starter Operator[\s\S]*used \d+ (second|minute)s? ago/)
    await screenshot(page, 'access-paths')
    await accessibleInBothThemes(page)
    const why = page.getByRole('button', { name: 'Why can tester publish a version of its scenario?' })
    await why.focus()
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Why tester can change what goes in' })
    await drawer.getByText('permit(principal in Group::').waitFor()
    assert.match(
      await drawer.innerText(),
      new RegExp(`Toxic: input and output in one hand[\\s\\S]*${viaGroup}[\\s\\S]*role author[\\s\\S]*Engineers <img`),
    )
    assert.match(page.url(), /because=input\.scenario%3Apublish\.grant\.per_/)
    await screenshot(page, 'access-paths-because')
    await isText(page)
    await accessibleInBothThemes(page)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await watched.close()
  })

  it('are narrowed in the URL, and the same as a table', async () => {
    const watched = await console.as('auditor', `/access/paths?of=${twin}&only=toxic&find=tester`)
    const { page } = watched
    await page.getByText(/\d+ of \d+ paths/).waitFor()
    const waysIn = async (): Promise<number> => page.getByRole('button', { name: /^Why can/ }).count()
    const ways = await waysIn()
    assert.ok(ways > 2 && (await page.getByRole('button', { name: /^Why can (?!tester)/ }).count()) === 0)
    await page.getByRole('radio', { name: 'Table' }).click()
    await page
      .getByRole('row', { name: /tester/ })
      .first()
      .waitFor()
    assert.equal((await page.getByRole('row').count()) - 1, ways)
    assert.match(page.url(), /view=table/)
    await screenshot(page, 'access-paths-table')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Show all paths' }).click()
    await page.getByRole('row', { name: /ci/ }).first().waitFor()
    await watched.close()
  })

  it('of an artifact are one link from it; whoever may not see them reads what is missing', async () => {
    const watched = await console.as('admin', `/artifacts/${artifact}`)
    await watched.page.getByRole('link', { name: 'Paths to production' }).click()
    await watched.page.getByRole('region', { name: 'Move it into production' }).waitFor()
    await watched.close()
    const other = await console.as('operator', `/access/paths?of=${twin}`)
    await other.page.getByText('You may not see this').waitFor()
    await other.page.getByText('Starter Admin can grant it.').waitFor()
    assert.match(await textOf(other.page), /Any of these roles would hold it: admin, auditor/)
    await other.close()
  })
})

describe('what if', () => {
  it('shows who loses what by a grant that is taken away, and takes it away from there', async () => {
    const watched = await console.as('admin', `/access/what-if?change=take&grant=${viaGroup}`)
    const { page } = watched
    const loses = page.getByRole('region', { name: 'Who loses' })
    await loses.getByText('tester').waitFor()
    assert.match(await loses.innerText(), /loses[\s\S]*the organization[\s\S]*scenario:publish/)
    await page.getByText('Nobody gains anything.').waitFor()
    assert.equal(
      (await admin.act('grant:show', { grant: viaGroup })).revokedAt,
      null,
      'a link that somebody prepared does nothing by itself',
    )
    await screenshot(page, 'access-what-if')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Take it away' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take the grant away' })
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('It is not needed.')
    await dialog.getByRole('button', { name: 'Take it away' }).click()
    await page.getByRole('heading', { name: 'Done: Take the grant away' }).waitFor()
    const { items } = (await admin.act('grant:list', { principal: group, state: 'live' })) as { items: unknown[] } // by the action's output schema
    assert.deepEqual(items, [])
    await watched.close()
  })

  it('shows what comes later of a grant that has not begun, from when on, and that nobody loses anything before', async () => {
    const notBefore = new Date(Math.ceil(Date.now() / 1000) * 1000 + 86_400_000).toISOString()
    const given = await admin.act('grant:create', { principal: tester.id, role: 'deployer', notBefore, reason: 'A test needs it.' })
    const watched = await console.as('admin', `/access/what-if?change=take&grant=${String(given.id)}`)
    const { page } = watched
    await page.getByText('Besides, from').waitFor()
    const later = page.getByRole('region', { name: `Who loses from ${notBefore} on` })
    assert.match(await later.innerText(), /tester[\s\S]*promotion:cross/)
    assert.equal(await page.getByText('Nobody loses anything.').count(), 1)
    assert.equal(await page.getByText('could not do it either way').count(), 0)
    await accessibleInBothThemes(page)
    await watched.close()
    await admin.act('grant:revoke', { grant: given.id, reason: 'A test needs it.' })
  })

  it('puts somebody into a group from there, chosen by name and keyboard', async () => {
    const watched = await console.as('admin', '/access/what-if?change=join')
    const { page } = watched
    await page.getByRole('combobox', { name: 'The group' }).fill('Engin')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Whom' }).fill('Starter Rev')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('Nobody loses anything.').waitFor()
    assert.match(page.url(), /group=grp_.*member=per_/)
    await page.getByRole('button', { name: 'Put into the group' }).press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Put into the group' }).press('Enter')
    await page.getByRole('heading', { name: 'Done: Put into the group' }).waitFor()
    await isText(page)
    await watched.close()
  })
})

describe('grants', () => {
  it('are given after what stands against them was shown, and taken away, from the list', async () => {
    const watched = await console.as('admin', `/access/new-grant?principal=${tester.id}`)
    const { page } = watched
    await page.getByText('Choose what is given.').waitFor()
    await page.getByRole('button', { name: /What/ }).click()
    await page.getByRole('option', { name: 'role reviewer' }).click()
    await page.getByText('reviewer and operator').waitFor()
    await page.getByRole('region', { name: 'Who gains' }).getByText('promotion:approve').first().waitFor({ state: 'attached' })
    await screenshot(page, 'access-new-grant')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Give it' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill(hostile)
    await page.getByRole('dialog').getByRole('button', { name: 'Give it' }).click()
    await page.getByRole('heading', { name: 'Done: Give access' }).waitFor()
    await page.waitForURL(/\/access\/grants\?principal=per_/)
    await page.keyboard.press('Escape')
    await page.getByRole('row').filter({ hasText: 'reviewer' }).click()
    const drawer = page.getByRole('dialog', { name: 'Grant' })
    await drawer.getByText('action in Action::"role:reviewer"').waitFor()
    assert.match(await drawer.innerText(), /tester[\s\S]*role reviewer[\s\S]*the organization[\s\S]*Starter Admin[\s\S]*<img src=x/)
    await screenshot(page, 'access-grant')
    await isText(page)
    await drawer.getByRole('button', { name: 'Take it away' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('Enough of it.')
    await page.getByRole('dialog', { name: 'Take the grant away' }).getByRole('button', { name: 'Take it away' }).click()
    await page.getByRole('heading', { name: 'Done: Take the grant away' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').fill('tester reviewer')
    await page.getByText('No grant is like that.').waitFor()
    await page.getByRole('radio', { name: 'Over' }).click()
    await page.getByRole('row').filter({ hasText: 'taken away' }).waitFor()
    assert.match(page.url(), /find=tester.*state=over|state=over.*find=tester/)
    await watched.close()
  })
})

describe('a list of grants', () => {
  /** What stands in the list, once no column is wider than its place. */
  const fitting = async (page: Page): Promise<string> => {
    const list = page.locator('[data-beside]').filter({ has: page.getByRole('grid', { name: 'Grants' }) })
    const isIn = (element: Element) => element.scrollWidth <= element.clientWidth + 1
    await page.waitForFunction(isIn, await list.elementHandle())
    return list.innerText()
  }

  it('leaves out the columns for which a window has no room, says in the first what they held, and shows them again when there is', async () => {
    const watched = await console.as('admin', '/access/grants', { width: 1440 })
    const { page } = watched
    assert.match(await fitting(page), /Who\s+Holds\s+Scope\s+Environments\s+Ends\s+Given by\s+Reason/)
    assert.doesNotMatch(await fitting(page), /given by/)
    await page.setViewportSize({ width: 1024, height: 800 })
    await page.getByText('given by').first().waitFor()
    const narrow = await fitting(page)
    assert.match(narrow, /^Who\s+Holds\s/)
    assert.doesNotMatch(narrow, /Given by|Reason/)
    assert.match(narrow, /Starter Operator\s[\s\S]*given by/)
    await accessibleInBothThemes(page)
    await page.setViewportSize({ width: 1440, height: 800 })
    await page.getByRole('columnheader', { name: 'Reason' }).waitFor()
    assert.match(await fitting(page), /Given by\s+Reason/)
    await watched.close()
  })

  it('is printed without what can only be pressed, on white whatever is worn, with every moment in full', async () => {
    const watched = await console.as('admin', '/access/grants', { theme: 'dark' })
    const { page } = watched
    await page.emulateMedia({ media: 'print' })
    assert.equal(await page.getByRole('navigation', { name: 'Console' }).isVisible(), false)
    assert.equal(await page.getByRole('link', { name: 'Give access' }).isVisible(), false)
    assert.equal(await page.getByRole('searchbox').isVisible(), false)
    assert.ok(await page.getByRole('grid', { name: 'Grants' }).isVisible())
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)')
    await page.goto(`${console.url}/console/sessions`)
    const moment = page.locator('main time').first()
    await moment.waitFor()
    const printed = await moment.evaluate((element) => getComputedStyle(element, '::after').content)
    assert.match(printed, /\d{4}-\d\d-\d\dT/)
    await page.emulateMedia({ media: null })
    await watched.close()
  })
})

describe('the end of a grant', () => {
  it('is that of an engagement which is chosen by keyboard, or of a day; what is still missing of it is said', async () => {
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString()
    const bounds = { projects: [console.harness.starter.project], until, reason }
    const engagement = String((await admin.act('engagement:create', { slug: 'acme', name: `Acme ${hostile}`, ...bounds })).id)
    const watched = await console.as('admin', `/access/new-grant?principal=${tester.id}&gives=exporter&until=day&end=2020-01-01`)
    const { page } = watched
    await page.getByText('The day that it would end has passed.').waitFor()
    await page.getByRole('button', { name: /For how long/ }).press('Enter')
    await page.getByRole('option', { name: 'Until an engagement ends' }).press('Enter')
    await page.getByText('Choose the engagement that it ends with.').waitFor()
    await page.getByRole('combobox', { name: 'Which engagement' }).fill(engagement)
    await page.getByText('All of it is yours to give.').waitFor()
    // What is found for what was typed may come later than what it comes to: the list closes with the field that it belongs to.
    await page.keyboard.press('Tab')
    await page.getByRole('listbox').waitFor({ state: 'hidden' })
    assert.match(page.url(), new RegExp(`end=${engagement}`))
    await isText(page)
    await screenshot(page, 'access-new-grant-until')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Give it' }).press('Enter')
    await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await page.getByRole('dialog').getByRole('button', { name: 'Give it' }).press('Enter')
    await page.getByRole('heading', { name: 'Done: Give access' }).waitFor()
    const given = listAt(await admin.act('grant:list', { principal: tester.id, state: 'live' }), 'items')
    assert.ok(given.some((one) => at(one, 'role') === 'exporter' && at(one, 'expiresAt') === until))
    await watched.close()
  })
})

describe('requests', () => {
  it('are asked with who could approve them, approved for less by somebody else, and never by oneself', async () => {
    const asking = await console.as(tester.id as `per_${string}`, '/access/new-request?gives=observer')
    await asking.page.getByText('Starter Admin').first().waitFor()
    await screenshot(asking.page, 'access-new-request')
    await accessibleInBothThemes(asking.page)
    await asking.page.getByRole('button', { name: 'Ask for it' }).click()
    await asking.page.getByRole('textbox', { name: 'Reason' }).fill(`To look. ${hostile}`)
    await asking.page.getByRole('dialog').getByRole('button', { name: 'Ask for it' }).click()
    await asking.page.waitForURL(/\/access\/requests\/req_/)
    await asking.page.keyboard.press('Escape')
    await asking.page.getByText('Nobody decides a request of their own.').waitFor()
    assert.equal(await asking.page.getByRole('button', { name: 'Approve' }).count(), 0)
    const deciding = await console.as('admin', '/access/requests?which=to_decide')
    const { page } = deciding
    await page.getByRole('row').filter({ hasText: 'observer' }).click()
    await page.getByLabel('For how many minutes').fill('600')
    await page.getByText('From 5 to 60 minutes: it can be shortened, not lengthened.').first().waitFor()
    await page.getByLabel('For how many minutes').fill('20')
    await screenshot(page, 'access-request')
    await accessibleInBothThemes(page)
    await isText(page)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('For a look.')
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Done: Approve the request' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText(/^1 of [12] approved$/).waitFor()
    assert.match(await textOf(page), /approved[\s\S]*Starter Admin[\s\S]*for 20 min/)
    await deciding.close()
    await asking.close()
  })

  it('of those who cannot wait break the glass, say that it is loud, and are listed to be reviewed', async () => {
    const watched = await console.as('operator', '/access/break-glass?role=deployer')
    await watched.page.getByText('It is loud.').waitFor()
    await accessibleInBothThemes(watched.page)
    await watched.page.goto(`${console.url}/console/access/requests?which=glass`)
    await watched.page.getByText('Nobody broke the glass.').waitFor()
    await watched.close()
  })
})

describe('a blast radius', () => {
  it('is everything that somebody reaches, by which way, with what would have to end, and leads to the paths of each twin', async () => {
    const watched = await console.as('admin', `/access/blast?of=${tester.id}`)
    const { page } = watched
    await page.getByRole('row').filter({ hasText: 'run:launch' }).waitFor()
    const text = await textOf(page)
    assert.match(text, /Toxic: input and output/)
    assert.match(text, /Twins that it reaches[\s\S]*payments[\s\S]*internal/)
    assert.match(text, /session[\s\S]*ends in/)
    await screenshot(page, 'access-blast')
    await accessibleInBothThemes(page)
    await page.getByRole('radio', { name: 'Production' }).click()
    await page.getByRole('row').filter({ hasText: 'run:launch' }).waitFor({ state: 'detached' })
    assert.match(page.url(), /group=production/)
    await page.getByRole('link', { name: /payments/ }).click()
    await page.waitForURL(/\/access\/paths\?of=twn_/)
    await watched.close()
  })
})

describe('guardrails', () => {
  it('are drafted, with the place of a mistake marked', async () => {
    const watched = await console.as('admin', '/access/new-guardrail')
    const { page } = watched
    await page.getByLabel('Name').fill('calm-nights')
    await page.getByLabel('Title').fill('Nothing is launched at night')
    await page.getByLabel('Policy').fill('forbid(principal,\n  action == Action::"run:lunch",\n  resource);')
    await page.getByRole('button', { name: 'Keep as a draft' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep as a draft' }).click()
    await page.getByRole('dialog').getByText('Line 2, column').first().waitFor()
    await page.keyboard.press('Escape')
    await page
      .locator('main')
      .getByText(/^Line 2, column \d+$/)
      .waitFor()
    assert.equal(await page.getByLabel('Policy').getAttribute('aria-invalid'), 'true')
    await screenshot(page, 'access-guardrail-mistake')
    await accessibleInBothThemes(page)
    await page.getByLabel('Policy').fill('forbid(principal, action == Action::"run:launch", resource) when { context.minute < 300 };')
    await page.getByRole('button', { name: 'Keep as a draft' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep as a draft' }).click()
    await page.waitForURL(/\/access\/guardrails\/calm-nights/)
    await watched.close()
  })

  it('are tried, refused while an example breaks, which is shown, and put into force when all hold', async () => {
    const watched = await console.as('admin', '/access/guardrails')
    const { page } = watched
    await page.getByRole('row', { name: /no-exports/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('breaks: denied, not allowed').waitFor()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('1 example of 1 would break: it cannot be put into force like this').waitFor()
    await screenshot(page, 'access-guardrail')
    await isText(page)
    await accessibleInBothThemes(page)
    const activate = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Put into force' }).click()
      await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
      await page.getByRole('dialog').getByRole('button', { name: 'Put into force' }).click()
    }
    await activate()
    await page.getByRole('dialog').getByText('example_broken').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('Reports do not leave either.')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('heading', { name: /^Done: Remove/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Add an example' }).click()
    const drawer = page.getByRole('dialog', { name: 'Add an example' })
    await drawer.getByLabel('Name').fill('nothing-leaves')
    await drawer.getByText('exporter').click()
    await drawer.getByLabel('does').fill('artifact:export')
    await drawer.getByRole('button', { name: /in an environment/ }).click()
    await page.getByRole('option', { name: 'staging' }).click()
    await accessibleInBothThemes(page)
    await drawer.getByRole('button', { name: 'Save the example' }).click()
    await page.getByRole('dialog', { name: 'Save the example' }).getByRole('button', { name: 'Save the example' }).click()
    await page.getByRole('heading', { name: 'Done: Save the example' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('holds: denied').first().waitFor()
    await activate()
    await page.getByRole('heading', { name: 'Done: Put no-exports into force' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('active', { exact: true }).waitFor()
    await watched.close()
  })
})

describe('roles', () => {
  it('of the organization’s own are shown with what they may, changed with what changes, and given', async () => {
    const watched = await console.as('admin', '/access/roles/lookout')
    const { page } = watched
    await isText(page)
    await page.getByRole('button', { name: 'Change it' }).click()
    await page.getByLabel('May').fill('run:list\nrun:show')
    await page.getByText('1 more, 1 less').waitFor()
    await screenshot(page, 'access-role')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Keep the change' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep the change' }).click()
    await page.getByRole('heading', { name: 'Done: Change lookout' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('version 2').waitFor()
    await watched.close()
  })
})

const views = () => [
  '/access',
  '/access/paths',
  `/access/paths?of=${twin}`,
  `/access/paths?of=${twin}&view=table`,
  `/access/blast?of=${twin}`,
  '/access/what-if?change=owner',
  '/access/requests',
  '/access/new-request',
  '/access/break-glass',
  '/access/grants',
  '/access/new-grant',
  '/access/guardrails',
  '/access/guardrails/no-exports?edit=1',
  '/access/new-guardrail',
  '/access/roles',
  '/access/new-role',
]

it('every view on access fits a phone, says what somebody without a role lacks, and breaks for nobody', async () => {
  const phone = await console.as('admin', '/access', { width: 390, height: 844 })
  const nobody = await console.as((await newPerson(console.harness, 'nobody')).id as `per_${string}`, '/access')
  await nobody.page.getByText('Nobody has given you anything.').waitFor()
  for (const [at, path] of views().entries()) {
    await phone.page.goto(`${console.url}/console${path}`)
    await settled(phone.page)
    await fitsInWidth(phone.page)
    await screenshot(phone.page, `access-phone-${at}`)
    await nobody.page.goto(`${console.url}/console${path}`)
    await settled(nobody.page)
    assert.doesNotMatch(await textOf(nobody.page), /This view failed|Nothing is here|undefined/)
    await isText(nobody.page)
  }
  await phone.close()
  await nobody.close()
})
