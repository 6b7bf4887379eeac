// Law 11: a database that ends a connection in the middle of a request fails that request, not the process.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connectionOf, rowsOf, withConnection } from '../harness/database.ts'
import { newPerson, refused, type SignedIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

/** What happens in the middle of an action, where it waits for the blob store. */
let meanwhile: (() => Promise<void>) | undefined
const blobs = {
  async put() {
    await meanwhile?.()
    return `sha256:${'0'.repeat(64)}` as const
  },
  get: async () => new Uint8Array(),
}

let h: Harness
let author: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0, blobs })
  author = await newPerson(h, 'another-author', 'author')
})
after(() => h.close())

const asset = (slug: string) => ({
  project: h.starter.project,
  slug,
  mediaType: 'text/csv',
  sensitivity: 'internal',
  owner: h.starter.people.owner,
  content: 'YSxiCg==',
})
const assets = async () => (await rowsOf(h.twinlock, 'select slug from asset order by slug')).map((row) => row.slug)

/** Ends every connection of the product's to its database, as a server that goes away does. */
async function storeGoesAway(): Promise<void> {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
  })
}

test('law 11, deny on error: a store that goes away in the middle of a request leaves nothing, tells nothing, and is used again when it is back', async () => {
  meanwhile = storeGoesAway
  const { message } = await refused(author.act('asset:add', asset('lost')), 'internal').finally(() => {
    meanwhile = undefined
  })
  assert.doesNotMatch(message, /terminat|connection|postgres|admin/i, 'what the database says stays inside')
  assert.deepEqual(await assets(), [])
  await until('the pool has a fresh connection', () =>
    author.act('asset:add', asset('kept')).then(
      () => true,
      () => false,
    ),
  )
  assert.deepEqual(await assets(), ['kept'])
})
