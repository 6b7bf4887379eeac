// The replay of a drive: canvas or plan, time line and table on one clock, with the calls that the run made and what was decided on them. The file is the run's
// own and read strictly; the decisions come from the tape.
import { type ReactElement, useMemo, useRef, useState } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Notice, Partial, Shown } from '../../../design/conditions.tsx'
import { Icon, type IconName } from '../../../design/icon.tsx'
import { KindMark } from '../../../design/kind.tsx'
import { Page, Section } from '../../../design/page.tsx'
import { Said } from '../../../design/said.tsx'
import { counted } from '../../../design/time.ts'
import { useParam, useView } from '../../../shell/view.ts'
import { bytesOf } from '../output-view.tsx'
import { Above } from './above.tsx'
import { Happened, Now } from './happened.tsx'
import { secondsOf } from './moment.ts'
import { type ReplayFile, readReplay } from './replay-file.ts'
import type { Look } from './stage.ts'
import { type Camera, hasWebGl, StageView } from './stage-view.tsx'
import { TimeLine } from './time-line.tsx'
import { type Clock, useClock } from './use-clock.ts'
import { deniedMax, useDecisions } from './use-decisions.ts'
import { useReplayKeys } from './use-replay-keys.ts'

function labelOf({ people, boxes }: ReplayFile, t: number, how: string): string {
  return `The drive ${how} at ${secondsOf(t)}: a robot, ${counted(people.length, 'person', 'people')} and ${counted(boxes.length, 'box', 'boxes')}. The same in words is below.`
}

const ways: readonly (readonly [how: Look, name: string, icon: IconName])[] = [
  ['left', 'Turn left', 'left'],
  ['right', 'Turn right', 'right'],
  ['higher', 'From higher', 'up'],
  ['lower', 'From lower', 'down'],
  ['closer', 'Closer', 'plus'],
  ['farther', 'Farther', 'dash'],
]

/** The room from elsewhere, for those who do not drag and scroll. */
function Looks({ camera }: { readonly camera: Camera }): ReactElement {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
    <div role="group" aria-label="Where the room is looked at from" className="flex flex-wrap items-center">
      {ways.map(([how, name, icon]) => (
        <Button key={how} weight="quiet" label={name} onPress={() => camera.current?.(how)} className="px-1.5">
          <Icon name={icon} />
        </Button>
      ))}
      <Button weight="quiet" onPress={() => camera.current?.('first')}>
        As at first
      </Button>
    </div>
  )
}

interface ViewProps {
  readonly file: ReplayFile
  readonly t: number
  readonly camera: Camera
}

function View({ file, t, camera }: ViewProps): ReactElement {
  const [search, change] = useView()
  const [isAble, setAble] = useState(hasWebGl)
  const isPlan = !isAble || search.view === 'above'
  return (
    <>
      {isAble ? (
        <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <Choose
            label="How it is drawn"
            value={isPlan ? 'above' : '3d'}
            onChange={(id) => change({ view: id === 'above' ? 'above' : undefined })}
            choices={[
              { id: '3d', name: 'In the room' },
              { id: 'above', name: 'From above' },
            ]}
          />
          {isPlan ? null : <Looks camera={camera} />}
        </div>
      ) : (
        <Notice tone="plain" title="Drawn from above.">
          This browser does not draw in three dimensions (WebGL); the plan and the table hold the same facts.
        </Notice>
      )}
      <div className="h-[52vh] min-h-64 overflow-hidden rounded-field border border-line bg-sunken">
        {isPlan ? (
          <Above file={file} t={t} label={labelOf(file, t, 'from above')} />
        ) : (
          <StageView file={file} t={t} label={labelOf(file, t, 'in three dimensions')} camera={camera} onFailed={() => setAble(false)} />
        )}
      </div>
    </>
  )
}

function Controls({ clock, file }: { readonly clock: Clock; readonly file: ReplayFile }): ReactElement {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button onPress={clock.toggle} weight="primary">
        {clock.isPlaying ? 'Stand still' : 'Play'}
      </Button>
      <span className="inline-flex items-center">
        <Button weight="quiet" label="A step back" onPress={() => clock.seek(clock.t - file.stepSeconds)} className="px-1.5">
          <Icon name="right" className="rotate-180" />
        </Button>
        <Button weight="quiet" label="A step on" onPress={() => clock.seek(clock.t + file.stepSeconds)} className="px-1.5">
          <Icon name="right" />
        </Button>
      </span>
      <span>
        {secondsOf(clock.t)} <span className="text-soft">of {secondsOf(file.end)}</span>
      </span>
      <span className="inline-flex items-center gap-1 text-small text-soft">
        <Button weight="quiet" label="Slower" onPress={clock.slower} className="px-1.5">
          <Icon name="down" />
        </Button>
        {clock.speed} ×
        <Button weight="quiet" label="Faster" onPress={clock.faster} className="px-1.5">
          <Icon name="up" />
        </Button>
      </span>
      <span className="hidden text-small text-faint md:inline">
        Space plays, arrows step, <kbd>?</kbd> shows every key.
      </span>
    </div>
  )
}

interface DriveProps {
  readonly file: ReplayFile
  readonly run: string
}

function Drive({ file, run }: DriveProps): ReactElement {
  const clock = useClock(file.end)
  const camera: Camera = useRef(undefined)
  useReplayKeys(clock, camera, file.stepSeconds, file.end)
  const { callOf, isDenied, denied, onSight, problem } = useDecisions(run)
  const { steps, boxes } = file.leftOut
  return (
    <>
      {steps > 0 || boxes > 0 ? (
        <Partial title="Not all of the drive is in its replay.">
          {counted(steps, 'step')} and {counted(boxes, 'box', 'boxes')} are left out.
        </Partial>
      ) : null}
      {problem === undefined ? null : (
        <Notice tone="warn" title="What was decided on its calls is not shown.">
          <Said text={problem.detail} />
        </Notice>
      )}
      {denied > deniedMax ? (
        <Partial title={`The first ${deniedMax.toLocaleString('en-US')} denied calls stand out on the time line.`}>
          There are {denied.toLocaleString('en-US')}; the tape of the run holds all of them.
        </Partial>
      ) : null}
      <View file={file} t={clock.t} camera={camera} />
      <div className="mt-3">
        <TimeLine file={file} clock={clock} isDenied={isDenied} />
        <Controls clock={clock} file={file} />
      </div>
      <div className="mt-7 grid gap-x-10 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Section
          title="What happened"
          note={problem === undefined ? (denied > 0 ? `${counted(denied, 'call')} denied` : 'no call was denied') : undefined}
        >
          <Happened file={file} t={clock.t} callOf={callOf} hasDenied={denied > 0} onSight={onSight} onSeek={clock.seek} />
        </Section>
        <div>
          <Section title="At this time">
            <Now file={file} t={clock.t} />
          </Section>
        </div>
      </div>
    </>
  )
}

function Read({ content, run }: { readonly content: string; readonly run: string }): ReactElement {
  const read = useMemo(() => {
    try {
      return { file: readReplay(new TextDecoder().decode(bytesOf(content))) }
    } catch (error) {
      return { wrong: error instanceof Error ? error.message : String(error) }
    }
  }, [content])
  if (read.file !== undefined) return <Drive file={read.file} run={run} />
  return (
    <Empty title="This replay cannot be shown.">
      <p className="[overflow-wrap:anywhere]">
        <bdi>{read.wrong}</bdi>
      </p>
      <p className="mt-1">The run wrote the file itself; among its files it can be saved and looked at as text.</p>
    </Empty>
  )
}

/** The screen. */
export function Replay(): ReactElement {
  const run = useParam('run')
  const shown = useRead('run:show', { run })
  const reading = useRead('run:output', { run, path: 'replay.json' }, { once: true })
  const name = shown.state === 'ready' ? `${shown.data.twinName ?? shown.data.twin}, ${shown.data.scenarioName ?? ''}` : 'the run'
  return (
    <Page
      title="Replay"
      mark={<KindMark kind="run" />}
      crumbs={[
        { name: 'Runs', to: '/runs' },
        { name, to: `/runs/${encodeURIComponent(run)}` },
      ]}
    >
      <Shown of={reading} what="the replay">
        {({ content }) => <Read content={content} run={run} />}
      </Shown>
    </Page>
  )
}
