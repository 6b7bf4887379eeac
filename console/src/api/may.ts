// What this person may press. Questions that views ask in the same moment travel together; the server decides them as it would decide the act itself, and
// performs nothing. An answer only says what to expect: the act is decided again.
import { useQuery } from '@tanstack/react-query'
import { type ActionName, call, type InputOf, type OutputOf } from './call.ts'
import { type Asked, Problem } from './problem.ts'
import { session } from './session.ts'
import { useStore } from './store.ts'

/** What may be expected of an act. `unknown`: it could not be asked. */
export type May =
  | { readonly state: 'asking' | 'unknown' | 'yes' }
  | {
      readonly state: 'no'
      readonly code: string
      readonly detail: string
      readonly roles: readonly string[]
      readonly people: readonly string[]
    }

interface Question {
  readonly action: string
  readonly input: unknown
}

type Answer = OutputOf<'access:check'>['answers'][number]

const questionsMax = 30
let waiting: { readonly question: Question; readonly resolve: (answer: Answer) => void; readonly reject: (error: unknown) => void }[] = []

async function askAll(): Promise<void> {
  const asked = waiting
  waiting = []
  for (let from = 0; from < asked.length; from += questionsMax) {
    const some = asked.slice(from, from + questionsMax)
    try {
      const questions = some.map(({ question }) => question)
      const { answers } = await call('access:check', { questions } as InputOf<'access:check'>) // inputs of many actions: JSON, which the server parses
      some.forEach(({ resolve, reject }, at) => {
        const answer = answers[at]
        if (answer === undefined) reject(new Error('A question was not answered.'))
        else resolve(answer)
      })
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
}

/** Whether somebody may do something with this input; asked together with whatever else is asked in the same moment. */
export function askMay(question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    waiting.push({ question, resolve, reject })
    if (waiting.length === 1) queueMicrotask(() => void askAll())
  })
}

/** Whether this person may do an action with this input; undefined asks nothing. */
export function useMay<N extends ActionName>(action: N, input: InputOf<N> | undefined): May {
  return useAnswer(action, input)
}

/** What the server would refuse with, for views that do not ask for what they know to be refused. */
export function refusalOf(may: May): Problem {
  const { code, detail, roles, people } = may.state === 'no' ? may : { code: 'denied', detail: '', roles: [], people: [] }
  const facts = { roles, grantedBy: people }
  return new Problem({ code, status: 403, title: 'Not allowed', detail, next: undefined, requestId: undefined, errors: [], facts })
}

/** Who could grant what was refused; nobody while it is asked, and where nobody can be named. */
export function useWhoCanGrant(refused: Asked | undefined): readonly string[] {
  const may = useAnswer(refused?.action ?? '', refused?.input)
  return may.state === 'no' ? may.people : []
}

function useAnswer(action: string, input: unknown): May {
  const now = useStore(session)
  // Whoever holds an admin link is not told what others may, or who could grant it: what he presses says whether it goes.
  const organization = now.state === 'somebody' && now.byLink === undefined ? now.here.id : undefined
  const { data, error } = useQuery({
    queryKey: [organization ?? '', 'access:check', action, input],
    queryFn: () => askMay({ action, input: input ?? {} }),
    enabled: organization !== undefined && input !== undefined,
  })
  if (error !== null) return { state: 'unknown' }
  if (data === undefined) return { state: 'asking' }
  if (data.allowed) return { state: 'yes' }
  return {
    state: 'no',
    code: data.code ?? 'denied',
    detail: data.detail ?? '',
    roles: data.roles,
    people: data.grantedBy.map(({ name, slug }) => name || slug),
  }
}
