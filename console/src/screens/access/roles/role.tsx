// One role of the organization's own: what it may do, how often it is given, its examples; changing it, for everybody who holds it, and ending it.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import type { Problem } from '../../../api/problem.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useParam, useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { wordsIn } from '../grants/grant-terms.ts'
import { Examples } from '../guardrails/examples.tsx'
import { NewExample } from '../guardrails/new-example.tsx'
import { brokenIn } from '../guardrails/place.ts'
import { type Directory, useDirectory } from '../names.ts'
import { Who } from '../who.tsx'
import { ActionsOf } from './actions-of.tsx'

type ShownRole = OutputOf<'role:show'>

/** The screen. */
export function Role(): ReactElement {
  const slug = useParam('role')
  const [search, change] = useView()
  const reading = useRead('role:show', { role: slug })
  const of = useDirectory(reading.state === 'ready')
  const [broken, setBroken] = useState<readonly string[]>([])
  const role = reading.state === 'ready' ? reading.data : undefined
  const isChanging = search.edit !== undefined && role?.state === 'active'
  return (
    <AccessPage
      title={slug}
      below="/access/roles"
      line={
        role === undefined ? undefined : (
          <>
            <State is={role.state} />
            <bdi>{visible(role.title)}</bdi>
            <span>version {role.version}</span>
          </>
        )
      }
      actions={
        role === undefined || isChanging ? undefined : (
          <>
            {role.state === 'active' ? <Button onPress={() => change({ edit: '1' }, true)}>Change it</Button> : null}
            <Retire role={role} onRefused={(problem) => setBroken(brokenIn(problem))} />
          </>
        )
      }
    >
      <Shown of={reading} what="the role">
        {(shown) => (
          <>
            {isChanging ? (
              <ChangeRole role={shown} onRefused={(problem) => setBroken(brokenIn(problem))} onDone={() => change({ edit: undefined })} />
            ) : (
              <Whole role={shown} of={of} />
            )}
            <ExamplesOf role={shown} broken={broken} />
          </>
        )}
      </Shown>
    </AccessPage>
  )
}

function Whole({
  role: { role, actions, grants, createdBy, createdAt, retiredAt },
  of,
}: {
  readonly role: ShownRole
  readonly of: Directory
}): ReactElement {
  return (
    <>
      <Section title="May" note={counted(actions.length, 'action')}>
        <ActionsOf actions={actions} />
      </Section>
      <Section title="On the record">
        <Facts>
          <Fact name="Given">
            {grants === 0 ? (
              <span className="text-soft">to nobody</span>
            ) : (
              <Link to={place('/access/grants', {}, { role })}>{counted(grants, 'live grant')}</Link>
            )}
          </Fact>
          <Fact name="Created">
            <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
              <When at={createdAt} /> by <Who id={createdBy} of={of} />
            </span>
          </Fact>
          {retiredAt === null ? null : (
            <Fact name="Retired">
              <When at={retiredAt} />
            </Fact>
          )}
        </Facts>
      </Section>
    </>
  )
}

function ExamplesOf({ role: { role, state }, broken }: { readonly role: ShownRole; readonly broken: readonly string[] }): ReactElement {
  const reading = useRead('example:list', { role })
  return (
    <Section
      title="Examples"
      note={reading.state === 'ready' ? counted(reading.data.items.length, 'example') : undefined}
      actions={state === 'retired' ? undefined : <NewExample about={{ role }} />}
    >
      <Shown of={reading} what="examples" rows={2}>
        {({ items }) => <Examples of={items} broken={broken} />}
      </Shown>
    </Section>
  )
}

interface ActProps {
  readonly role: ShownRole
  readonly onRefused: (problem: Problem) => void
}

function Retire({ role: { role, state, grants }, onRefused }: ActProps): ReactElement {
  return (
    <Act
      action="role:retire"
      label="Retire"
      title={`Retire ${role}`}
      weight="danger"
      input={(reason) => ({ role, reason })}
      reason="Why it ends; goes on the record."
      notNow={state === 'retired' ? 'It is retired already.' : undefined}
      before={
        <p>
          {grants === 0 ? 'Nobody holds it now.' : `Its ${counted(grants, 'live grant')} end with it.`} Its name is not given to another.
        </p>
      }
      after={({ ended }) => <p>It is retired; {counted(ended, 'grant')} ended with it.</p>}
      onRefused={onRefused}
    />
  )
}

function ChangeRole({ role: before, onRefused, onDone }: ActProps & { readonly onDone: () => void }): ReactElement {
  const { role, grants } = before
  const [title, setTitle] = useState(before.title)
  const [text, setText] = useState(before.actions.join('\n'))
  const actions = [...new Set(wordsIn(text))]
  const added = actions.filter((one) => !before.actions.includes(one))
  const removed = before.actions.filter((one) => !actions.includes(one))
  const foreseen = place(
    '/access/what-if',
    {},
    { change: 'role', role, add: added.join(' ') || undefined, remove: removed.join(' ') || undefined },
  )
  return (
    <div className="grid gap-x-12 gap-y-6 md:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <TextField label="Title" value={title} onChange={setTitle} maxLength={200} isRequired />
        <TextField label="May" value={text} onChange={setText} hint="Actions as noun:verb, one a line." lines={12} mono isRequired />
        <div className="flex flex-wrap items-center gap-2">
          <Act
            action="role:change"
            label="Keep the change"
            title={`Change ${role}`}
            weight="primary"
            input={(reason) => ({ role, title, actions, reason })}
            asked={{ role, reason: 'To see whether it is allowed.' }}
            reason="Why it changes; goes on the record."
            before={
              <p>
                {counted(grants, 'live grant')} {grants === 1 ? 'follows' : 'follow'} it at once: {counted(added.length, 'action')} given,{' '}
                {counted(removed.length, 'action')} taken away.
              </p>
            }
            after={({ version }) => <p>It is version {version} now.</p>}
            onRefused={onRefused}
            onDone={onDone}
          />
          <Button weight="quiet" onPress={onDone}>
            Leave it as it was
          </Button>
        </div>
      </div>
      <Section
        title="What changes"
        note={added.length + removed.length === 0 ? 'nothing yet' : `${added.length} more, ${removed.length} less`}
      >
        <ActionsOf actions={actions} added={added} removed={removed} />
        {added.length + removed.length === 0 ? null : (
          <p className="mt-3">
            <Link to={foreseen}>Who would gain and who would lose what</Link>
          </p>
        )}
      </Section>
    </div>
  )
}
