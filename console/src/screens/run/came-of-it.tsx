// What a run is of and what came of it: its scenario and twin, its artifact, the promotions that were asked of it, and the entries about it.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Digest, Id } from '../../design/id.tsx'
import { Link, place } from '../../design/link.tsx'
import { State } from '../../design/state.tsx'
import type { ShownRun } from './story.ts'

function Artifacts({ run }: { readonly run: ShownRun }): ReactElement {
  const list = useRead('artifact:list', { run: run.id, twin: run.twin, limit: 5 })
  if (list.state === 'loading') return <span className="skeleton inline-block h-3 w-40" />
  if (list.state === 'failed')
    return <span className="text-soft">{list.problem.isForbidden ? 'Not for you to see.' : list.problem.detail}</span>
  if (list.data.items.length === 0)
    return <span className="text-soft">{run.state === 'ended' ? 'none was made' : 'made when it ends, of what it wrote'}</span>
  return (
    <>
      {list.data.items.map(({ id, digest, state }) => (
        <span key={id} className="flex flex-wrap items-center gap-x-3">
          <Id id={id} to={place('/artifacts/$artifact', { artifact: id })} />
          <State is={state} />
          <Digest digest={digest} brief />
        </span>
      ))}
    </>
  )
}

function Promotions({ run }: { readonly run: ShownRun }): ReactElement | null {
  const list = useRead('promotion:list', { run: run.id, twin: run.twin, limit: 20 })
  if (list.state !== 'ready' || list.data.items.length === 0) return null
  return (
    <Fact name="Promotions">
      {list.data.items.map(({ id, state, channel, environmentSlug, environmentClass }) => (
        <span key={id} className="flex flex-wrap items-center gap-x-3">
          <Link to={place('/promotions/$promotion', { promotion: id })}>
            <bdi>
              {channel}@{environmentSlug}
            </bdi>
          </Link>
          <State is={state} />
          <EnvironmentMark of={environmentClass} name={environmentSlug} />
        </span>
      ))}
    </Fact>
  )
}

/** Where it comes from and where it leads. */
export function CameOfIt({ run }: { readonly run: ShownRun }): ReactElement {
  return (
    <Facts>
      <Fact name="Run of">
        <Link to={place('/scenarios/$scenario', { scenario: run.scenario })}>
          <bdi>{run.scenarioName ?? run.scenario}</bdi>
        </Link>{' '}
        <span className="text-soft">of the twin</span>{' '}
        <Link to={place('/twins/$twin', { twin: run.twin })}>
          <bdi>{run.twinName ?? run.twin}</bdi>
        </Link>
        <span className="text-soft">, seed {run.seed}</span>
      </Fact>
      <Fact name="Artifact">
        <Artifacts run={run} />
      </Fact>
      <Promotions run={run} />
      <Fact name="On the record">
        <span className="flex flex-wrap gap-x-4">
          <Link to={place('/audit', {}, { resource: run.id })}>Entries about this run</Link>
          <Link to={place('/lineage/$subject', { subject: run.id })}>Its lineage</Link>
        </span>
      </Fact>
      <Fact name="Its id">
        <Id id={run.id} />
      </Fact>
    </Facts>
  )
}
