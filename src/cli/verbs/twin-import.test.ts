import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { manifestSchema } from '../../twins/index.ts'
import { type Answers, type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const isThere = existsSync(join(data, 'aws-small-warehouse')) && existsSync(join(data, 'turtlebot3'))
const absent = 'The real inputs ../shared/data/aws-small-warehouse and ../shared/data/turtlebot3 are not beside this checkout.'

const box = (name: string, size: string, pose: string) =>
  `<model name="${name}"><static>true</static><pose>${pose}</pose><link name="l"><collision name="c"><geometry><box><size>${size}</size></box></geometry></collision></link></model>`
const world = `<sdf version="1.6"><world name="hall">${box('floor', '12 12 0.1', '0 0 -0.05 0 0 0')}${box('crate', '1 1 1', '3 3 0.5 0 0 0')}</world></sdf>`

const published: unknown[] = []
const answers = (twins: readonly object[]): Answers => ({
  'twin:list': () => ({ items: twins, next: null }),
  'asset:add': ({ content }) => ({
    id: fakeId('ast', 4),
    project: fakeId('prj', 1),
    slug: 'hall-world',
    version: 1,
    digest: `sha256:${'a'.repeat(64)}`,
    bytes: Buffer.from(String(content), 'base64').length,
    mediaType: 'application/json',
    sensitivity: 'confidential',
    owner: fakeId('per', 1),
  }),
  'twin:create': (input) => ({ id: fakeId('twn', 2), state: 'active', ...input }),
  'scenario:publish': ({ twin, slug, manifest }) => {
    published.push(manifest)
    const digest = `sha256:${'b'.repeat(64)}`
    return { id: fakeId('scn', 3), twin, slug, version: 1, digest, author: fakeId('per', 1), createdAt: new Date(0).toISOString() }
  },
})

const flags = ['--project', fakeId('prj', 1), '--owner', fakeId('per', 1), '--slug', 'hall']

describe('an import of a world', () => {
  let fake: FakeTwinlock
  let folder: string

  const open = async (twins: readonly object[] = []) => {
    await fake?.stop()
    fake = await startFake(answers(twins))
    await fake.run('login', `${fake.url}/login#${fakeLinkToken}`)
    folder = join(fake.folder, 'hall')
    mkdirSync(join(folder, 'worlds'), { recursive: true })
    writeFileSync(join(folder, 'worlds', 'hall.world'), world)
  }
  beforeEach(() => open())
  afterEach(() => published.splice(0))
  after(() => fake.stop())

  it('seals the folder as one asset, makes the twin, publishes its scenario and says what to do next', async () => {
    const { exit, out, err } = await fake.run('twin', 'import', folder, ...flags)
    assert.equal(exit, 0, err)
    assert.match(out, /Imported hall {2}twn_/)
    assert.match(out, /worlds\/hall\.world, 2 bodies/)
    assert.match(err, /Next, as an operator: twinlock run launch --scenario hall\/drive --environment staging --watch/)
    const asked = fake.asked.map(({ action }) => action).filter((action) => !action.startsWith('session:'))
    assert.deepEqual(asked, ['twin:list', 'asset:add', 'twin:create', 'scenario:publish'])
    const manifest = manifestSchema.parse(published[0])
    assert.deepEqual(manifest.assets, [{ name: 'world', asset: fakeId('ast', 4) }])
  })

  it('under the name of a twin that was imported before is a new version of it; under that of another twin it is refused', async () => {
    const twin = {
      id: fakeId('twn', 9),
      slug: 'hall',
      kind: 'robot',
      project: fakeId('prj', 1),
      owner: fakeId('per', 1),
      sensitivity: 'internal',
      state: 'active',
    }
    await open([{ ...twin, program: 'warehouse-robot' }])
    assert.match((await fake.run('twin', 'import', folder, ...flags)).out, new RegExp(`Imported hall {2}${twin.id}`))
    await open([{ ...twin, program: 'payments' }])
    const { exit, err } = await fake.run('twin', 'import', folder, ...flags)
    assert.deepEqual([exit, /another twin/.test(err)], [2, true])
    assert.ok(!fake.asked.some(({ action }) => action === 'asset:add' || action === 'scenario:publish'), 'nothing was sealed')
  })

  it('of what cannot be driven in is refused before anything is sealed', async () => {
    writeFileSync(join(folder, 'worlds', 'hall.world'), '<sdf version="1.6"><world name="hall"></world></sdf>')
    const { exit, err } = await fake.run('twin', 'import', folder, ...flags)
    assert.equal(exit, 1)
    assert.match(err, /cannot be imported: .*nothing solid/)
    assert.match((await fake.run('twin', 'import', join(folder, 'nowhere'), ...flags)).err, /cannot be imported: .*ENOENT/)
    assert.ok(!fake.asked.some(({ action }) => action === 'asset:add'))
  })

  it('says which flag is wrong', async () => {
    for (const [extra, told] of [
      [['--goals', '0'], /`--goals`/],
      [['--sensitivity', 'secret'], /`--sensitivity`/],
      [['more'], /takes one folder/],
    ] as const) {
      const { exit, err } = await fake.run('twin', 'import', folder, ...flags, ...extra)
      assert.equal(exit, 2)
      assert.match(err, told)
    }
  })

  it('of a real warehouse and a real robot holds every file of both', async (t) => {
    if (!isThere) return t.skip(absent)
    const { exit, err, out } = await fake.run(
      'twin',
      'import',
      join(data, 'aws-small-warehouse'),
      '--robot',
      join(data, 'turtlebot3'),
      ...flags,
    )
    assert.equal(exit, 0, err)
    assert.match(out, /no_roof_small_warehouse\.world, 25 bodies; robot turtlebot3_waffle/)
    const sealed = fake.asked.find(({ action }) => action === 'asset:add')?.input as { content: string } // the command sent it
    const bundle: { world: object; robot: object } = JSON.parse(Buffer.from(sealed.content, 'base64').toString())
    const files = Object.keys(bundle.world)
    assert.ok(files.includes('maps/005/map.pgm') && files.filter((path) => path.endsWith('.DAE')).length > 12)
    assert.ok(Object.keys(bundle.robot).some((path) => path.endsWith('.urdf')))
  })
})
