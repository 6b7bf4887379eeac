// What the demonstration's historian serves: the newest sealed asset of a name. The historian is an upstream that happens to run beside the product;
// it reads the sealed bytes once, as whoever runs a historian has its data.
import type { Digest, OrgId } from '../../kernel/index.ts'
import { fromUtf8 } from '../../kernel/index.ts'
import type { Outside } from '../compose.ts'

/** The text of the newest version of an asset, or nothing when there is none. Throws `malformed` for what is not UTF-8. */
export async function newestAssetText({ outside }: { readonly outside: Outside }, org: OrgId, slug: string): Promise<string | undefined> {
  const asset = await outside.store.transact(org, (tx) =>
    tx.selectFrom('asset').select('digest').where('slug', '=', slug).orderBy('version', 'desc').executeTakeFirst(),
  )
  return asset === undefined ? undefined : fromUtf8(await outside.blobs.get(asset.digest as Digest)) // the column holds digests alone
}
