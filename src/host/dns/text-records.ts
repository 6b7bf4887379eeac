// The TXT records of a name, as this machine's resolver tells them. They prove who runs a domain as far as the resolver is to be trusted, and only at the moment.
import { Resolver } from 'node:dns/promises'
import type { TextRecords } from '../../identity/index.ts'
import { fail } from '../../kernel/index.ts'
import { systemErrorCode } from '../postgres/errors.ts'

const timeoutMs = 2_000
/** However many resolvers this machine asks in turn. */
const totalMs = 6_000
const recordsMax = 100

const nothingThere = new Set(['ENOTFOUND', 'ENODATA'])

/** The resolver of this machine, asked twice at most, for two seconds each, and for six in all. */
export function systemTextRecords(): TextRecords {
  return async (name) => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
    const over = setTimeout(() => resolver.cancel(), totalMs)
    try {
      const records = await resolver.resolveTxt(name)
      return records.slice(0, recordsMax).map((pieces) => pieces.join(''))
    } catch (error) {
      if (nothingThere.has(systemErrorCode(error) ?? '')) return []
      throw fail('domain_unproved', 'The DNS of this domain does not answer.', { next: 'Try again in a minute.', cause: error })
    } finally {
      clearTimeout(over)
    }
  }
}
