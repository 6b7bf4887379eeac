// Entering by an admin link: the tab acts with its secret, which is kept in memory alone, and is shown nothing but what the link is for.
import { call } from '../../../api/call.ts'
import { Problem } from '../../../api/problem.ts'
import { actByLink, session } from '../../../api/session.ts'

/** Enters. Throws a `Problem` where there is no link, or it has ended. */
export async function enterByLink(token: string | undefined): Promise<void> {
  if (token === undefined)
    throw new Problem({
      code: 'no_link',
      status: 0,
      title: 'This page is opened by an admin link',
      detail: 'It shows what the link is for, and nothing without it.',
      next: 'Open the link that you were sent again: nothing of it is kept in this browser.',
      requestId: undefined,
      errors: [],
      facts: {},
    })
  actByLink(token)
  try {
    const { id, organization } = await call('link:purpose', {})
    const here = { id: organization.id, slug: '', name: organization.name, person: { id, name: '' } }
    session.set({ state: 'somebody', here, all: [here], byLink: true })
  } catch (error) {
    actByLink(undefined)
    throw error
  }
}
