// What a view looks like when it has nothing, not yet, not all, not any more, or not for this person. Each says what to do next.
import { lazy, type ReactElement, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useWhoCanGrant } from '../api/may.ts'
import type { Asked, Problem } from '../api/problem.ts'
import type { Reading } from '../api/queries.ts'
import { Because } from './because.tsx'
import { Button } from './button.tsx'
import { Code } from './code.tsx'
import { Icon } from './icon.tsx'
import { Id } from './id.tsx'
import { Link, place } from './link.tsx'
import { Names } from './names.tsx'
import { Said } from './said.tsx'
import { exact } from './time.ts'

interface EmptyProps {
  readonly title: string
  /** What to do first, or why there is nothing. */
  readonly children?: ReactNode
  /** A command that does the same. */
  readonly command?: string
}

/** Nothing is here, and that is right. */
export function Empty({ title, children, command }: EmptyProps): ReactElement {
  return (
    <div className="max-w-prose py-6">
      <p className="font-medium">{title}</p>
      {children ? <div className="mt-1 text-soft">{children}</div> : null}
      {command === undefined ? null : (
        <div className="mt-3">
          <Code text={command} />
        </div>
      )}
    </div>
  )
}

interface LoadingProps {
  /** What is on its way: `runs`. */
  readonly what: string
  readonly rows?: number
}

const widths = ['w-11/12', 'w-3/4', 'w-5/6', 'w-2/3', 'w-4/5']

/** After so long it is said that it takes long: until then nobody would have read it. */
const longMs = 6_000

/** It is on its way: the shape of what comes, and the word for those who hear it. What takes long says so. */
export function Loading({ what, rows = 5 }: LoadingProps): ReactElement {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" aria-label={`Loading ${what}`} className="py-2">
      {isLong ? <p className="pb-1 text-small text-soft">The server has not answered yet. It is still asked for {what}.</p> : null}
      {widths.slice(0, rows).map((width) => (
        <div key={width} className="border-b border-line/70 py-3 last:border-b-0">
          <div className={`skeleton h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  )
}

interface NoticeProps {
  readonly tone: 'warn' | 'bad' | 'plain'
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

const grounds = { warn: 'bg-warn-ground text-warn', bad: 'bg-bad-ground text-bad', plain: 'bg-sunken text-soft' }

/** A line above what it is about: what is not as it should be. */
export function Notice({ tone, title, children, action }: NoticeProps): ReactElement {
  return (
    <div className={`mb-3 flex flex-wrap items-start gap-x-3 gap-y-1 rounded-mark px-3 py-2 ${grounds[tone]}`}>
      <Icon name={tone === 'plain' ? 'clock' : 'warn'} className={action === undefined ? 'mt-0.5' : 'mt-2'} />
      <div className={`min-w-0 flex-1 basis-56 ${action === undefined ? '' : 'py-1.5'}`}>
        <span className="font-medium">{title}</span> <span className="text-ink">{children}</span>
      </div>
      {action}
    </div>
  )
}

interface StaleProps {
  /** When it was true, in milliseconds. */
  readonly at: number
  readonly why: string
  readonly again: () => void
}

/** What is shown below was true once; it could not be read again. */
export function Stale({ at, why, again }: StaleProps): ReactElement {
  return (
    <Notice tone="warn" title={`As it was at ${exact(at)}.`} action={<Button onPress={again}>Try again</Button>}>
      It could not be read again. {why}
    </Notice>
  )
}

/** Not everything is shown, and why. */
export function Partial({ title, children, action }: Omit<NoticeProps, 'tone'>): ReactElement {
  return (
    <Notice tone="plain" title={title} action={action}>
      {children}
    </Notice>
  )
}

// Loaded where it is needed: it is seldom, and nothing of it is in what every page loads first.
const Missing = lazy(async () => ({ default: (await import('./missing.tsx')).Missing }))

// Loaded by whoever is asked to.
const SignInAgain = lazy(async () => ({ default: (await import('./sign-in-again.tsx')).SignInAgain }))

interface FailedProps {
  readonly problem: Problem
  readonly again?: (() => void) | undefined
  /** What was being read: `runs`. */
  readonly what?: string | undefined
}

/** Whether what is wrong with the fields is in the sentence already: one fault is told there whole. */
const isSaid = ({ errors, detail }: Problem): boolean => errors.every((one) => errors.length === 1 && detail.includes(one.detail))

/** It failed: what happened, what to do, and the words that whoever helps will ask for. */
export function Failed({ problem, again, what }: FailedProps): ReactElement {
  return (
    <div role="alert" className="max-w-prose border-l-2 border-bad py-1 pl-4">
      <p className="flex items-center gap-1.5 font-medium text-bad">
        <Icon name="warn" />
        {problem.title}
      </p>
      <p className="mt-1 [overflow-wrap:anywhere]">
        <Said text={problem.detail} />
      </p>
      {isSaid(problem) ? null : (
        <ul className="mt-1">
          {problem.errors.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`}>
              <code className="font-mono text-tiny">{pointer || '/'}</code> <Said text={detail} />
            </li>
          ))}
        </ul>
      )}
      {problem.next === undefined ? null : (
        <p className="mt-1 text-soft">
          <Said text={problem.next} />
        </p>
      )}
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-soft">
        {what === undefined ? null : <span>while reading {what}</span>}
        <span>
          code <code className="font-mono text-tiny">{problem.code}</code>
        </span>
        {problem.requestId === undefined ? null : (
          <span className="inline-flex items-center gap-1">
            request <Id id={problem.requestId} />
          </span>
        )}
        {again === undefined ? null : <Button onPress={again}>Try again</Button>}
      </p>
      {problem.code === 'step_up_required' ? (
        <div className="mt-2">
          <Suspense>
            <SignInAgain />
          </Suspense>
        </div>
      ) : null}
    </div>
  )
}

/** The words of a denial that say what is missing and who can help, out of whatever the server told. */
function missingIn(facts: Readonly<Record<string, unknown>>): {
  readonly roles: readonly string[]
  readonly people: readonly string[]
} {
  const names = (value: unknown): readonly string[] =>
    Array.isArray(value)
      ? value.flatMap((one) =>
          typeof one === 'string' ? [one] : typeof one?.name === 'string' ? [one.name] : typeof one?.slug === 'string' ? [one.slug] : [],
        )
      : []
  return { roles: names(facts.roles), people: names(facts.grantedBy ?? facts.grantableBy) }
}

interface ForbiddenProps {
  readonly problem: Problem
  readonly again?: (() => void) | undefined
  /** What was asked for, where the problem does not say it: the same question is asked about who could help. */
  readonly asked?: Asked | undefined
}

/** Where nobody is found who could grant it; the roles stand above, with the way to ask for one of them. */
function nobodyNamed({ next }: Problem, roles: readonly string[]): string {
  if (roles.length > 0) return 'An administrator can grant it.'
  return next ?? 'Ask an administrator of this organization for a role that holds it.'
}

/** Not for this person: what is missing, and who can grant it. */
export function Forbidden({ problem, again, asked = problem.asked }: ForbiddenProps): ReactElement {
  const told = missingIn(problem.facts)
  const found = useWhoCanGrant(asked)
  const { roles } = told
  const people = told.people.length > 0 ? told.people : found
  return (
    <div className="max-w-prose border-l-2 border-warn py-1 pl-4">
      <p className="flex items-center gap-1.5 font-medium text-warn">
        <Icon name="lock" />
        You may not see this
      </p>
      <p className="mt-1 [overflow-wrap:anywhere]">
        <Said text={problem.detail} />{' '}
        <Because title="Why may I not see this?" label="Why?">
          <Facts403 problem={problem} />
        </Because>
      </p>
      {roles.length > 0 ? (
        <p className="mt-1">
          Any of these roles would hold it: {roles.join(', ')}. <AskFor roles={roles} />
        </p>
      ) : null}
      <p className="mt-1 text-soft">
        {people.length > 0 ? (
          <>
            <Names of={people} last="or" /> can grant it.
          </>
        ) : (
          nobodyNamed(problem, roles)
        )}
      </p>
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-soft">
        <span>
          code <code className="font-mono text-tiny">{problem.code}</code>
        </span>
        {problem.requestId === undefined ? null : (
          <span className="inline-flex items-center gap-1">
            request <Id id={problem.requestId} />
          </span>
        )}
        {again === undefined ? null : <Button onPress={again}>Try again</Button>}
      </p>
    </div>
  )
}

/** The way to ask for what is missing: for the first role that does not administer. */
export function AskFor({ roles }: { readonly roles: readonly string[] }): ReactElement | null {
  const role = roles.find((one) => one !== 'admin') ?? roles[0]
  if (role === undefined) return null
  return <Link to={place('/access/new-request', {}, { gives: role })}>Ask for it</Link>
}

function Facts403({ problem }: { readonly problem: Problem }): ReactElement {
  return (
    <div className="space-y-3">
      <p>{problem.detail}</p>
      <p className="text-soft">{problem.next}</p>
      <Code text={JSON.stringify(problem.facts, null, 2)} label="What the server said" />
    </div>
  )
}

interface ShownProps<T> {
  readonly of: Reading<T>
  /** What it is, for those who wait: `runs`. */
  readonly what: string
  readonly rows?: number
  readonly children: (data: T) => ReactNode
}

/** A reading in whatever condition it is: on its way, failed, forbidden, stale or there. */
export function Shown<T>({ of: reading, what, rows = 5, children }: ShownProps<T>): ReactElement {
  if (reading.state === 'loading') return <Loading what={what} rows={rows} />
  if (reading.state === 'failed') {
    if (!reading.problem.isForbidden && reading.problem.status !== 404)
      return <Failed problem={reading.problem} again={reading.again} what={what} />
    if (reading.problem.isForbidden) return <Forbidden problem={reading.problem} again={reading.again} />
    return (
      <Suspense fallback={<Loading what={what} rows={2} />}>
        <Missing problem={reading.problem} again={reading.again} />
      </Suspense>
    )
  }
  return (
    <>
      {reading.stale === undefined ? null : <Stale at={reading.at} why={reading.stale.detail} again={reading.again} />}
      {children(reading.data)}
    </>
  )
}
