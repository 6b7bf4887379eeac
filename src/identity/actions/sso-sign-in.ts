// What the sign-in part does for people who are nobody yet, or who left through their provider: it links a provider's subject to a person, and ends the sessions
// that a provider says are over. Both come after a check of what the provider signed.
import { z } from 'zod'
import { action, fail, idOf, organizationEntity, organizationType } from '../../kernel/index.ts'
import { findSso } from '../sign-in/connection.ts'
import { matchNewcomer } from '../sign-in/match.ts'
import { spendOnce } from '../sign-in/proof.ts'

const subjectText = z.string().min(1).max(320)

/** Links a provider's subject to the person that it vouches for, or adds that person. */
export const linkSubject = action({
  name: 'sso:link',
  summary: 'Link who signs in through a provider for the first time to a person here, or add that person.',
  effect: 'change',
  roles: [],
  system: ['sign-in'],
  resource: organizationType,
  input: z.strictObject({
    sso: idOf('sso'),
    subject: subjectText,
    email: z.string().max(320).optional(),
    emailVerified: z.boolean(),
    name: z.string().max(320).optional(),
  }),
  output: z.object({ person: idOf('per'), provisioned: z.boolean() }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findSso(tx, input.sso) }),
  async perform({ input, found, tx, ports }) {
    if (found.state !== 'active') throw fail('sign_in_refused', 'This sign-in connection is retired.')
    const { subject, email, emailVerified, name } = input
    const { isLinkedAlready, ...matched } = await matchNewcomer(tx, ports, found, { subject, email, emailVerified, name })
    return {
      result: matched,
      isUnchanged: isLinkedAlready,
      facts: { provisioned: matched.provisioned },
      related: [
        { rel: 'person', type: 'Person', id: matched.person },
        { rel: 'sso', type: 'Sso', id: found.id },
      ],
      texts: { subject, ...(email === undefined ? {} : { email }) },
    }
  },
})

/** Ends the sessions of whoever a provider says has signed out (OpenID Connect Back-Channel Logout 1.0). */
export const signOutByProvider = action({
  name: 'sso:sign-out',
  summary: 'End the sessions of whoever a provider says has signed out.',
  effect: 'change',
  roles: [],
  system: ['sign-in'],
  resource: organizationType,
  input: z.strictObject({
    sso: idOf('sso'),
    token: z.string().max(64).meta({ description: 'The digest of the logout token’s id.' }),
    subject: subjectText.optional(),
    session: z.string().max(320).optional(),
  }),
  output: z.object({ sessions: z.number() }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findSso(tx, input.sso) }),
  async perform({ input, found, tx, ports, principal }) {
    const { subject, session } = input
    if (subject === undefined && session === undefined)
      throw fail('invalid', 'A sign-out names a subject or a session.', { pointer: '/subject' })
    await ports.holdAdmissions(tx)
    await spendOnce(tx, principal.org, [{ hash: input.token }], ports)
    let ending = tx
      .updateTable('session')
      .set({ ended_at: new Date(ports.clock.now()) })
      .where('sso_id', '=', found.id)
      .where('ended_at', 'is', null)
    if (subject !== undefined) ending = ending.where('sso_subject', '=', subject)
    if (session !== undefined) ending = ending.where('sso_session', '=', session)
    const ended = await ending.returning(['id', 'person_id']).execute()
    const people = [...new Set(ended.map(({ person_id }) => person_id))].slice(0, 100)
    return {
      result: { sessions: ended.length },
      facts: { sessions: ended.length },
      related: [{ rel: 'sso', type: 'Sso', id: found.id }, ...people.map((id) => ({ rel: 'person', type: 'Person', id }))],
      takesAway: true,
    }
  },
})
