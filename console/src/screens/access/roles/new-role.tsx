// Making a role of the organization's own: a set of actions, none that its maker does not have.
import { type ReactElement, useState } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { AccessPage } from '../access-page.tsx'
import { wordsIn } from '../grants/grant-terms.ts'
import { ActionsOf } from './actions-of.tsx'

/** The screen. */
export function NewRole(): ReactElement {
  const go = useGo()
  const roles = useRead('role:list', {}, { every: false })
  const [slug, setSlug] = useState('')
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const actions = [...new Set(wordsIn(text))]
  const shipped = roles.state === 'ready' ? roles.data.shipped : []
  const missing =
    slug.trim() === ''
      ? 'Give it a name first.'
      : title.trim() === ''
        ? 'Say what it is for first.'
        : actions.length === 0
          ? 'Name what it may do.'
          : undefined
  return (
    <AccessPage
      title="Make a role"
      below="/access/roles"
      line="None that you do not have yourself, and not two of author, run, export and hand off."
    >
      <div className="grid gap-x-12 gap-y-6 md:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <TextField label="Name" value={slug} onChange={setSlug} hint="Lower case, with dashes: lookout." maxLength={60} isRequired />
          <TextField label="Title" value={title} onChange={setTitle} hint="What it is for, in one line." maxLength={200} isRequired />
          <Select
            label="Begin with"
            value={undefined}
            onChange={(id) => setText(shipped.find(({ role }) => role === id)?.actions.join('\n') ?? '')}
            choices={shipped.map(({ role }) => ({ id: role, name: `what ${role} may do` }))}
            placeholder="nothing, or a role that ships…"
          />
          <TextField label="May" value={text} onChange={setText} hint="Actions as noun:verb, one a line." lines={10} mono isRequired />
          {missing !== undefined ? (
            <p className="text-small text-soft">{missing}</p>
          ) : (
            <Act
              action="role:create"
              label="Make the role"
              weight="primary"
              input={(reason) => ({ slug: slug.trim(), title, actions, reason })}
              asked={{ slug: 'role', title: 'Role', actions: ['run:list'], reason: 'To see whether it is allowed.' }}
              reason="Why it is made; goes on the record."
              before={<p>Nobody holds it before somebody gives it.</p>}
              after={() => <p>It is made.</p>}
              onDone={({ role }) => go(place('/access/roles/$role', { role }))}
            />
          )}
        </div>
        <Section title="It may" note={actions.length === 0 ? 'nothing yet' : undefined}>
          {actions.length === 0 ? (
            <p className="text-soft">What it may do shows here, by what it is done to.</p>
          ) : (
            <ActionsOf actions={actions} />
          )}
        </Section>
      </div>
    </AccessPage>
  )
}
