// Recovery codes: ten of one's own, shown once. Making new ones ends the old ones, so that a list that was found in a drawer is worth nothing any more.
import { z } from 'zod'
import { action } from '../../kernel/index.ts'
import { hashRecoveryCode, newRecoveryCode, recoveryCodesCount } from '../sign-in/recovery-codes.ts'
import { callerEntity, sessionType } from './session.ts'

/** Makes ten recovery codes in place of those before. */
export const renewRecoveryCodes = action({
  name: 'person:recovery-codes',
  summary: 'Make ten recovery codes of one’s own, shown this once; those before end.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({}),
  output: z.object({ codes: z.array(z.string()).meta({ description: 'Each signs in once.' }), ended: z.number() }),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const now = new Date(ports.clock.now())
    const codes = Array.from({ length: recoveryCodesCount }, () => newRecoveryCode(ports))
    const before = await tx
      .updateTable('recovery_code')
      .set({ used_at: now })
      .where('person_id', '=', principal.id)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    const rows = codes.map((code) => ({
      org_id: principal.org,
      hash: hashRecoveryCode(principal.org, code, ports) ?? '',
      person_id: principal.id,
      created_at: now,
      used_at: null,
    }))
    await tx.insertInto('recovery_code').values(rows).execute()
    const ended = Number(before.numUpdatedRows)
    const facts = { made: codes.length, ended }
    return { result: { codes, ended }, facts, related: [{ rel: 'person', type: 'Person', id: principal.id }], takesAway: ended > 0 }
  },
})
