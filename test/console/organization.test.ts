// What administrators do with an organization in the console: what it set for itself, what is kept of it, its end; who answers where an owner is gone, offers that are
// taken back; workloads that are registered, with a key that is shown once; and duties that are kept apart.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { at, listAt, textAt } from '../harness/acting.ts'
import { liveRun } from '../harness/live-run.ts'
import { grant, newPerson, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { openStarter, workloadKey } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled, type Watched } from './open-console.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'
const reason = 'A test needs it.'
const cli = join(import.meta.dirname, '../../bin/twinlock.mjs')

let console: OpenedConsole
let admin: SignedIn
let tester: SignedIn
let leaver: SignedIn
let second: SignedIn
let watched: Watched
let page: Page
let engineers: string
let orphan: string

before(async () => {
  console = await openConsole(() => openStarter({ runsMax: 0 }))
  const { harness } = console
  admin = await signIn(harness, 'admin')
  await grant(harness, admin.id, 'auditor')
  tester = await newPerson(harness, 'tester', 'author')
  await grant(harness, tester.id, 'exporter')
  leaver = await newPerson(harness, 'leaver')
  second = await newPerson(harness, 'second', 'admin')
  const { owner } = harness.starter.people
  engineers = textAt(await admin.act('group:create', { slug: 'engineers', name: `Engineers ${hostile}`, owner }), 'id')
  await admin.act('group:add', { group: engineers, member: tester.id })
  orphan = textAt(await admin.act('group:create', { slug: 'left-alone', name: `Left alone ${hostile}`, owner: leaver.id }), 'id')
  watched = await console.as('admin')
  page = watched.page
})
after(async () => {
  await watched.close()
  await console.close()
})

async function isText(): Promise<void> {
  assert.notEqual(await page.title(), 'owned')
  assert.equal(await page.locator('img[src="x"]').count(), 0)
  assert.ok(!(await page.locator('body').innerText()).includes('\u202e'))
}

async function see(path: string): Promise<void> {
  await page.goto(`${console.url}/console${path}`)
  await settled(page)
}

const textOf = (one = page): Promise<string> => one.locator('main').innerText()

/** Answers what a button asks, and waits for what it did. */
async function does(label: string, title = label, why?: string, in_ = page.locator('main')): Promise<string> {
  await in_.getByRole('button', { name: label, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: title, exact: true })
  if (why !== undefined) await dialog.getByRole('textbox', { name: 'Reason' }).fill(why)
  await dialog.getByRole('button', { name: label, exact: true }).click()
  const done = page.getByRole('dialog', { name: `Done: ${title}` })
  await done.waitFor()
  const text = await done.innerText()
  await page.keyboard.press('Escape')
  await done.waitFor({ state: 'detached' })
  return text
}

/** Types into a field of one of many, and takes what was found. */
async function choose(field: string, typed: string): Promise<void> {
  const option = page.getByRole('option', { name: typed }).first()
  const type = async (): Promise<void> => {
    const box = page.getByRole('combobox', { name: field })
    await box.fill('')
    await box.fill(typed)
    await option.waitFor({ timeout: 20_000 })
  }
  await type().catch(type)
  await option.click()
}

/** Leaves such a field: what is found for what was typed may come late and open its list again. */
async function leaveField(): Promise<void> {
  await page.keyboard.press('Tab')
  await page.getByRole('listbox').waitFor({ state: 'hidden' })
}

describe('duties kept apart', () => {
  it('are declared by keyboard after it was shown who holds both, stop what is given later, and are retired', async () => {
    await see('/access/conflicts')
    await page.getByText('It has declared none of its own.').waitFor()
    await screenshot(page, 'conflicts-none')
    await accessibleInBothThemes(page)
    await page.getByText('author and exporter').click()
    await page.getByRole('grid', { name: 'Who holds both' }).getByText('tester').waitFor()
    await page.getByRole('link', { name: 'Declare a conflict' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Choose what the one side is.').waitFor()
    const side = (name: string) => page.getByRole('group', { name })
    await side('The one side').getByRole('checkbox', { name: 'author' }).press('Space')
    await page.getByText('Choose what the other side is.').waitFor()
    await page.getByRole('textbox', { name: 'The other side: or single actions' }).fill('artifact:exprot')
    await page.getByText('There is no action called').waitFor()
    await page.getByRole('textbox', { name: 'The other side: or single actions' }).fill('')
    await side('The other side').getByRole('checkbox', { name: 'exporter' }).press('Space')
    const both = page.getByRole('grid', { name: 'Who holds both' })
    await both.getByText('tester').waitFor()
    assert.match(page.url(), /one=author.*other=exporter/)
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'author-exporter')
    assert.equal(await both.getByRole('row').count(), 2, 'nobody else')
    assert.deepEqual(
      listAt(await admin.act('conflict:list', {}), 'items').filter((one) => at(one, 'stops') === true),
      [],
      'looking declares nothing',
    )
    await screenshot(page, 'conflict-new')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Declare it' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Declare author-exporter' })
    assert.match(await dialog.innerText(), /1 holder of both already keeps it/)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await page.keyboard.press('Tab')
    await dialog.getByRole('button', { name: 'Declare it' }).press('Enter')
    await page.waitForURL(/\/access\/conflicts\/author-exporter/)
    await page.keyboard.press('Escape')
    await page.getByRole('grid', { name: 'Who holds both' }).getByText('tester').waitFor()
    await screenshot(page, 'conflict')
    await accessibleInBothThemes(page)
    const one = await newPerson(console.harness, 'apart', 'author')
    await refused(admin.act('grant:create', { principal: one.id, role: 'exporter', reason }), 'conflict')
    await see('/access/conflicts')
    await page.getByRole('row', { name: /author-exporter/ }).focus()
    await screenshot(page, 'conflicts')
    await page.keyboard.press('Enter')
    assert.match(await does('Retire', 'Retire author-exporter', reason), /It is over/)
    await page.getByText('It has declared none of its own.').waitFor()
    await admin.act('grant:create', { principal: one.id, role: 'exporter', reason })
    await see('/access/conflicts/author-exporter')
    await page.getByText('No conflict of this name holds.').waitFor()
  })

  it('are not for everybody to see', async () => {
    const other = await console.as('operator', '/access/conflicts')
    await other.page.getByText('You may not see this').waitFor()
    await other.page.getByText(/Starter Admin.* can grant it\./).waitFor()
    await other.close()
  })
})

describe('a workload', () => {
  it('is registered with a key that is made here, shown this once, and good for a token', async () => {
    const { environments } = console.harness.starter
    await see('/people/workloads')
    await page.getByRole('link', { name: 'Register a workload' }).press('Enter')
    await page.getByText('Say what it is called first.').waitFor()
    await page.getByLabel('Short name').fill('night-watch')
    await page.getByText('Choose the environment that it acts in.').waitFor()
    await page.getByRole('button', { name: /^Kind|Kind$/ }).press('Enter')
    await page.getByRole('option', { name: /^agent/ }).press('Enter')
    await page.getByRole('button', { name: /Acts in/, disabled: false }).press('Enter')
    await page.getByRole('option', { name: /staging/ }).press('Enter')
    await page.getByRole('listbox').waitFor({ state: 'hidden' })
    await page.getByText('At once, and nowhere else.').waitFor()
    assert.match(page.url(), new RegExp(`environment=${environments.staging}`))
    await screenshot(page, 'workload-new')
    await accessibleInBothThemes(page)
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.postData() ?? ''))
    await page.getByRole('button', { name: 'Register it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Register it' }).click()
    await page.getByText('Its key is shown this once.').waitFor()
    await screenshot(page, 'workload-key-once')
    await accessibleInBothThemes(page)
    const key: unknown = JSON.parse(await page.getByRole('region', { name: 'Its key file' }).innerText())
    const closed = textAt(key, 'jwk', 'd')
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save it as a file' }).click()])
    assert.deepEqual(JSON.parse(readFileSync(await saved.path(), 'utf8')), key)
    assert.equal(saved.suggestedFilename(), 'night-watch.key.json')
    assert.ok(sent.length > 0 && sent.every((body) => !body.includes(closed)), 'its private half is sent nowhere')
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'whoami', '--json', '--key', await saved.path()])
    assert.match(stdout, new RegExp(textAt(key, 'spiffeId')))
    await page.getByRole('button', { name: 'Close' }).click()
    await page.waitForURL(/\/people\/workloads\/agt_/)
    await page.getByRole('heading', { name: 'night-watch' }).waitFor()
    assert.ok(!(await page.content()).includes(closed), 'it is shown this once')
  })

  it('is registered with a key that was made elsewhere, of which a private half is refused; a name that is taken is said', async () => {
    const { environments, people } = console.harness.starter
    const [first, second] = [workloadKey(), workloadKey()]
    await see(`/people/workloads/new?kind=agent&environment=${environments.staging}&owner=${people.operator}&key=pasted`)
    await page.getByLabel('Short name').fill('night-watch')
    const field = page.getByRole('textbox', { name: 'Its public key' })
    await field.fill(JSON.stringify({ ...first.jwk, d: 'A'.repeat(43) }))
    await page.getByText('This holds the private half. It was not sent').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Register it' }).count(), 0)
    await field.fill(JSON.stringify(second.jwk))
    await page.getByRole('button', { name: 'Register it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Register it' }).click()
    await page.getByRole('dialog').getByRole('alert').getByText('with this slug in that environment already').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Short name').fill('day-watch')
    assert.match(await does('Register it', 'Register day-watch'), /acts by the key that you pasted/)
    await page.waitForURL(/\/people\/workloads\/agt_/)
  })

  it('is not for everybody to register: the button says who may', async () => {
    const { environments } = console.harness.starter
    const other = await console.as('auditor', `/people/workloads/new?environment=${environments.staging}`)
    await other.page.getByLabel('Short name').fill('night-watch')
    await other.page.getByRole('button', { name: 'Why not?' }).click()
    await other.page.getByRole('dialog').getByText('Starter Admin').waitFor()
    await other.close()
  })
})

describe('ownership', () => {
  it('is offered, and taken back before it is answered, by whoever answers for the thing', async () => {
    const { people, twins } = console.harness.starter
    await admin.act('ownership:offer', { things: [twins.payments], to: tester.id, reason })
    const owner = await signIn(console.harness, 'owner')
    const before = listAt(await owner.act('ownership:list', { person: people.owner, limit: 200 }), 'items')
    const whose = before.some((one) => at(one, 'id') === twins.payments) ? people.owner : people.admin
    await see(`/people/${whose}`)
    const row = page.getByRole('row').filter({ hasText: 'tester' })
    await row.getByRole('button', { name: 'Take it back' }).waitFor()
    await row.scrollIntoViewIfNeeded()
    await screenshot(page, 'offer-to-take-back')
    const said = await does('Take it back', 'Take back the offer of payments', reason, row)
    assert.match(said, /offered to nobody/)
    await page.getByRole('button', { name: 'Take it back' }).waitFor({ state: 'detached' })
    assert.deepEqual(listAt(await tester.act('ownership:list', { offeredTo: tester.id }), 'items'), [])
    await admin.act('ownership:offer', { things: [twins.payments], to: tester.id, reason })
    await tester.act('ownership:decline', { things: [twins.payments], reason: `I know nothing of it. ${hostile}` })
    await see(`/people/${whose}`)
    await page.getByText('I know nothing of it.').waitFor()
    assert.match(await page.getByRole('row').filter({ hasText: 'I know nothing' }).innerText(), /declined\s*by\s*person\s*tester/)
    await isText()
  })

  it('that nobody has is listed with who answers meanwhile, which is said for the organization and for a project', async () => {
    await see('/people/ownership')
    await page.getByText('Somebody answers for everything.').waitFor()
    await screenshot(page, 'ownership-whole')
    await admin.act('person:offboard', { person: leaver.id })
    await see('/people/ownership')
    const left = page.getByRole('grid', { name: 'What nobody answers for' })
    await left.getByText('Left alone').waitFor()
    assert.match(await left.innerText(), /group[\s\S]*leaver[\s\S]*The administrators[\s\S]*nobody/)
    await isText()
    // A table is one stop of the keyboard; arrows go to its rows, their cells and what is pressed there.
    await page.getByRole('button', { name: 'For one project…' }).focus()
    for (const key of ['Tab', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
    await page.getByText('Choose the group first.').waitFor()
    assert.match(page.url(), /edit=organization/)
    await choose('The group that answers', 'Engineers')
    await leaveField()
    await screenshot(page, 'ownership-fallback')
    await accessibleInBothThemes(page)
    await does('Let it answer', 'Say who answers where an owner is gone', reason)
    const answers = page.getByRole('grid', { name: 'Who answers where an owner is gone' })
    await answers.getByRole('row').filter({ hasText: 'the organization' }).getByText('Engineers').waitFor()
    await left.getByText('Engineers').waitFor()
    await page.getByRole('button', { name: 'For one project…' }).click()
    await choose('The project', 'starter')
    await choose('The group that answers', 'Engineers')
    await leaveField()
    await does('Let it answer', 'Say who answers where an owner is gone', reason)
    assert.equal(listAt(await admin.act('ownership:fallbacks', {}), 'items').length, 2)
    await screenshot(page, 'ownership')
    await accessibleInBothThemes(page)
    const whole = answers.getByRole('row').filter({ hasText: 'the organization' })
    await does('The usual again', 'The administrators answer again', reason, whole)
    await whole.getByText('the administrators').waitFor()
    await admin.act('ownership:offer', { things: [orphan], to: tester.id, reason })
    await see('/people/ownership')
    await left.getByRole('button', { name: 'Take it back' }).waitFor()
  })
})

describe('what an organization set for itself', () => {
  it('is changed within its bounds, with what that does said before', async () => {
    await see('/identity/organization')
    await screenshot(page, 'organization')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Change what it is called' }).click()
    await page.getByLabel('Name', { exact: true }).fill(`Acme ${hostile.slice(0, -1)}`)
    await does('Rename it', 'Rename the organization', reason)
    await page.getByText('Acme <img').first().waitFor()
    await isText()
    await page.getByRole('button', { name: 'Change the sessions of whoever is reviewer' }).click()
    await page.getByLabel('Unused for at most, in minutes').fill('600')
    await page.getByText('From 5 to 120 minutes, as a whole number.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Change it', exact: true }).count(), 0)
    await screenshot(page, 'organization-out-of-bounds')
    await accessibleInBothThemes(page)
    await page.getByLabel('Unused for at most, in minutes').fill('30')
    assert.match(await does('Change it', 'Change the sessions of whoever is reviewer', reason), /became shorter/)
    await page
      .getByRole('row')
      .filter({ hasText: /reviewer\s*set here\s*30 min/ })
      .waitFor()
    await page.getByRole('button', { name: 'Change how long things wait' }).click()
    await page.getByLabel('A confirmed deletion waits, in days').fill('14')
    await does('Change it', 'Change how long things wait', reason)
    await see('/identity')
    await page.getByRole('link', { name: 'Change it' }).click()
    await page.getByLabel('Fresh for, in minutes').fill('45')
    assert.match(await does('Change it', 'Change how long a sign-in is fresh'), /45 min now/)
    const settings = await admin.act('organization:settings', {})
    assert.deepEqual([settings.deletionGraceDays, settings.stepUpMinutes], [14, 45])
  })

  it('is not for everybody to see, nor for an auditor to change', async () => {
    const other = await console.as('operator', '/identity/organization')
    await other.page.getByText('You may not see this').waitFor()
    await other.close()
    const auditor = await console.as('auditor', '/identity/organization?edit=fresh')
    await auditor.page.getByLabel('Fresh for, in minutes').fill('30')
    await auditor.page.getByRole('button', { name: 'Why not?' }).first().waitFor()
    await auditor.close()
  })

  it('is taken along into a file, every row of it and no secret, by whoever is cleared for all of it', async () => {
    await see('/identity/organization')
    await page.getByRole('button', { name: 'Why not?' }).click()
    await page.getByRole('dialog').getByText('clear').first().waitFor()
    await page.keyboard.press('Escape')
    const other = await console.as(second.id as `per_${string}`, '/identity/organization')
    const taking = other.page.getByRole('button', { name: 'Take it along now' })
    const [saved] = await Promise.all([other.page.waitForEvent('download'), taking.click()])
    const lines = readFileSync(await saved.path(), 'utf8')
      .trimEnd()
      .split('\n')
    assert.equal(at(JSON.parse(lines[0] ?? ''), 'format'), 'twinlock-organization-v1')
    const tables = new Set(lines.slice(1).map((line) => textAt(JSON.parse(line), 'table')))
    for (const table of ['person', 'grant', 'workload', 'twin']) assert.ok(tables.has(table), table)
    await other.page.getByText(/rows, .* in starter\.jsonl/).waitFor()
    await second.act('archive:create', { reason })
    await other.page.reload()
    await other.page.getByRole('grid', { name: 'Archives' }).scrollIntoViewIfNeeded()
    await screenshot(other.page, 'organization-taken-along')
    await accessibleInBothThemes(other.page)
    await other.close()
    await see('/identity/organization')
    await does('Delete it', 'Delete the archive')
    await page.getByText('No archive is kept here.').waitFor()
  })

  it('ends by two administrators who type its name: what ends at once is said before, and either keeps it', async () => {
    await see('/identity/organization')
    await page.getByRole('button', { name: 'Delete the organization…' }).click()
    await page.getByText('Type its short name first.').waitFor()
    await page.getByLabel('Its short name, typed again').fill('started')
    assert.equal(await page.getByRole('button', { name: 'Ask for its deletion' }).count(), 0)
    await page.getByLabel('Its short name, typed again').fill('starter')
    await accessibleInBothThemes(page)
    await does('Ask for its deletion', 'Ask for the organization to be deleted', reason)
    await page.getByText('You asked for it: another administrator confirms it.').waitFor()
    await page.getByText('You asked for it').scrollIntoViewIfNeeded()
    await screenshot(page, 'organization-asked')
    await liveRun(console.harness)
    const other = await console.as(second.id as `per_${string}`, '/identity/organization')
    await other.page.getByLabel('Its short name, typed again').fill('starter')
    await other.page.getByRole('button', { name: 'Confirm the deletion' }).click()
    const dialog = other.page.getByRole('dialog', { name: 'Confirm that the organization is to be deleted' })
    assert.match(await dialog.innerText(), /Live runs end[\s\S]*In 14 days[\s\S]*destroyed/)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await dialog.getByRole('button', { name: 'Confirm the deletion' }).click()
    const done = other.page.getByRole('dialog', { name: /^Done/ })
    await done.waitFor()
    assert.match(await done.innerText(), /1 run and/)
    await other.page.keyboard.press('Escape')
    await other.page.getByText('Its deletion is confirmed.').waitFor()
    await settled(other.page)
    await screenshot(other.page, 'organization-confirmed')
    await accessibleInBothThemes(other.page)
    await other.close()
    await see('/identity/organization')
    await does('Keep it', 'Keep the organization', reason)
    await page.getByRole('button', { name: 'Delete the organization…' }).waitFor()
    assert.equal((await admin.act('organization:settings', {})).deletion, null)
  })
})

describe('on a phone', () => {
  it('every one of these views fits', async () => {
    const { environments, project } = console.harness.starter
    await admin.act('conflict:declare', {
      slug: 'write-or-run',
      one: ['author', 'scenario:publish'],
      other: ['operator', 'run:cancel'],
      reason,
    })
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of [
      '/access/conflicts',
      '/access/conflicts/write-or-run',
      '/access/new-conflict?one=author&other=exporter',
      `/people/workloads/new?environment=${environments.staging}`,
      '/people/ownership',
      `/people/ownership?edit=project&project=${project}&group=${engineers}`,
      '/identity/organization',
      '/identity/organization?edit=sessions-admin',
      '/identity/organization?edit=deletion',
    ]) {
      await see(path)
      await fitsInWidth(page)
      await screenshot(page, `narrow-${path.replace(/\W+/g, '-')}`)
    }
    await accessibleInBothThemes(page)
    assert.equal(await page.getByRole('heading', { name: 'Nothing is here' }).count(), 0)
    await see('/identity/organization/nowhere')
    await page.getByRole('heading', { name: 'Nothing is here' }).waitFor()
    assert.match(await textOf(), /Nothing is here/)
  })
})
