// The replay of a drive: canvas or plan, time line and table on one clock, with the calls that the run made and what was decided on them. The file is the run's
// own and read strictly; the decisions come from the tape.
import { type ReactElement, useMemo, useState } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Notice, Partial, Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { KindMark } from '../../../design/kind.tsx'
import { Page, Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { useParam, useView } from '../../../shell/view.ts'
import { bytesOf } from '../output-view.tsx'
import type { Call } from '../story.ts'
import { Above } from './above.tsx'
import { Happened, Now } from './happened.tsx'
import { secondsOf } from './moment.ts'
import { type ReplayFile, readReplay } from './replay-file.ts'
import { hasWebGl, StageView } from './stage-view.tsx'
import { TimeLine } from './time-line.tsx'
import { type Clock, useClock } from './use-clock.ts'
import { useReplayKeys } from './use-replay-keys.ts'

const callsMax = 500

function labelOf({ people, boxes }: ReplayFile, t: number, how: string): string {
  return `The drive ${how} at ${secondsOf(t)}: a robot, ${counted(people.length, 'person', 'people')} and ${counted(boxes.length, 'box', 'boxes')}. The same in words is below.`
}

function View({ file, t }: { readonly file: ReplayFile; readonly t: number }): ReactElement {
  const [search, change] = useView()
  const [isAble, setAble] = useState(hasWebGl)
  const isPlan = !isAble || search.view === 'above'
  return (
    <>
      {isAble ? (
        <div className="mb-2">
          <Choose
            label="How it is drawn"
            value={isPlan ? 'above' : '3d'}
            onChange={(id) => change({ view: id === 'above' ? 'above' : undefined })}
            choices={[
              { id: '3d', name: 'In the room' },
              { id: 'above', name: 'From above' },
            ]}
          />
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
          <StageView file={file} t={t} label={labelOf(file, t, 'in three dimensions')} onFailed={() => setAble(false)} />
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
        Space plays, arrows step, Shift makes it ten, Home and End, comma and point for the speed.
      </span>
    </div>
  )
}

interface DriveProps {
  readonly file: ReplayFile
  readonly calls: readonly Call[]
}

function Drive({ file, calls }: DriveProps): ReactElement {
  const clock = useClock(file.end)
  useReplayKeys(clock, file.stepSeconds, file.end)
  const byNumber = useMemo(() => new Map(calls.map((call) => [call.number, call])), [calls])
  const callOf = (number: number): Call | undefined => byNumber.get(number)
  const denied = file.marks.filter((mark) => mark.kind === 'call' && callOf(mark.number)?.decision === 'denied').length
  const { steps, boxes } = file.leftOut
  return (
    <>
      {steps > 0 || boxes > 0 ? (
        <Partial title="Not all of the drive is in its replay.">
          {counted(steps, 'step')} and {counted(boxes, 'box', 'boxes')} are left out.
        </Partial>
      ) : null}
      <View file={file} t={clock.t} />
      <div className="mt-3">
        <TimeLine file={file} clock={clock} decisionOf={(number) => callOf(number)?.decision} />
        <Controls clock={clock} file={file} />
      </div>
      <div className="mt-7 grid gap-x-10 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Section title="What happened" note={denied > 0 ? `${counted(denied, 'call')} denied` : 'no call was denied'}>
          <Happened file={file} t={clock.t} callOf={callOf} onSeek={clock.seek} />
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

function Read({ content, calls }: { readonly content: string; readonly calls: readonly Call[] }): ReactElement {
  const read = useMemo(() => {
    try {
      return { file: readReplay(new TextDecoder().decode(bytesOf(content))) }
    } catch (error) {
      return { wrong: error instanceof Error ? error.message : String(error) }
    }
  }, [content])
  if (read.file !== undefined) return <Drive file={read.file} calls={calls} />
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
  const tape = useRead('run:tape', { run, limit: callsMax }, { once: true })
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
        {({ content }) => (
          <Shown of={tape} what="its calls">
            {({ items }) => <Read content={content} calls={items} />}
          </Shown>
        )}
      </Shown>
    </Page>
  )
}
