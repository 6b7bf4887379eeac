// The sweep for what nobody answers for, by the product itself: it leaves an entry when something was found or is taken care of, and nothing otherwise.
import { z } from 'zod'
import { action, locateOrganization, organizationType } from '../../kernel/index.ts'
import { forgetOrphans, noteOrphans } from '../ownership/orphans.ts'
import { thingKinds, typeOfThing } from '../ownership/things.ts'

const namedMax = 200

/** Finds standing things whose owner has left. */
export const sweepOwnership = action({
  name: 'ownership:sweep',
  summary: 'Find standing things whose owner has left, and those that are taken care of again.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ found: z.number(), gone: z.number() }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const at = new Date(ports.clock.now())
    const gone = await forgetOrphans(tx, at)
    const found = await noteOrphans(tx, at)
    return {
      result: { found: found.length, gone: gone.length },
      facts: { found: found.length, gone: gone.length },
      related: found.slice(0, namedMax).map(({ id, kind }) => ({ rel: 'orphan', type: typeOfThing(z.enum(thingKinds).parse(kind)), id })),
      isUnchanged: found.length === 0 && gone.length === 0,
    }
  },
})
