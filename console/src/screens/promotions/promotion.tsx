// The review of a promotion: a diff of identities and permissions, not a form; what the gate found; who may decide; and the steps that are open.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { Button } from '../../design/button.tsx'
import { Notice, Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Digest, Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { Said } from '../../design/said.tsx'
import { Sensitivity, State, Verdict } from '../../design/state.tsx'
import { counted } from '../../design/time.ts'
import { When } from '../../design/when.tsx'
import { useParam } from '../../shell/view.ts'
import { WhoDecides } from './deciders.tsx'
import { Gate, tallyOf } from './gate.tsx'
import { Identities, type ReviewedPromotion } from './identities.tsx'
import { PermissionDiff } from './permissions.tsx'
import { Steps } from './steps.tsx'

const crumbs = [{ name: 'Promotions', to: '/promotions' }]
const watchMs = 5_000

/** Whether it stands elsewhere than it is shown. The list is metadata and may be asked again and again; the review itself is governed content. */
function useMoved({ id, artifact, twin, state, version, approvalsGiven }: ReviewedPromotion): boolean {
  const rows = useRead('promotion:list', { artifact, twin, limit: 50 }, { every: watchMs })
  const row = rows.state === 'ready' ? rows.data.items.find((one) => one.id === id) : undefined
  return row !== undefined && (row.state !== state || row.version !== version || row.approvalsGiven !== approvalsGiven)
}

function Line({ promotion }: { readonly promotion: ReviewedPromotion }): ReactElement {
  const { state, approvalsGiven, approvalsNeeded, environmentClass, environmentSlug, sensitivity, requestedBy, requestedByName } = promotion
  return (
    <>
      <State is={state} />
      {state === 'in_review' ? (
        <span>
          {approvalsGiven} of {counted(approvalsNeeded, 'approval')}
        </span>
      ) : null}
      <EnvironmentMark of={environmentClass} name={environmentSlug} />
      <Sensitivity is={sensitivity} />
      <span className="inline-flex items-baseline gap-1.5">
        requested by <Identity brief id={requestedBy} name={requestedByName} /> <When at={promotion.requestedAt} />
      </span>
    </>
  )
}

function Evidence({ promotion }: { readonly promotion: ReviewedPromotion }): ReactElement {
  const { id, artifact, digest, run, channel, environmentSlug, version, makerNames, crossedAt } = promotion
  return (
    <Facts>
      <Fact name="Artifact">
        <Id id={artifact} to={place('/artifacts/$artifact', { artifact })} />
        <Digest digest={digest} />
      </Fact>
      <Fact name="Made by the run">
        <Id id={run} to={place('/runs/$run', { run })} />
      </Fact>
      <Fact name="Channel">
        <code className="font-mono text-tiny">
          {channel}@{environmentSlug}
        </code>
      </Fact>
      <Fact name="Had a hand in it">
        <span className="flex flex-wrap gap-x-4">
          {makerNames.map(({ id: maker, name }) => (
            <Identity key={maker} brief id={maker} name={name} />
          ))}
        </span>
      </Fact>
      {crossedAt === null ? null : (
        <Fact name="Crossed">
          <When at={crossedAt} />
        </Fact>
      )}
      <Fact name="Promotion">
        <Id id={id} /> <span className="text-small text-soft">version {version}</span>
      </Fact>
      <Fact name="On the record">
        <span className="flex flex-wrap gap-x-4">
          <Link to={place('/audit', {}, { resource: id })}>Entries about this promotion</Link>
          <Link to={place('/lineage/$subject', { subject: id })}>Its lineage</Link>
        </span>
      </Fact>
    </Facts>
  )
}

/** What came of making the recorded calls again under the proposed permissions: beside them, because it is about them. */
function Replayed({ promotion: { checks } }: { readonly promotion: ReviewedPromotion }): ReactElement | null {
  const replay = checks.find(({ name }) => name === 'replay')
  if (replay === undefined) return null
  return (
    <p className="mt-3 flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <span className="text-small text-soft">Recorded calls under these permissions</span>
      <Verdict is={replay.result} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <Said text={replay.detail} />
      </span>
    </p>
  )
}

function Review({ promotion, again }: { readonly promotion: ReviewedPromotion; readonly again: () => void }): ReactElement {
  const hasMoved = useMoved(promotion)
  return (
    <>
      {hasMoved ? (
        <Notice tone="warn" title="It has changed since you opened it." action={<Button onPress={again}>Show it as it is now</Button>}>
          Nothing is approved by accident: a decision about an older version is refused.
        </Notice>
      ) : null}
      <Section title="What would change hands" note="nothing is carried across">
        <Identities promotion={promotion} />
      </Section>
      <Section title="Permissions" note="granted, used, proposed">
        <PermissionDiff permissions={promotion.permissions} />
        <Replayed promotion={promotion} />
      </Section>
      <Section title="Checks of the gate" note={tallyOf(promotion.checks)}>
        <Gate checks={promotion.checks} />
      </Section>
      <Section title="Who decides">
        <WhoDecides promotion={promotion} />
      </Section>
      <Section title="Evidence">
        <Evidence promotion={promotion} />
      </Section>
    </>
  )
}

/** The screen. */
export function Promotion(): ReactElement {
  const reading = useRead('promotion:show', { promotion: useParam('promotion') }, { every: false })
  if (reading.state !== 'ready')
    return (
      <Page title="Promotion" crumbs={crumbs}>
        <Shown of={reading} what="the promotion">
          {() => null}
        </Shown>
      </Page>
    )
  const { data: promotion, again } = reading
  return (
    <Page
      title={`${promotion.twinName ?? promotion.twin} to ${promotion.channel}@${promotion.environmentSlug}`}
      crumbs={crumbs}
      line={<Line promotion={promotion} />}
      actions={<Steps promotion={promotion} />}
    >
      <Shown of={reading} what="the promotion">
        {() => <Review promotion={promotion} again={again} />}
      </Shown>
    </Page>
  )
}
