// One workload: what it is trusted by, who answers for it, which of its keys is good until when; bringing its next key, and suspending it.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { useRead } from '../../../api/queries.ts'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Act, Withheld } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Digest, Id } from '../../../design/id.tsx'
import { SpiffeId } from '../../../design/identity.tsx'
import { KindMark } from '../../../design/kind.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { Sensitivity, State } from '../../../design/state.tsx'
import { counted, exact } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { Thing } from '../../audit/thing.tsx'
import { History } from '../people/stands-for.tsx'
import { PeoplePage } from '../people-page.tsx'
import { NextKey } from './next-key.tsx'
import { noKey } from './public-key.ts'
import { keySoonMs, type ShownWorkload } from './workload-words.tsx'

interface OfWorkload {
  readonly workload: ShownWorkload
}

const nameOr = (name: string | null): string | null => (name === null ? null : visible(name))

function About({ workload }: OfWorkload): ReactElement {
  const { id, spiffeId, owner, ownerName, state, clearance, createdAt, expiresAt, promotion } = workload
  return (
    <Section title="What it is">
      <Facts>
        <Fact name="Acts as">
          <span className="-ml-[18px] block">
            <SpiffeId id={spiffeId} />
          </span>
        </Fact>
        <Fact name="Owner">
          <Thing id={owner} name={nameOr(ownerName)} linked />
        </Fact>
        <Fact name="Clearance">
          <Sensitivity is={clearance} />
        </Fact>
        <Fact name="Registered">
          <When at={createdAt} />
          {promotion === null ? null : (
            <>
              {' '}
              <Link to={place('/promotions/$promotion', { promotion })}>by a promotion</Link>
            </>
          )}
        </Fact>
        {expiresAt === null ? null : (
          <Fact name="Ends">
            <When at={expiresAt} />
          </Fact>
        )}
        <Fact name="Reaches">
          {state === 'active' ? (
            <Link to={place('/access/blast', {}, { of: id })}>Everything that whoever steals its key reaches</Link>
          ) : (
            <span className="text-soft">nothing: it is {state}</span>
          )}
        </Fact>
        <Fact name="Its id">
          <Id id={id} />
        </Fact>
      </Facts>
    </Section>
  )
}

function Good({ workload: { thumbprint, former, broughtBy, tokens } }: OfWorkload): ReactElement {
  return (
    <Section title="Its keys" note="by their thumbprints; the private halves are nowhere in Twinlock">
      <Facts>
        <Fact name="The key in force">
          {thumbprint === null ? <span className="text-warn">none yet: it gets no token</span> : <Digest digest={thumbprint} />}
          {thumbprint === null || broughtBy === null ? null : (
            <span className="flex flex-wrap items-baseline gap-x-1.5 text-small text-soft">
              brought by <Thing id={broughtBy.id} name={nameOr(broughtBy.name)} linked />
            </span>
          )}
        </Fact>
        {former === null ? null : (
          <Fact name="The one before">
            <Digest digest={former.thumbprint} />
            <span className="block text-small text-warn">
              good for <Countdown until={former.until} over="no longer" soonMs={keySoonMs} /> more, until{' '}
              {`${exact(Date.parse(former.until))}; then it gets no token any more`}
            </span>
          </Fact>
        )}
        <Fact name="Tokens that hold">{tokens === 0 ? <span className="text-soft">none now</span> : counted(tokens, 'token')}</Fact>
      </Facts>
    </Section>
  )
}

/** Why somebody cannot bring its next key now; nothing for its owner, where that is his to do. */
function notByYou({ environmentClass, state, owner }: ShownWorkload, me: string | undefined): string | undefined {
  if (state === 'suspended' || state === 'ended') return `It is ${state}: no key of it is good for anything.`
  if (environmentClass === 'production')
    return 'What production trusts was proved before it was approved: only the workload itself brings its next key, with the one that it has.'
  return owner === me ? undefined : 'Only the workload itself, or its owner, brings its next key: whoever holds that acts as it.'
}

/** Who looks. */
function useMe(): string | undefined {
  const now = useStore(session)
  return now.state === 'somebody' ? now.here.person.id : undefined
}

function Actions({ workload }: OfWorkload): ReactElement {
  const [{ edit }, change] = useView()
  const { id, slug, state } = workload
  const notNow = notByYou(workload, useMe())
  const may = useMay('workload:rotate', notNow === undefined ? { workload: id, jwk: noKey } : undefined)
  const label = 'Bring its next key…'
  return (
    <>
      {edit === 'key' && notNow === undefined && may.state !== 'no' ? null : notNow !== undefined || may.state === 'no' ? (
        <Withheld label={label} may={may} notNow={notNow} />
      ) : (
        <Button onPress={() => change({ edit: 'key' }, true)}>{label}</Button>
      )}
      <Act
        action="workload:suspend"
        label="Suspend"
        title={`Suspend ${visible(slug)}`}
        weight="danger"
        input={() => ({ workload: id })}
        notNow={state === 'suspended' || state === 'ended' ? `It is ${state} already.` : undefined}
        before={
          <p>
            Its tokens end at once, it gets no new ones by any key, and the live runs that it started end. Nothing of it is admitted any
            more.
          </p>
        }
        after={({ tokensEnded, ended }) => (
          <p>
            {counted(tokensEnded, 'token')} ended
            {Object.entries(ended).flatMap(([what, count]) => (count === 0 ? [] : [`, ${what}: ${count}`]))}.
          </p>
        )}
      />
    </>
  )
}

/** The screen. */
export function Workload({ id }: { readonly id: string }): ReactElement {
  const [{ edit }, change] = useView()
  const me = useMe()
  const reading = useRead('workload:show', { workload: id })
  const workload = reading.state === 'ready' ? reading.data : undefined
  return (
    <PeoplePage
      title={workload === undefined ? 'Workload' : visible(workload.slug)}
      mark={workload === undefined ? undefined : <KindMark kind={workload.kind} />}
      below="/people/workloads"
      line={
        workload === undefined ? undefined : (
          <>
            <span>{workload.kind}</span>
            <State is={workload.state} />
            <EnvironmentMark of={workload.environmentClass} name={workload.environmentSlug} />
          </>
        )
      }
      actions={workload === undefined ? undefined : <Actions workload={workload} />}
    >
      <Shown of={reading} what="the workload">
        {(shown) => (
          <>
            {edit === 'key' && notByYou(shown, me) === undefined ? (
              <NextKey workload={shown} onDone={() => change({ edit: undefined, overlap: undefined })} />
            ) : null}
            <Good workload={shown} />
            <About workload={shown} />
            <History of={id} acts />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
