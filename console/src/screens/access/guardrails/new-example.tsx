// A new example: who, holding what, does what to what, and what is to be decided. Whatever is not said is blank: as public as can be, and made by nobody.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Drawer } from '../../../design/because.tsx'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { shippedRoles } from '../grants/grant-terms.ts'
import { Ticks } from '../tick.tsx'
import { classes, classIn, levelIn, sensitivities } from './said.ts'

type Input = InputOf<'example:add'>

interface Typed {
  readonly slug: string
  readonly expected: Input['expected']
  readonly kind: NonNullable<Input['kind']>
  readonly holds: NonNullable<Input['holds']>
  readonly action: string
  readonly environmentClass: string
  readonly sensitivity: string
  readonly known: string
  readonly note: string
}

const kinds = ['person', 'pipeline', 'agent', 'service'] as const
const blank: Typed = {
  slug: '',
  expected: 'denied',
  kind: 'person',
  holds: [],
  action: '',
  environmentClass: 'any',
  sensitivity: 'any',
  known: '',
  note: '',
}

/** The attributes that were typed as `name = value`, one a line; or the line that is none. */
function knownIn(text: string): Readonly<Record<string, string | number | boolean>> | string {
  const found: Record<string, string | number | boolean> = {}
  for (const line of text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [, name, value] = /^(\w{1,60})\s*=\s*(.+)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return line
    found[name] = value === 'true' || value === 'false' ? value === 'true' : /^-?\d{1,15}$/.test(value) ? Number(value) : value
  }
  return found
}

/** What is asked of the server; or what is still missing. */
function inputOf(about: { readonly guardrail: string } | { readonly role: string }, typed: Typed): Input | string {
  const { slug, action, expected, kind, holds, note } = typed
  if (slug.trim() === '') return 'Give it a name.'
  if (action.trim() === '') return 'Say what is done.'
  const known = knownIn(typed.known)
  if (typeof known === 'string') return `“${known}” is not a name = value.`
  const [environmentClass, sensitivity] = [classIn(typed.environmentClass), levelIn(typed.sensitivity)]
  return {
    slug: slug.trim(),
    ...about,
    action: action.trim(),
    expected,
    kind,
    holds,
    ...(Object.keys(known).length === 0 ? {} : { known }),
    ...(environmentClass === undefined ? {} : { environmentClass }),
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
  }
}

interface NewExampleProps {
  readonly about: { readonly guardrail: string } | { readonly role: string }
}

/** The button, and the drawer with the form. */
export function NewExample({ about }: NewExampleProps): ReactElement {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onPress={() => setOpen(true)}>Add an example</Button>
      {isOpen ? <Form about={about} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function Form({ about, onClose }: NewExampleProps & { readonly onClose: () => void }): ReactElement {
  const [typed, setTyped] = useState<Typed>(blank)
  const set =
    <K extends keyof Typed>(name: K) =>
    (value: Typed[K]) =>
      setTyped((before) => ({ ...before, [name]: value }))
  const input = inputOf(about, typed)
  return (
    <Drawer title="Add an example" isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
        <TextField
          label="Name"
          value={typed.slug}
          onChange={set('slug')}
          hint="Lower case, with dashes: reports-leave."
          maxLength={60}
          isRequired
          autoFocus
        />
        <Select
          label="Somebody who is a"
          value={typed.kind}
          onChange={(id) => set('kind')(kinds.find((one) => one === id) ?? 'person')}
          choices={kinds.map((id) => ({ id, name: id }))}
        />
        <Ticks
          label="and holds"
          value={typed.holds}
          onChange={set('holds')}
          choices={shippedRoles.map((id) => ({ id, shown: id }))}
          inColumns
        />
        <TextField
          label="does"
          value={typed.action}
          onChange={set('action')}
          hint="An action, as noun:verb."
          maxLength={60}
          mono
          isRequired
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label="on something that is"
            value={typed.sensitivity}
            onChange={set('sensitivity')}
            choices={[{ id: 'any', name: 'not said' }, ...sensitivities.map((id) => ({ id, name: id }))]}
          />
          <Select
            label="in an environment of the class"
            value={typed.environmentClass}
            onChange={set('environmentClass')}
            choices={[{ id: 'any', name: 'not said' }, ...classes.map((id) => ({ id, name: id }))]}
          />
        </div>
        <TextField
          label="of which is known"
          value={typed.known}
          onChange={set('known')}
          hint="One a line, as policies name it: privileged = true. May be empty."
          lines={2}
          mono
        />
        <div>
          <p className="mb-1 text-small font-medium">and that is to be</p>
          <Choose
            label="What is expected"
            value={typed.expected}
            onChange={(id) => set('expected')(id === 'allowed' ? 'allowed' : 'denied')}
            choices={[
              { id: 'denied', name: 'denied' },
              { id: 'allowed', name: 'allowed' },
            ]}
          />
        </div>
        <TextField
          label="because"
          value={typed.note}
          onChange={set('note')}
          hint="Why it is expected. May be empty."
          lines={2}
          maxLength={500}
        />
        {typeof input === 'string' ? (
          <p className="text-small text-soft">{input}</p>
        ) : (
          <Act
            action="example:add"
            label="Save the example"
            weight="primary"
            input={() => input}
            asked={{ slug: 'example', ...about, action: 'run:launch', expected: 'denied' }}
            before={<p>From now on changes of the rules are held to it, for as long as what it is about is in force.</p>}
            after={({ holds, decided }) => <p>It is saved, and {holds ? 'holds' : `does not hold yet: it is ${decided}`}.</p>}
            onDone={onClose}
          />
        )}
      </div>
    </Drawer>
  )
}
