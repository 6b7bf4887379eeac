// When a grant ends: after so long, at the end of a day, or with something else, which is chosen among what goes on now or named by its id.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { useRead } from '../../../api/queries.ts'
import { Select, TextField } from '../../../design/field.tsx'
import { visible } from '../../../design/visible.ts'
import type { SearchChange } from '../../../shell/view.ts'
import type { Named } from '../names.ts'
import { Pick } from '../pick.tsx'
import { lengthIn, lengths, otherEnds } from './grant-terms.ts'

const page = { limit: 200 }

/** The live runs that can be named. */
function useRuns(): readonly Named[] {
  const asked = { ...page, live: true }
  const may = useMay('run:list', asked)
  const runs = useRead('run:list', asked, { when: may.state === 'yes', every: false })
  if (runs.state !== 'ready') return []
  return runs.data.items.map(({ id, twin, twinName, scenarioName, seed }) => ({
    id,
    name: visible(`${[twinName ?? twin, scenarioName].filter(Boolean).join(' · ')}, seed ${seed}`),
  }))
}

/** The batches that are not over. */
function useBatches(): readonly Named[] {
  const asked = { ...page, live: true }
  const may = useMay('batch:list', asked)
  const batches = useRead('batch:list', asked, { when: may.state === 'yes', every: false })
  if (batches.state !== 'ready') return []
  return batches.data.items.map(({ id, twin, twinName, scenarioName, size }) => ({
    id,
    name: visible(`${[twinName ?? twin, scenarioName].filter(Boolean).join(' · ')}, ${size === 1 ? 'one run' : `${size} runs`}`),
  }))
}

/** The engagements that have not ended. */
function useEngagements(): readonly Named[] {
  const may = useMay('engagement:list', page)
  const engagements = useRead('engagement:list', page, { when: may.state === 'yes', every: false })
  if (engagements.state !== 'ready') return []
  return engagements.data.items.flatMap(({ id, name, state }) => (state === 'ended' ? [] : [{ id, name: visible(name) }]))
}

interface EndProps {
  readonly search: Readonly<Record<string, string | undefined>>
  readonly change: (to: SearchChange) => void
}

function Day({ search, change }: EndProps): ReactElement {
  return (
    <TextField
      label="Last day"
      value={search.end ?? ''}
      onChange={(end) => change({ end: end === '' ? undefined : end })}
      type="date"
      hint="To its last second in UTC."
      isRequired
    />
  )
}

function Run({ search, change }: EndProps): ReactElement {
  const choices = useRuns()
  return (
    <Pick
      label="Which run"
      value={search.end}
      onChange={(end) => change({ end })}
      choices={choices}
      ids={['run']}
      hint="However it ends, the grant ends with it."
      isRequired
    />
  )
}

function Batch({ search, change }: EndProps): ReactElement {
  const choices = useBatches()
  return (
    <Pick
      label="Which batch"
      value={search.end}
      onChange={(end) => change({ end })}
      choices={choices}
      ids={['bat']}
      hint="The grant ends with the last of its runs."
      isRequired
    />
  )
}

function Engagement({ search, change }: EndProps): ReactElement {
  const choices = useEngagements()
  return (
    <Pick
      label="Which engagement"
      value={search.end}
      onChange={(end) => change({ end })}
      choices={choices}
      ids={['eng']}
      hint="Whenever it ends: who prolongs it prolongs the grant."
      isRequired
    />
  )
}

const fields = { day: Day, run: Run, batch: Batch, engagement: Engagement } as const

/** The fields. */
export function EndFields({ search, change }: EndProps): ReactElement {
  const other = otherEnds.find(({ id }) => id === search.until)?.id
  const End = other === undefined ? undefined : fields[other]
  return (
    <>
      <Select
        label="For how long"
        value={other ?? lengthIn(search.until)}
        onChange={(until) => change({ until: until === 'always' ? undefined : until, end: undefined })}
        choices={[...lengths, ...otherEnds]}
      />
      {End === undefined ? null : <End key={other} search={search} change={change} />}
    </>
  )
}
