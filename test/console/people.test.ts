// People in the console: who is here and through what he holds what, groups of many thousands, mappings that are foreseen before they are made, guests whose end is
// their sponsor's to move, engagements as one unit. One world and one tab for each who looks.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { at, listAt, textAt } from '../harness/acting.ts'
import { rowsOf } from '../harness/database.ts'
import { fillDirectory } from '../harness/directory-acts.ts'
import { grant, newPerson, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { workloadKey } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled, type Watched } from './open-console.ts'
import { pressBoth } from './within.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">\u202e'
const reason = 'A test needs it.'
const many = 400

let console: OpenedConsole
let admin: SignedIn
let tester: SignedIn
let watched: Watched
let page: Page
let group: string
let crowd: string
let said: Awaited<ReturnType<typeof fillDirectory>>

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

before(async () => {
  console = await openConsole()
  const { harness } = console
  const { starter, twinlock } = harness
  admin = await signIn(harness, 'admin')
  await grant(harness, admin.id, 'auditor')
  tester = await newPerson(harness, 'tester', 'operator', { scopeType: 'Project', scope: starter.project })
  const { owner } = starter.people
  group = textAt(await admin.act('group:create', { slug: 'engineers', name: `Engineers ${hostile}`, owner }), 'id')
  await admin.act('group:add', { group, member: tester.id })
  await admin.act('grant:create', { principal: group, role: 'observer', reason })
  await admin.act('person:create', { slug: 'hostile', name: `Hostile ${hostile}`, email: 'hostile@people.example' })
  await admin.act('person:create', { slug: 'ada', name: 'Ada Lovelace', email: 'ada@people.example' })
  said = await fillDirectory(twinlock.door, admin.act, owner, 'corp')
  await admin.act('position:create', { slug: 'lookout', title: `Looks out ${hostile}`, gives: [{ role: 'observer' }], reason })
  crowd = textAt(await admin.act('group:create', { slug: 'crowd', name: 'A crowd', owner }), 'id')
  const all = `select 'per_' || lpad(n::text, 26, '0') as id, n from generate_series(1, ${many}) n`
  await rowsOf(
    twinlock,
    `insert into person (org_id, id, slug, name, email, email_key, clearance, state, salt, created_at)
     select $1, id, 'c' || n, 'Somebody ' || n, 'c' || n || '@people.example', 'c' || n || '@people.example', 1, 'active', '', now() from (${all}) as a`,
    [starter.org],
  )
  await rowsOf(twinlock, `insert into group_member (org_id, group_id, member_id, added_at) select $1, $2, id, now() from (${all}) as a`, [
    starter.org,
    crowd,
  ])
  watched = await console.as('admin')
  page = watched.page
})
after(async () => {
  await watched.close()
  await console.close()
})

const textOf = (one = page): Promise<string> => one.locator('main').innerText()

async function isText(): Promise<void> {
  assert.notEqual(await page.title(), 'owned')
  assert.equal(await page.locator('img[src="x"]').count(), 0)
  assert.ok(!(await page.locator('body').innerText()).includes('\u202e'))
}

async function see(path: string): Promise<void> {
  await page.goto(`${console.url}/console${path}`)
  await settled(page)
}

/** Answers what a button asks, and waits for what it did. */
async function does(label: string, title = label, why?: string): Promise<string> {
  await page.locator('main').getByRole('button', { name: label, exact: true }).click()
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

async function choose(field: string, typed: string): Promise<void> {
  const option = page.getByRole('option', { name: typed }).first()
  const type = async (): Promise<void> => {
    const box = page.getByRole('combobox', { name: field })
    await box.fill('')
    await box.fill(typed)
    await option.waitFor({ timeout: 20_000 })
  }
  // A view that has just changed may still move the focus to its heading, which closes the list: then it is typed once more.
  await type().catch(type)
  // What is found takes the place of what was there: keys that come just then choose nothing.
  await option.click()
}

describe('people', () => {
  it('are found by letters and words, narrowed in the URL, and what they hold says through what', async () => {
    await pressBoth(page, 'g', 'e')
    await page.waitForURL(/\/console\/people$/)
    await page.getByRole('row', { name: /Somebody 1\b/ }).waitFor()
    await screenshot(page, 'people')
    await accessibleInBothThemes(page)
    await isText()
    await page.keyboard.press('/')
    await page.keyboard.type('TESTER@people')
    await page.waitForURL(/find=TESTER/)
    await page.getByText('1 person', { exact: true }).waitFor()
    await page.getByRole('row', { name: /tester/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'What the person holds' }).waitFor()
    await settled(page)
    const text = await textOf()
    assert.match(text, /tester@people\.example[\s\S]*In groups[\s\S]*Engineers <img/)
    assert.match(text, /role observer[\s\S]*in[\s\S]*Engineers|role operator[\s\S]*given to the person/)
    assert.match(text, /Signed in[\s\S]*1 session[\s\S]*Answers for[\s\S]*History/)
    await isText()
    await screenshot(page, 'person')
    await accessibleInBothThemes(page)
  })

  it('are cleared for less, given a one-time link that is shown once, and their sessions are ended', async () => {
    await page.getByRole('button', { name: 'Change…' }).click()
    await page.getByText('Nothing is changed yet.').waitFor()
    await page.getByLabel('Cleared for').click()
    await page.getByRole('option', { name: 'internal' }).click()
    assert.match(await does('Change it', 'Change the person', reason), /cleared for what is internal/)
    const link = await does('One-time link', 'Make a one-time link')
    assert.match(link, /\/login#twl_/)
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
    await page.getByRole('heading', { name: /^Done: End the session/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Nowhere now.').waitFor()
    await refused(tester.act('session:show', {}), 'unauthenticated')
    assert.match((await page.getByRole('link', { name: 'Offboard…' }).getAttribute('href')) ?? '', /\/identity\/leaving\/per_/)
  })

  it('are added with nothing', async () => {
    await see('/people/new')
    await page.getByText('Say what the person is called first.').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper')
    assert.equal(await page.getByLabel('Short name').inputValue(), 'grace-hopper')
    await page.getByLabel('Address').fill('grace@people.example')
    await does('Add the person')
    await page.getByText('The person holds nothing.').waitFor()
    await see('/people?kind=guest&state=all')
    await page.getByText('Nobody is like that.').waitFor()
  })
})

describe('groups', () => {
  it('of many are drawn where one looks, and found by name', async () => {
    await see('/people/groups')
    await screenshot(page, 'groups')
    await page.getByRole('row', { name: /A crowd/ }).click()
    const grid = page.getByRole('grid', { name: 'Members' })
    await grid.waitFor()
    assert.ok((await grid.getByRole('row').count()) < 60, 'not every row is drawn')
    await grid.focus()
    await page.keyboard.press('End')
    await page.getByText(/The first/).waitFor({ state: 'detached' })
    await page.keyboard.press('End')
    await grid.getByText(`Somebody ${many}`).waitFor()
    await screenshot(page, 'group-crowd')
    await accessibleInBothThemes(page)
    await page.getByRole('searchbox').fill('somebody 399')
    await page.getByRole('row', { name: /Somebody 399/ }).waitFor()
    await page.waitForURL(/find=somebody/)
  })

  it('say what comes of putting somebody in before it is done, and what came of it', async () => {
    await see(`/people/groups/${group}`)
    await page.getByText('tester').first().waitFor()
    assert.match(await textOf(), /role observer[\s\S]*Starter Admin/)
    await isText()
    await screenshot(page, 'group')
    await page.getByRole('button', { name: 'Put somebody in…' }).click()
    await choose('Whom', 'Ada')
    await page.getByRole('region', { name: 'Who gains' }).getByText('Ada Lovelace').waitFor()
    assert.match(page.url(), /change=join.*member=per_|member=per_.*change=join/)
    await screenshot(page, 'group-join')
    await accessibleInBothThemes(page)
    assert.match(await does('Put into the group'), /2 members now/)
    await page.getByRole('button', { name: 'Take out Ada Lovelace' }).click()
    await page.getByRole('region', { name: 'Who loses' }).getByText('Ada Lovelace').waitFor()
    assert.match(await does('Take out of the group'), /1 member now/)
    assert.equal((await admin.act('group:show', { group })).memberCount, 1)
  })

  it('of a directory say which one, and that a change here is drift there', async () => {
    await see(`/people/groups/${said.group}?change=join`)
    await page.getByText('shows as drift there').waitFor()
    assert.match(await textOf(), /said by the directory A provider/)
    await isText()
  })
})

describe('mappings and positions', () => {
  it('are made, changed and retired after it was shown who gains and who loses', async () => {
    await see(`/people/mappings/new?group=${group}&position=lookout`)
    await page.getByRole('region', { name: 'Who gains' }).getByText('tester').waitFor()
    await page.getByText('No live run ends with it.').waitFor()
    await page.getByLabel('What it is called').fill(`Engineers look out ${hostile.slice(0, -1)}`)
    await screenshot(page, 'mapping-new')
    await accessibleInBothThemes(page)
    assert.deepEqual(listAt(await admin.act('mapping:list', {}), 'items'), [], 'a preview makes nothing')
    assert.match(await does('Make the mapping', 'Make the mapping', reason), /1 grant came of it/)
    await page.waitForURL(/\/people\/mappings\/map_/)
    await settled(page)
    await isText()
    await screenshot(page, 'mapping')
    await see('/people/positions/lookout')
    await page.getByRole('button', { name: 'Change it…' }).click()
    await page.getByRole('button', { name: 'Leave out observer@Organization' }).click()
    await page.getByRole('button', { name: 'What' }).click()
    await page.getByRole('option', { name: 'role exporter' }).click()
    await page.getByRole('button', { name: 'Give this' }).click()
    await page.getByRole('region', { name: 'Who loses' }).getByText('tester').waitFor()
    await page.getByRole('region', { name: 'Who gains' }).getByText('exporter').waitFor()
    await screenshot(page, 'position-change')
    assert.match(await does('Change the position', 'Change the position', reason), /1 grant made, 1 grant ended/)
    await see('/people?position=lookout')
    await page.getByRole('row', { name: /tester/ }).waitFor()
    await see('/people/mappings')
    await page.getByRole('row', { name: /Engineers look out/ }).click()
    await page.getByRole('button', { name: 'Retire it…' }).click()
    await page.getByRole('region', { name: 'Who loses' }).getByText('tester').waitFor()
    await does('Retire the mapping', 'Retire the mapping', reason)
    await page.getByText('retired', { exact: true }).first().waitFor()
  })

  it('of what a directory says are put together by keyboard', async () => {
    await see('/people/mappings/new?from=attributes&position=lookout')
    await page.getByText('Say what a directory must say of somebody.').waitFor()
    await page.getByRole('button', { name: /What a directory says of somebody/ }).press('Enter')
    await page.getByRole('option', { name: 'the department' }).press('Enter')
    await page.getByLabel('The department is one of').fill('Robotics\nAdvanced robotics')
    await page.waitForURL(/when=department%3ARobotics/)
    await page.getByText('Nobody gains anything.').waitFor()
    await accessibleInBothThemes(page)
  })
})

describe('guests and engagements', () => {
  it('are invited until a day that cannot be left out, and prolonged by their sponsor alone', async () => {
    const { people, project } = console.harness.starter
    await see(`/people/guests/new?role=observer&projects=${project}&sponsor=${people.owner}`)
    await page.getByLabel('Name', { exact: true }).fill(`Eve ${hostile.slice(0, -1)}`)
    await page.getByLabel('Short name').fill('eve')
    await page.getByLabel('Address').fill('eve@elsewhere.example')
    await page.getByText('Say the day that it ends: the end cannot be left out.').waitFor()
    await page.getByLabel('Last day').fill(day(400))
    await page
      .getByText(/At most 180 days from now: until/)
      .first()
      .waitFor()
    await page.getByLabel('Last day').fill(day(10))
    await page.getByText('when the sponsor has accepted; before that, the guest is nobody').waitFor()
    await screenshot(page, 'guest-new')
    await accessibleInBothThemes(page)
    await does('Invite the guest', 'Invite the guest', reason)
    await page.waitForURL(/\/people\/guests\/gst_/)
    await settled(page)
    await isText()
    assert.match(await textOf(), /invited[\s\S]*Nobody yet[\s\S]*14 days before[\s\S]*3 days before/)
    const guest = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.getByRole('button', { name: 'Prolong it…' }).click()
    await page.getByLabel('Last day').fill(day(20))
    await page.getByRole('button', { name: 'Why not?' }).first().waitFor()
    await page.locator('main').getByText('Only the sponsor prolongs it: Starter Owner.').waitFor({ state: 'attached' })

    const sponsor = await console.as('owner', '/people/guests')
    const own = sponsor.page
    await own.getByText('Only those that you answer for.').waitFor()
    await own.getByRole('row', { name: /Eve/ }).click()
    await own.getByRole('button', { name: 'Answer for the guest' }).click()
    await own.getByRole('dialog').getByRole('button', { name: 'Answer for the guest' }).click()
    await own.getByRole('heading', { name: /^Done: Answer for/ }).waitFor()
    await own.keyboard.press('Escape')
    await own.getByRole('button', { name: 'Prolong it…' }).click()
    await own.getByLabel('Last day').fill(day(20))
    await own.getByRole('button', { name: 'Prolong it', exact: true }).click()
    await own.getByRole('textbox', { name: 'Reason' }).fill(reason)
    await own.getByRole('dialog').getByRole('button', { name: 'Prolong it' }).click()
    await own.getByRole('heading', { name: 'Done: Prolong the invitation' }).waitFor()
    await own.keyboard.press('Escape')
    assert.ok(textAt(await admin.act('guest:show', { guest }), 'until').startsWith(day(20)))
    await screenshot(own, 'guest')
    await own.goto(`${console.url}/console/people`)
    await own.getByText('You may not see this').waitFor()
    await own.getByText('Starter Admin can grant it.').waitFor()
    await sponsor.close()
    await see('/people/guests')
    await page.getByRole('row').filter({ hasText: 'Eve' }).getByText('The starter’s twins').last().waitFor()
    await screenshot(page, 'guests')
  })

  it('are one unit that is let through when its sponsor confirms it, and ends with what was said before', async () => {
    const { project } = console.harness.starter
    const bounds = { projects: [project], until: `${day(20)}T00:00:00Z`, reason }
    const made = await admin.act('engagement:create', { slug: 'acme', name: `Acme ${hostile}`, ...bounds })
    const visitor = { slug: 'visitor', name: 'Visitor', address: 'visitor@acme.example', role: 'auditor' }
    await admin.act('guest:invite', { ...visitor, ...bounds, engagement: made.id })
    await see('/people/engagements')
    await screenshot(page, 'engagements')
    await page.getByRole('row', { name: /Acme/ }).click()
    await page.getByText('Nothing of it is let through').first().waitFor()
    await settled(page)
    await isText()
    await screenshot(page, 'engagement')
    await accessibleInBothThemes(page)
    await does('Confirm the need to know', 'Confirm the need to know', reason)
    await page.getByRole('button', { name: 'End it now' }).click()
    assert.match(await page.getByRole('dialog').innerText(), /1 guest leaves[\s\S]*Visitor[\s\S]*No workload is of it/)
    await page.keyboard.press('Escape')
    const [, ended] = [await settled(page), await does('End it now', `End Acme ${hostile.replace('\u202e', '⟨U+202E⟩')}`, reason)]
    assert.match(ended, /1 invitation ended, 0 workloads stopped/)
    await page.getByText('Over, with everything that was of it.').waitFor()
  })
})

describe('workloads', () => {
  it('say which of their keys is good until when; the next one is brought by whoever answers for them, after it was shown what ends', async () => {
    const { environments } = console.harness.starter
    const [first, next] = [workloadKey(), workloadKey()]
    const made = await admin.act('workload:create', {
      kind: 'agent',
      slug: 'night-watch',
      environment: environments.staging,
      owner: admin.id,
      jwk: first.jwk,
    })
    await see('/people/workloads')
    await page.getByRole('searchbox').fill('night-watch')
    await screenshot(page, 'workloads')
    await accessibleInBothThemes(page)
    await page.getByRole('row', { name: /night-watch/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(String(made.thumbprint)).waitFor()
    await page.getByRole('button', { name: 'Bring its next key…' }).press('Enter')
    const key = page.getByRole('textbox', { name: 'Its next public key' })
    await key.fill(JSON.stringify({ ...next.jwk, d: 'A'.repeat(43) }))
    await page.getByText('This holds the private half. It was not sent').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Bring it' }).count(), 0)
    await key.fill(JSON.stringify(next.jwk))
    await page.getByText('good for 24 hours more').waitFor()
    await screenshot(page, 'workload-next-key')
    await accessibleInBothThemes(page)
    await does('Bring it', 'Bring the next key of night-watch')
    await page.getByText('then it gets no token any more').waitFor()
    const shown = await admin.act('workload:show', { workload: made.id })
    assert.equal(at(shown, 'former', 'thumbprint'), made.thumbprint)
    assert.ok((await textOf()).includes(String(shown.thumbprint)))
    await screenshot(page, 'workload')
    await accessibleInBothThemes(page)
  })

  it('of production bring their next key themselves, and those of others are not an administrator’s to bring; both say so', async () => {
    const { services, people, environments } = console.harness.starter
    await see(`/people/workloads/${services.payments.id}`)
    await page.getByRole('button', { name: 'Why not?' }).first().click()
    await page.getByText('only the workload itself brings its next key').last().waitFor()
    await page.keyboard.press('Escape')
    const other = { kind: 'agent', slug: 'day-watch', environment: environments.staging, owner: people.operator, jwk: workloadKey().jwk }
    const { id } = await admin.act('workload:create', other)
    await see(`/people/workloads/${String(id)}?edit=key`)
    await page.getByRole('button', { name: 'Why not?' }).first().click()
    await page.getByText('Only the workload itself, or its owner, brings its next key').last().waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('textbox', { name: 'Its next public key' }).count(), 0)
  })
})

describe('on a phone', () => {
  it('every view fits', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    const paths = [
      '/people',
      `/people/${tester.id}`,
      `/people/groups/${group}`,
      `/people/groups/${crowd}`,
      `/people/groups/${group}?change=join&member=${tester.id}`,
      `/people/mappings/new?group=${group}&position=lookout`,
      '/people/guests?state=all',
      '/people/guests/new',
      '/people/workloads',
      `/people/workloads/${console.harness.starter.services.payments.id}`,
      '/people/offers',
    ]
    for (const path of paths) {
      await see(path)
      await fitsInWidth(page)
      await screenshot(page, `narrow-${path.replace(/\W+/g, '-')}`)
    }
    assert.equal(await page.getByRole('heading', { name: 'Nothing is here' }).count(), 0)
    await see('/people/groups/new/nowhere')
    await page.getByRole('heading', { name: 'Nothing is here' }).waitFor()
  })
})
