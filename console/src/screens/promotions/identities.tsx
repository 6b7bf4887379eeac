// What would change hands: the identity that was tested with beside the one that would act in production. Nothing is carried across; every fact differs or
// says that it does not.
import type { ReactElement, ReactNode } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Diff, type DiffRow } from '../../design/diff.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Identity, SpiffeId } from '../../design/identity.tsx'
import { momentOf } from '../../design/time.ts'
import { Countdown, When } from '../../design/when.tsx'

/** A promotion as its review shows it. */
export type ReviewedPromotion = OutputOf<'promotion:show'>
type Side = ReviewedPromotion['test']

/** Words that end in a moment: `ended with the run, 2026-11-22T11:23:06.466Z`. */
const endsAt = /^(.+), (\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/

/** The end of an identity: a moment where the server told one, else its words. */
function End({ ends }: { readonly ends: string }): ReactElement {
  const moment = momentOf(ends)
  const [, words, at] = endsAt.exec(ends) ?? []
  if (words !== undefined)
    return (
      <span>
        <bdi>{words}</bdi> <When at={at} />
      </span>
    )
  if (moment === undefined) return <bdi>{ends}</bdi>
  return (
    <span>
      <Countdown until={ends} after="left" />, <When at={ends} />
    </span>
  )
}

const nameOf = (spiffeId: string): string => spiffeId.split('/').slice(-1)[0] ?? spiffeId

const mono = (text: string): ReactNode => <code className="font-mono text-tiny break-all">{text}</code>

const facts: readonly { readonly name: string; readonly field: keyof Side; readonly show: (side: Side) => ReactNode }[] = [
  { name: 'Identity', field: 'spiffeId', show: ({ spiffeId }) => <SpiffeId id={spiffeId} /> },
  { name: 'Trust domain', field: 'trustDomain', show: ({ trustDomain }) => mono(trustDomain) },
  { name: 'Environment', field: 'environment', show: ({ environment }) => <bdi>{environment}</bdi> },
  { name: 'Key', field: 'key', show: ({ key }) => (key.includes(' ') ? <bdi>{key}</bdi> : mono(key)) },
  { name: 'Owner', field: 'owner', show: ({ owner, ownerName }) => <Identity brief id={owner} name={ownerName} /> },
  { name: 'Ends', field: 'ends', show: ({ ends }) => <End ends={ends} /> },
]

/** The comparison of both identities. */
export function Identities({ promotion }: { readonly promotion: ReviewedPromotion }): ReactElement {
  const { test, production, environmentClass } = promotion
  const rows: readonly DiffRow[] = facts.map(({ name, field, show }) => ({
    name,
    before: show(test),
    after: show(production),
    same: test[field] === production[field],
  }))
  const head = (side: Side, environmentOf: string): ReactElement => (
    <span className="inline-flex flex-wrap items-baseline gap-2">
      <Identity brief id={side.spiffeId} spiffeId={side.spiffeId} name={nameOf(side.spiffeId)} />
      <EnvironmentMark of={environmentOf} name={side.environment} />
    </span>
  )
  return (
    <Diff
      label="The identity that was tested with, and the one that would act in production"
      before={head(test, 'simulation')}
      after={head(production, environmentClass)}
      marks={{
        before: <EnvironmentMark of="simulation" name={test.environment} />,
        after: <EnvironmentMark of={environmentClass} name={production.environment} />,
      }}
      rows={rows}
    />
  )
}
