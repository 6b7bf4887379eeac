// What a mapping or a position would come to before it is one, or another one: by whoever may write it, and as writing it would.
import { z } from 'zod'
import { action, fail, idOf, moment, organizationEntity, organizationType, slugText } from '../../kernel/index.ts'
import { foretell, foretoldOutput } from '../mappings/foretell.ts'
import { conditionsInput, findMapping, findPosition, type Mapping, mappingsGiving, sayingInput, termsOf } from '../mappings/mapping.ts'
import { readTerms, termsInput } from '../mappings/terms.ts'
import { keepChanged, keepNew, keepPosition, mappingOf, type Writing } from '../mappings/write.ts'

const previewInput = z.strictObject({
  mapping: idOf('map').optional().meta({ description: 'The mapping that would change; a new one, where it is left out.' }),
  retire: z.boolean().default(false).meta({ description: 'Whether it would end.' }),
  group: idOf('grp').optional(),
  when: conditionsInput.optional(),
  directory: sayingInput.optional(),
  position: slugText.optional(),
  gives: termsInput.optional(),
  expiresAt: moment.optional(),
})

interface Asking extends Writing {
  readonly input: z.output<typeof previewInput>
}

async function wished(it: Asking, before: Mapping | undefined): Promise<Mapping> {
  const { mapping: _, retire, ...wish } = it.input
  if (!retire) return mappingOf(it, wish, before)
  if (before === undefined) throw fail('invalid', 'Only a mapping that is there can end.', { pointer: '/retire' })
  return { ...before, state: 'retired', version: before.version + 1, retired_at: new Date(it.ports.clock.now()) }
}

/** Says what a mapping, a change of one, or its end would come to. */
export const previewMapping = action({
  name: 'mapping:preview',
  summary: 'Say who would gain and who would lose what by a mapping, a change of one or its end, without making it.',
  effect: 'read',
  roles: ['admin'],
  resource: organizationType,
  bodyBytesMax: 65_536,
  input: previewInput,
  output: foretoldOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: input.mapping === undefined ? undefined : await findMapping(tx, input.mapping),
  }),
  async perform(it) {
    const { tx, found } = it
    if (found?.state === 'retired') throw fail('conflict', 'This mapping is retired.')
    const row = await wished(it, found)
    const write = async () => {
      await (found === undefined ? keepNew(tx, row) : keepChanged(tx, found, row))
      return [row]
    }
    const terms = row.state === 'active' ? await termsOf(tx, row) : []
    return { result: await foretell(it, { terms, expiresAt: row.expires_at, write }) }
  },
})

/** Says what a change of a position would come to, for all its mappings together. */
export const previewPosition = action({
  name: 'position:preview',
  summary: 'Say who would gain and who would lose what by a change of a position, without changing it.',
  effect: 'read',
  roles: ['admin'],
  resource: organizationType,
  bodyBytesMax: 65_536,
  input: z.strictObject({ position: slugText, gives: termsInput }),
  output: foretoldOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findPosition(tx, input.position),
  }),
  async perform(it) {
    const { tx, ports, found, input, principal } = it
    if (found.state !== 'active') throw fail('conflict', 'This position is retired.')
    const terms = await readTerms({ tx, ports, org: principal.org }, input.gives)
    const write = async () => {
      await keepPosition(tx, found, { ...found, terms, version: found.version + 1 })
      return mappingsGiving(tx, found.slug)
    }
    return { result: await foretell(it, { terms, expiresAt: null, write }) }
  },
})
