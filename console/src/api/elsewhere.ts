// Whether a thing that is not here is in another organization that this browser is signed in to. Asked with that organization's own session, and only about
// an id that stands in the address: nothing of one organization is shown in another.
import { useQuery } from '@tanstack/react-query'
import { type ActionName, call, type InputOf } from './call.ts'
import { type Membership, session } from './session.ts'
import { useStore } from './store.ts'

/** What shows a thing, by the prefix of its id. */
const shownBy: Readonly<Record<string, readonly [action: ActionName, parameter: string]>> = {
  run: ['run:show', 'run'],
  twn: ['twin:show', 'twin'],
  scn: ['scenario:show', 'scenario'],
  art: ['artifact:show', 'artifact'],
  prm: ['promotion:show', 'promotion'],
  ent: ['ledger:show', 'entry'],
}

const othersMax = 8

/** The id of a thing in a path; undefined where there is none, or its kind has no view. */
export function idIn(path: string): string | undefined {
  const id = path.split('/').find((part) => /^[a-z]{3}_[0-9a-z]{26}$/.test(part))
  return id !== undefined && id.slice(0, 3) in shownBy ? id : undefined
}

async function holds({ id: organization }: Membership, thing: string, signal: AbortSignal): Promise<boolean> {
  const [action, parameter] = shownBy[thing.slice(0, 3)] ?? []
  if (action === undefined || parameter === undefined) return false
  const input = { questions: [{ action, input: { [parameter]: thing } }] } as InputOf<'access:check'> // an action's name is a text there
  const { answers } = await call('access:check', input, { organization, signal })
  return answers[0]?.allowed === true || answers[0]?.code === 'denied'
}

/** The organization of this browser that holds a thing; undefined while it is asked, and where none does. */
export function useElsewhere(thing: string | undefined): Membership | undefined {
  const now = useStore(session)
  const others = now.state === 'somebody' ? now.all.filter(({ id }) => id !== now.here.id).slice(0, othersMax) : []
  const { data } = useQuery({
    queryKey: ['elsewhere', thing, others.map(({ id }) => id)],
    queryFn: async ({ signal }) => {
      // One that does not answer says nothing about the others.
      const found = await Promise.all(others.map((one) => holds(one, thing ?? '', signal).catch(() => false)))
      return others.find((_, at) => found[at]) ?? null
    },
    enabled: thing !== undefined && others.length > 0,
  })
  return data ?? undefined
}
