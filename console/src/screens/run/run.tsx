// A run live: who it acts as and until when, how it stands, what it calls and what was decided, what it writes, and the ways to stop it. What is content (calls,
// files, parameters) is asked for in its own part, and recorded by the server.
import { type ReactElement, useEffect, useMemo, useRef } from 'react'
import type { Problem } from '../../api/problem.ts'
import { useRead } from '../../api/queries.ts'
import { announce } from '../../design/announcer.tsx'
import { Button, buttonLook } from '../../design/button.tsx'
import { Failed, Forbidden, Loading, Notice, Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Icon } from '../../design/icon.tsx'
import { Identity } from '../../design/identity.tsx'
import { KindMark } from '../../design/kind.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { type Part, Tabs } from '../../design/tabs.tsx'
import { counted, exact } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { Countdown, useNow, When } from '../../design/when.tsx'
import { useParam, useView } from '../../shell/view.ts'
import { RunActs } from './acts.tsx'
import { CallList, filterOf } from './calls.tsx'
import { CameOfIt } from './came-of-it.tsx'
import { Given } from './given.tsx'
import { Identities } from './identities.tsx'
import { filesMax, Outputs } from './outputs.tsx'
import { Pictures } from './pictures.tsx'
import { seriesOf } from './series.ts'
import { Progress, Standing } from './standing.tsx'
import type { RunFile, ShownRun } from './story.ts'
import { type Calls, useLiveCalls, useTapeCalls } from './use-calls.ts'
import { type FollowedRun, useRun } from './use-run.ts'
import { Why } from './why.tsx'

const patienceMs = 2_000
const crumbs = [{ name: 'Runs', to: '/runs' }]

/** What a run is called. */
export function titleOf({ twinName, scenarioName, twin }: Pick<ShownRun, 'twinName' | 'scenarioName' | 'twin'>): string {
  return [twinName ?? twin, scenarioName].filter(Boolean).join(' · ')
}

function Line({ run }: { readonly run: ShownRun }): ReactElement {
  return (
    <>
      <State is={run.frozen === null ? (run.outcome ?? run.state) : 'frozen'} />
      <EnvironmentMark of={run.environmentClass} name={run.environmentSlug} />
      <Sensitivity is={run.sensitivity} />
      <span>
        queued <When at={run.queuedAt} />
      </span>
      {run.batch === null ? null : (
        <span>
          in a <Link to={place('/batches/$batch', { batch: run.batch })}>batch</Link>
        </span>
      )}
    </>
  )
}

function Frozen({ run }: { readonly run: ShownRun }): ReactElement | null {
  if (run.frozen === null || run.state === 'ended') return null
  const { until, by, reason } = run.frozen
  return (
    <Notice tone="warn" title="Frozen: nothing of it is admitted.">
      <bdi className="[overflow-wrap:anywhere]">{visible(reason)}</bdi>{' '}
      <span className="text-soft">
        By <Identity brief id={by} name={run.frozenByName} />. It is ended in <Countdown until={until} over="a moment" />, unless somebody
        thaws it.
      </span>
    </Notice>
  )
}

function Denials({ calls }: { readonly calls: Calls }): ReactElement | null {
  const [search, change] = useView()
  if (calls.denied === 0) return null
  const isShown = search.calls === 'denied' && (search.part ?? 'calls') === 'calls'
  return (
    <Notice
      tone="bad"
      title={`${counted(calls.denied, 'call')} ${calls.denied === 1 ? 'was' : 'were'} denied.`}
      action={isShown ? undefined : <Button onPress={() => change({ part: undefined, calls: 'denied' })}>Show what was denied</Button>}
    >
      It asked for what it may not have, and did not get it.
    </Notice>
  )
}

/** Says to those who hear the page that another call was denied; a number of them at once is one sentence. */
function useDenialsSaid(denied: number, isLive: boolean): void {
  const before = useRef<number>(undefined)
  useEffect(() => {
    if (isLive && before.current !== undefined && denied > before.current) announce(`Denied: ${counted(denied - before.current, 'call')}.`)
    before.current = denied
  }, [denied, isLive])
}

/** What is shown may have gone on: since when, and that it is tried again. */
function Interrupted({ stream, told }: Pick<FollowedRun, 'stream' | 'told'>): ReactElement | null {
  const now = useNow()
  if (stream?.state !== 'reconnecting' || now - stream.since < patienceMs) return null
  return (
    <Notice tone="warn" title={`What happened since ${exact(stream.since)} is not shown yet.`}>
      The connection was cut and is tried again; nothing is lost, it goes on where it was.{' '}
      {told.cut === undefined ? null : <bdi>{told.cut.detail}</bdi>}
    </Notice>
  )
}

function Refused({ problem, run }: { readonly problem: Problem; readonly run: string }): ReactElement {
  return problem.isForbidden ? <Forbidden problem={problem} asked={{ action: 'run:tape', input: { run } }} /> : <Failed problem={problem} />
}

interface Files {
  readonly files: readonly RunFile[]
  readonly hasMore: boolean
  readonly problem: Problem | undefined
  readonly isLoading: boolean
}

/** The files: told by the stream of a live run, listed once of one that ended. */
function useFiles({ isLive, told, reading }: FollowedRun, run: string): Files {
  const isOver = !isLive && reading.state === 'ready' && reading.data.state === 'ended'
  const list = useRead('run:outputs', { run, limit: filesMax }, { once: true, when: isOver })
  if (isLive) return { files: told.files, hasMore: false, problem: undefined, isLoading: false }
  if (list.state === 'loading') return { files: [], hasMore: false, problem: undefined, isLoading: true }
  if (list.state === 'failed') return { files: [], hasMore: false, problem: list.problem, isLoading: false }
  return { files: list.data.items, hasMore: list.data.next !== null, problem: undefined, isLoading: false }
}

/** The connections that calls have named, out of those that are here. */
function connectionsIn(calls: Calls): readonly string[] {
  const found = new Set<string>()
  for (let at = 0; at < Math.min(calls.count ?? 0, 2_000); at += 1) {
    const name = calls.rowAt(at)?.connection
    if (name !== undefined) found.add(name)
  }
  return [...found].sort()
}

function Parts({ run, followed, calls }: { readonly run: ShownRun; readonly followed: FollowedRun; readonly calls: Calls }): ReactElement {
  const [search, change] = useView()
  const files = useFiles(followed, run.id)
  const series = useMemo(() => seriesOf(files.files), [files.files])
  const refused = followed.stream?.state === 'stopped' ? followed.stream.why : undefined
  const isLiving = followed.isLive && run.state !== 'ended'
  const parts: readonly Part[] = [
    {
      id: 'calls',
      // What is not known is no zero.
      name:
        refused !== undefined || calls.count === undefined ? 'Calls' : `Calls ${(calls.allowed + calls.denied).toLocaleString('en-US')}`,
      content: () =>
        refused === undefined ? (
          <CallList run={run.id} calls={calls} connections={connectionsIn(calls)} />
        ) : (
          <Refused problem={refused} run={run.id} />
        ),
    },
    {
      id: 'outputs',
      name:
        files.problem === undefined && refused === undefined && !files.isLoading
          ? `Files ${files.files.length.toLocaleString('en-US')}`
          : 'Files',
      content: () =>
        (refused ?? files.problem) !== undefined ? (
          <Refused problem={(refused ?? files.problem) as Problem} run={run.id} /> // one of them, by the line above
        ) : files.isLoading ? (
          <Loading what="files" />
        ) : (
          <Outputs run={run.id} files={files.files} isLive={isLiving} hasMore={files.hasMore} />
        ),
    },
    ...(series.length === 0 || refused !== undefined
      ? []
      : [{ id: 'pictures', name: 'Maps and pictures', content: () => <Pictures run={run.id} series={series} isLive={isLiving} /> }]),
    { id: 'given', name: 'What it was given', content: () => <Given run={run} /> },
  ]
  const hasReplay = files.files.some(({ path }) => path === 'replay.json')
  return (
    <div className="mt-7">
      {hasReplay ? (
        <p className="mb-3">
          <Link to={place('/runs/$run/replay', { run: run.id })} className={`${buttonLook('plain')} no-underline`} quiet>
            <Icon name="play" />
            Replay the drive
          </Link>
        </p>
      ) : null}
      <Tabs
        label="Parts of the run"
        value={parts.some(({ id }) => id === search.part) ? (search.part ?? 'calls') : 'calls'}
        onChange={(id) => change({ part: id === 'calls' ? undefined : id })}
        parts={parts}
      />
    </div>
  )
}

function Whole({ run, followed }: { readonly run: ShownRun; readonly followed: FollowedRun }): ReactElement {
  const [search] = useView()
  const filter = filterOf(search)
  const live = useLiveCalls(followed.told, filter)
  const taped = useTapeCalls(run.id, filter, !followed.isLive && run.state === 'ended')
  const calls = followed.isLive ? live : taped
  const refused = followed.stream?.state === 'stopped' ? followed.stream.why : undefined
  useDenialsSaid(calls.denied, followed.isLive)
  return (
    <>
      <Interrupted stream={followed.stream} told={followed.told} />
      <Frozen run={run} />
      <Why run={run} />
      {refused === undefined ? <Denials calls={calls} /> : null}
      <Progress run={run} />
      <Section title="Who acts, and how it stands" note="three identities, each with its own end">
        <Identities run={run} />
        <Standing run={run} />
      </Section>
      <Parts run={run} followed={followed} calls={calls} />
      <div className="mt-10">
        <Section title="Where it comes from, and what comes of it">
          <CameOfIt run={run} />
        </Section>
      </div>
    </>
  )
}

function OneRun({ id }: { readonly id: string }): ReactElement {
  const followed = useRun(id)
  const { reading } = followed
  if (reading.state !== 'ready')
    return (
      <Page title="Run" crumbs={crumbs}>
        <Shown of={reading} what="the run">
          {() => null}
        </Shown>
      </Page>
    )
  const { data: run } = reading
  return (
    <Page title={titleOf(run)} mark={<KindMark kind="run" />} crumbs={crumbs} line={<Line run={run} />} actions={<RunActs run={run} />}>
      <Shown of={reading} what="the run">
        {() => <Whole run={run} followed={followed} />}
      </Shown>
    </Page>
  )
}

/** The screen. Another run is another story. */
export function Run(): ReactElement {
  const id = useParam('run')
  return <OneRun key={id} id={id} />
}
