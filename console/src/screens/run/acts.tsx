// Stopping, freezing and thawing a run: what each will do before, and what it ended in how long after.
import { type ReactElement, useState } from 'react'
import { Act } from '../../design/act.tsx'
import { Select } from '../../design/field.tsx'
import { counted, span } from '../../design/time.ts'
import { When } from '../../design/when.tsx'
import type { ShownRun } from './story.ts'

const lengths = [
  { id: '5', name: '5 minutes' },
  { id: '15', name: '15 minutes' },
  { id: '60', name: '1 hour' },
  { id: '240', name: '4 hours' },
  { id: '1440', name: '1 day' },
  { id: '10080', name: '7 days' },
]

interface Stopped {
  readonly stopped: { readonly credentials: number }
  readonly tookMs: number
}

function Ended({ stopped, tookMs }: Stopped): ReactElement {
  return (
    <p>
      {counted(stopped.credentials, 'credential')} of the run ended in {span(tookMs)}. Nothing of it is admitted any more.
    </p>
  )
}

function Live({ credentials }: Pick<ShownRun, 'credentials'>): ReactElement {
  if (credentials.live === 0) return <p>It holds no credential now.</p>
  return (
    <p>
      Its credentials end at once: <strong>{counted(credentials.live, 'credential')}</strong> {credentials.live === 1 ? 'holds' : 'hold'}{' '}
      now, whoever has them.
    </p>
  )
}

function Freeze({ run }: { readonly run: ShownRun }): ReactElement {
  const [minutes, setMinutes] = useState('60')
  return (
    <Act
      action="run:freeze"
      label="Freeze"
      title="Freeze this run"
      input={(reason) => ({ run: run.id, reason, minutes: Number(minutes) })}
      reason="What you doubt. It goes on the record."
      before={
        <>
          <Live credentials={run.credentials} />
          <p>It stays alive and stands still: no call, no file and no credential of it is admitted until somebody thaws it.</p>
          <p>Its deadline goes on. If nobody thaws it in time, it is ended.</p>
          <Select label="For how long" value={minutes} onChange={setMinutes} choices={lengths} />
        </>
      }
      after={({ stopped, tookMs, frozen }) => (
        <>
          <Ended stopped={stopped} tookMs={tookMs} />
          <p className="mt-1">
            It is ended <When at={frozen?.until} />, unless somebody thaws it before.
          </p>
        </>
      )}
      weight="plain"
    />
  )
}

function Thaw({ run }: { readonly run: ShownRun }): ReactElement {
  return (
    <Act
      action="run:thaw"
      label="Thaw"
      title="Thaw this run"
      input={(reason) => ({ run: run.id, reason })}
      reason="Why it may go on. It goes on the record."
      before={<p>The run goes on where it stood, under new credentials. Those that ended stay ended.</p>}
      after={() => <p>It goes on under new credentials.</p>}
      weight="primary"
    />
  )
}

/** What can be done to a run that lives. */
export function RunActs({ run }: { readonly run: ShownRun }): ReactElement | null {
  if (run.state === 'ended') return null
  const ending = run.state === 'ending' ? 'It is ending already.' : undefined
  return (
    <>
      {ending !== undefined ? null : run.frozen === null ? <Freeze run={run} /> : <Thaw run={run} />}
      <Act
        action="run:cancel"
        label="Stop"
        title="Stop this run"
        input={(reason) => ({ run: run.id, reason })}
        reason="Why it is stopped. It goes on the record."
        before={
          <>
            <Live credentials={run.credentials} />
            <p>Its cell is ended, and what it wrote is sealed as it is. A stopped run does not go on; it can only be launched again.</p>
          </>
        }
        after={(done) => <Ended {...done} />}
        weight="danger"
        notNow={ending}
      />
    </>
  )
}
