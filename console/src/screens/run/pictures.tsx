// Maps and frames as they come: pictures whose paths differ in their numbers alone are shown in one place, the newest first, and can be stepped through.
// Each picture that is shown is read, and recorded; so one series is read at a time in each of two places, and nothing ahead.
import { type ReactElement, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Shown } from '../../design/conditions.tsx'
import { Select } from '../../design/field.tsx'
import { Icon } from '../../design/icon.tsx'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { useView } from '../../shell/view.ts'
import { Picture, useFile } from './output-view.tsx'
import type { Series } from './series.ts'
import type { RunFile } from './story.ts'

interface PlaceProps {
  readonly run: string
  readonly series: readonly Series[]
  /** Its name in the URL: `map` or `frame`. */
  readonly name: string
  readonly first: Series
  readonly isLive: boolean
}

function Shot({ run, file }: { readonly run: string; readonly file: RunFile }): ReactElement {
  const reading = useFile(run, file.path)
  return (
    <Shown of={reading} what="the picture" rows={3}>
      {(content) => <Picture file={content} alt={`${file.path}, as the run drew it`} />}
    </Shown>
  )
}

function Steps({
  at,
  count,
  onStep,
}: {
  readonly at: number
  readonly count: number
  readonly onStep: (to: number) => void
}): ReactElement {
  return (
    <span className="inline-flex items-center gap-1">
      <Button weight="quiet" label="The one before" isDisabled={at <= 0} onPress={() => onStep(at - 1)} className="px-1.5">
        <Icon name="right" className="rotate-180" />
      </Button>
      <span className="text-small whitespace-nowrap text-soft">
        {at + 1} of {count}
      </span>
      <Button weight="quiet" label="The next one" isDisabled={at >= count - 1} onPress={() => onStep(at + 1)} className="px-1.5">
        <Icon name="right" />
      </Button>
    </span>
  )
}

function Place({ run, series, name, first, isLive }: PlaceProps): ReactElement {
  const [search, change] = useView()
  const shown = series.find(({ id }) => id === search[name]) ?? first
  // Undefined follows the newest.
  const [stopped, setStopped] = useState<number>()
  const last = shown.files.length - 1
  const at = Math.min(stopped ?? last, last)
  const file = shown.files[at]
  return (
    <div className="min-w-0">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <Select
          label="Show"
          value={shown.id}
          onChange={(id) => {
            setStopped(undefined)
            change({ [name]: id === first.id ? undefined : id })
          }}
          choices={series.map(({ id, files }) => ({ id, name: files.length === 1 ? id : `${id} (${files.length})` }))}
          inRow
        />
        {shown.files.length > 1 ? (
          <Steps at={at} count={shown.files.length} onStep={(to) => setStopped(isLive && to === last ? undefined : to)} />
        ) : null}
      </div>
      {file === undefined ? null : (
        <figure>
          <Shot run={run} file={file} />
          <figcaption className="mt-1 text-small text-soft">
            <bdi className="[overflow-wrap:anywhere]">{visible(file.path)}</bdi>, written <When at={file.at} />
            {isLive && stopped === undefined ? '; the next one takes its place when it comes' : ''}
          </figcaption>
        </figure>
      )}
    </div>
  )
}

/** The pictures of a run: a drawing and a photograph beside each other where there are both. */
export function Pictures({ run, series, isLive }: Pick<PlaceProps, 'run' | 'series' | 'isLive'>): ReactElement | null {
  const [first] = series
  if (first === undefined) return null
  const isDrawing = ({ id }: Series): boolean => id.endsWith('.svg')
  const frame = series.find((one) => isDrawing(one) !== isDrawing(first))
  return (
    <div className={`grid gap-6 ${frame === undefined ? '' : 'md:grid-cols-2'}`}>
      <Place run={run} series={series} name="map" first={first} isLive={isLive} />
      {frame === undefined ? null : <Place run={run} series={series} name="frame" first={frame} isLive={isLive} />}
    </div>
  )
}
