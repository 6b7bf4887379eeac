// How long sessions last by role: the shortest of what holds for everybody and for each role that somebody has. Shorter limits hold at once for what is open.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { TextField } from '../../../design/field.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted, span } from '../../../design/time.ts'
import { useView } from '../../../shell/view.ts'
import { Fields, FormSection } from '../../people/form-section.tsx'
import { Ready, wrongIn } from './ready.tsx'
import { type Limit, limitBounds, limitIn, type Settings } from './settings.ts'

const minuteMs = 60_000
const roleSaid = (role: string): string => (role === 'everybody' ? 'everybody' : `whoever is ${role}`)

function columnsOf(onChange: (role: string) => void): readonly Column<Limit>[] {
  return [
    {
      id: 'role',
      title: 'For',
      cell: ({ role, isOwn }) => (
        <span className="block min-w-0">
          <span className="font-medium">{role}</span>
          <span className="block text-tiny text-soft">{isOwn ? 'set here' : 'as usual'}</span>
        </span>
      ),
    },
    {
      id: 'idle',
      title: 'Unused for at most',
      by: ({ idleMinutes }) => idleMinutes,
      cell: ({ idleMinutes, absoluteMinutes }) => (
        <>
          {span(idleMinutes * minuteMs)}
          <span className="block text-tiny text-soft beside-sm:hidden">{span(absoluteMinutes * minuteMs)} in all</span>
        </>
      ),
    },
    {
      id: 'all',
      title: 'In all',
      from: 'sm',
      by: ({ absoluteMinutes }) => absoluteMinutes,
      cell: ({ absoluteMinutes }) => span(absoluteMinutes * minuteMs),
    },
    {
      id: 'change',
      title: 'Change',
      align: 'end',
      cell: ({ role }) => (
        <Button onPress={() => onChange(role)} label={`Change the sessions of ${roleSaid(role)}`}>
          Change…
        </Button>
      ),
    },
  ]
}

interface ChangeLimitProps {
  readonly limit: Limit
  readonly onDone: () => void
}

function ChangeLimit({ limit, onDone }: ChangeLimitProps): ReactElement {
  const { role } = limit
  const of = limitBounds(role)
  const [idle, setIdle] = useState(String(limit.idleMinutes))
  const [absolute, setAbsolute] = useState(String(limit.absoluteMinutes))
  const typed = limitIn(role, { idle, absolute }, limit)
  const wrong = wrongIn(typed)
  return (
    <FormSection title={`Sessions of ${roleSaid(role)}`} onDone={onDone}>
      <Fields>
        <TextField
          label="Unused for at most, in minutes"
          value={idle}
          onChange={setIdle}
          error={wrong.idle}
          hint={`At most ${span(of.idle.max * minuteMs)}.`}
          maxLength={6}
          isRequired
          autoFocus
        />
        <TextField
          label="In all, in minutes"
          value={absolute}
          onChange={setAbsolute}
          error={wrong.absolute}
          hint={`At most ${span(of.absolute.max * minuteMs)}. Then one signs in again.`}
          maxLength={6}
          isRequired
        />
        <Ready typed={typed}>
          {(change) => (
            <Act
              action="organization:change-settings"
              label="Change it"
              title={`Change the sessions of ${roleSaid(role)}`}
              weight="primary"
              input={(reason) => ({ sessions: [change], reason })}
              reason="Why they last so long; goes on the record."
              before={
                <p>What is open longer than that ends at once, or ends sooner: yours as well. Nothing that is open becomes longer.</p>
              }
              after={({ sessionsShortened }) => <p>{counted(sessionsShortened, 'session')} became shorter.</p>}
              onDone={onDone}
            />
          )}
        </Ready>
      </Fields>
    </FormSection>
  )
}

/** The section. */
export function SessionLimits({ sessions }: { readonly sessions: Settings['sessions'] }): ReactElement {
  const [{ edit }, change] = useView()
  const chosen = sessions.find(({ role }) => edit === `sessions-${role}`)
  return (
    <>
      {chosen === undefined ? null : <ChangeLimit key={chosen.role} limit={chosen} onDone={() => change({ edit: undefined })} />}
      <Section title="How long sessions last" note="the shortest of what holds for a person">
        <Table
          label="How long sessions last"
          rows={sessions}
          idOf={({ role }) => role}
          columns={columnsOf((role) => change({ edit: `sessions-${role}` }, true))}
        />
      </Section>
    </>
  )
}
