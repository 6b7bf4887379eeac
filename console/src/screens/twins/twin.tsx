// One twin: who answers for it, whether it is privileged and why, its scenarios with their versions, and what they reach in each environment. What is shown
// of it is governed content, so it is read once; its name and whether it can be retired come from the list, for those who may not see more.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { buttonLook } from '../../design/button.tsx'
import { Empty, Partial, Shown } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { KindMark } from '../../design/kind.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { counted } from '../../design/time.ts'
import { When } from '../../design/when.tsx'
import { useParam } from '../../shell/view.ts'
import { Reach } from './reach.tsx'
import { Scenarios } from './scenarios.tsx'

type ShownTwin = OutputOf<'twin:show'>

const crumbs = [{ name: 'Twins', to: '/twins' }]
const liveMax = 200

/** The screen. */
export function Twin(): ReactElement {
  const id = useParam('twin')
  const reading = useRead('twin:show', { twin: id }, { every: false })
  const listed = useRead('twin:list', { twin: id, limit: 1 })
  const row = listed.state === 'ready' ? listed.data.items.find((one) => one.id === id) : undefined
  const known = row ?? (reading.state === 'ready' ? reading.data : undefined)
  return (
    <Page
      title={known?.slug ?? 'Twin'}
      mark={<KindMark kind="twin" />}
      crumbs={crumbs}
      line={
        known === undefined ? undefined : (
          <>
            <State is={known.state} />
            <bdi>{known.kind}</bdi>
            <Sensitivity is={known.sensitivity} />
            {reading.state === 'ready' && reading.data.privileged.is ? <Privileged /> : null}
            <span className="inline-flex items-baseline gap-1.5">
              answered for by <Identity brief id={known.owner} name={known.ownerName} />
            </span>
          </>
        )
      }
      actions={
        known === undefined ? undefined : (
          <>
            <Link to={place('/access/paths', {}, { of: known.id })} quiet className={`${buttonLook('plain')} hover:no-underline`}>
              Paths to production
            </Link>
            <Retire twin={known} />
          </>
        )
      }
    >
      <Shown of={reading} what="the twin">
        {(twin) => <Whole twin={twin} />}
      </Shown>
    </Page>
  )
}

function Privileged(): ReactElement {
  return (
    <span className="inline-flex items-center gap-1 font-medium text-warn">
      <Icon name="key" />
      privileged
    </span>
  )
}

function Whole({ twin }: { readonly twin: ShownTwin }): ReactElement {
  const { id, slug, scenarios, connections, privileged, truncated, program, createdAt } = twin
  return (
    <>
      {truncated ? <Partial title="Not all versions are shown.">The newest are.</Partial> : null}
      <Section title="Scenarios" note={scenarios.length === 0 ? undefined : counted(scenarios.length, 'scenario')}>
        {scenarios.length === 0 ? (
          <Empty title="It has no scenario yet." command={`npx twinlock scenario publish ${slug} --help`}>
            A scenario is one sealed, versioned way to run it, with everything that a run may touch.
          </Empty>
        ) : (
          <Scenarios of={scenarios} />
        )}
      </Section>
      <Section
        title="What its newest scenarios reach"
        note={connections.length === 0 ? undefined : counted(connections.length, 'connection')}
      >
        <Reach connections={connections} />
      </Section>
      <Section title="Privilege" note={privileged.is ? counted(privileged.because.length, 'reason') : 'not privileged'}>
        {privileged.is ? (
          <ul className="space-y-1">
            {privileged.because.map((text) => (
              <li key={text} className="grid grid-cols-[1.25rem_minmax(0,1fr)] [overflow-wrap:anywhere]">
                <Icon name="key" className="mt-0.5 text-warn" />
                {text}
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-soft">It feeds nothing in production and is given neither control nor credentials.</p>
        )}
      </Section>
      <Section title="On the record">
        <Facts>
          <Fact name="Twin">
            <Id id={id} />
          </Fact>
          <Fact name="Project">
            <bdi>{twin.projectName ?? twin.project}</bdi>
          </Fact>
          <Fact name="Program">
            <code className="font-mono text-tiny [overflow-wrap:anywhere]">{program}</code>
          </Fact>
          <Fact name="Created">
            <When at={createdAt} />
          </Fact>
          <Fact name="Elsewhere">
            <span className="flex flex-wrap gap-x-4">
              <Link to={place('/runs', {}, { twin: id })}>Its runs</Link>
              <Link to={place('/artifacts', {}, { twin: id, show: 'all' })}>What they made</Link>
              <Link to={place('/audit', {}, { resource: id })}>Entries about it</Link>
            </span>
          </Fact>
        </Facts>
      </Section>
    </>
  )
}

type Retirable = Pick<ShownTwin, 'id' | 'slug' | 'state'>

/** What retiring ends now, counted when the question is asked. */
function WhatEnds({ twin }: { readonly twin: string }): ReactElement {
  const live = useRead('run:list', { twin, state: 'running', limit: liveMax }, { every: false })
  const items = live.state === 'ready' ? live.data.items : undefined
  const many = items === undefined ? '' : `: ${items.length === 0 ? 'none' : items.length}${items.length === liveMax ? ' or more' : ''} now`
  return (
    <>
      <ul className="list-disc space-y-1 pl-5">
        <li>Its live runs end at once, with what they hold{many}.</li>
        <li>Promotions of what it made that wait are revoked.</li>
        <li>Nothing of it runs or crosses again. What it made and its record stay.</li>
      </ul>
      <p className="mt-2 border-l-2 border-warn pl-3 text-warn">It cannot be taken back.</p>
    </>
  )
}

function Retire({ twin: { id, slug, state } }: { readonly twin: Retirable }): ReactElement {
  return (
    <Act
      action="twin:retire"
      label="Retire"
      title={`Retire ${slug}`}
      weight="danger"
      input={() => ({ twin: id })}
      notNow={state === 'retired' ? 'It is retired already.' : undefined}
      before={<WhatEnds twin={id} />}
      after={({ ended }) => (
        <>
          <p>It is retired.</p>
          <ul className="mt-1 list-disc pl-5">
            {Object.entries(ended).map(([what, count]) => (
              <li key={what}>
                {what} ended: {count}
              </li>
            ))}
          </ul>
        </>
      )}
    />
  )
}
