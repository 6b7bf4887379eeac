// Narrowing the audit trail: by what became of it, what was done, by whom, on what, where and when. All of it stands in the URL. Each reading is itself an
// entry of the ledger, so what is typed is asked for when it is said to be finished, and not letter by letter.
import { type ReactElement, useId, useState } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { routes } from '../../api/generated/api.ts'
import { useMay } from '../../api/may.ts'
import { useRead } from '../../api/queries.ts'
import { Button } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Select } from '../../design/field.tsx'
import { useWidth } from '../../design/table.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import type { SearchChange } from '../../shell/view.ts'
import { momentIn, typedMoment } from './moment.ts'

/** The names of the filters in the URL; those of `ledger:list`. */
export const filterNames = ['outcome', 'action', 'principal', 'resource', 'environment', 'since', 'until'] as const

type Search = Readonly<Record<string, string | undefined>>
type Typed = Readonly<Record<'action' | 'principal' | 'resource' | 'since' | 'until', string>>

const outcomes = [
  { id: 'any', name: 'All' },
  { id: 'done', name: 'Done' },
  { id: 'denied', name: 'Denied' },
  { id: 'failed', name: 'Failed' },
]

const typedIn = ({ action = '', principal = '', resource = '', since, until }: Search): Typed => ({
  action,
  principal,
  resource,
  since: since === undefined ? '' : typedMoment(since),
  until: until === undefined ? '' : typedMoment(until),
})

interface FilterFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder: string
  readonly options?: readonly { readonly value: string; readonly name?: string }[]
  readonly error?: string | undefined
  /** Whether `/` goes there. */
  readonly first?: boolean
}

function FilterField({ label, value, onChange, placeholder, options, error, first = false }: FilterFieldProps): ReactElement {
  const list = useId()
  return (
    <TextField value={value} onChange={onChange} isInvalid={error !== undefined} maxLength={120} className="flex min-w-0 flex-col gap-0.5">
      <Label className="text-tiny text-soft">{label}</Label>
      <Input
        placeholder={placeholder}
        autoComplete="off"
        spellCheck="false"
        {...(options === undefined ? {} : { list })}
        {...(first ? { 'data-filter': '' } : {})}
        className="min-h-8 w-full min-w-0 rounded-field border border-edge bg-raised px-2.5 py-1 font-mono text-tiny placeholder:text-faint invalid:border-bad"
      />
      <FieldError className="text-tiny text-bad">{error}</FieldError>
      {options === undefined ? null : (
        <datalist id={list}>
          {options.map(({ value: one, name }) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </datalist>
      )}
    </TextField>
  )
}

const actions = Object.keys(routes).map((value) => ({ value }))

/** Who may have acted, by name, as far as this person may list them: it is asked first, because each refusal would be an entry of the ledger. */
function useActors(): readonly { readonly value: string; readonly name: string }[] {
  const [mayPeople, mayWorkloads] = [useMay('person:list', {}), useMay('workload:list', {})]
  const people = useRead('person:list', { limit: 200 }, { when: mayPeople.state === 'yes', every: false })
  const workloads = useRead('workload:list', { limit: 200 }, { when: mayWorkloads.state === 'yes', every: false })
  return [
    ...(people.state === 'ready' ? people.data.items.map(({ id, name }) => ({ value: id, name })) : []),
    ...(workloads.state === 'ready' ? workloads.data.items.map(({ id, slug }) => ({ value: id, name: slug })) : []),
  ]
}

interface FiltersProps {
  readonly search: Search
  readonly change: (to: SearchChange, isStep?: boolean) => void
}

function Written({ search, change }: FiltersProps): ReactElement {
  const [typed, setTyped] = useState<Typed>(() => typedIn(search))
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({})
  const actors = useActors()
  const set = (name: keyof Typed) => (value: string) => setTyped((before) => ({ ...before, [name]: value }))
  const apply = (): void => {
    const now = Date.now()
    const wrong = (['since', 'until'] as const).filter((name) => typed[name].trim() !== '' && momentIn(typed[name], now) === undefined)
    setFaults(Object.fromEntries(wrong.map((name) => [name, 'A moment in UTC, or so long ago: 15m, 2h, 7d.'])))
    if (wrong.length > 0) return
    const text = (name: keyof Typed) => typed[name].trim() || undefined
    const moment = (name: 'since' | 'until') => momentIn(typed[name], now)
    const to = {
      action: text('action'),
      principal: text('principal'),
      resource: text('resource'),
      since: moment('since'),
      until: moment('until'),
    }
    setTyped(typedIn(to))
    change(to, true)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
      className="mt-3 grid grid-cols-2 items-start gap-x-3 gap-y-2 md:grid-cols-[1.2fr_1.6fr_1.6fr_1fr_1fr_auto]"
    >
      <FilterField
        label="What was done"
        value={typed.action}
        onChange={set('action')}
        placeholder="promotion:cross"
        options={actions}
        first
      />
      <FilterField label="By whom" value={typed.principal} onChange={set('principal')} placeholder="per_… run_… svc_…" options={actors} />
      <FilterField label="On what" value={typed.resource} onChange={set('resource')} placeholder="any id" />
      <FilterField label="Since" value={typed.since} onChange={set('since')} placeholder="UTC, or 2h, 7d" error={faults.since} />
      <FilterField label="Until" value={typed.until} onChange={set('until')} placeholder="UTC, or 2h, 7d" error={faults.until} />
      <Button type="submit" className="mt-[18px]">
        Find
      </Button>
    </form>
  )
}

/** The row of filters. */
export function Filters({ search, change }: FiltersProps): ReactElement {
  const { reading: environments } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  const known = environments.state === 'ready' ? environments.data.items.map(({ id, slug }) => ({ id, name: slug })) : []
  const chosen = search.environment
  const isWide = useWidth('sm')
  const [isOpen, setOpen] = useState(() => Object.values(typedIn(search)).some((text) => text !== ''))
  const lost = chosen === undefined || known.some(({ id }) => id === chosen) ? [] : [{ id: chosen, name: chosen }]
  return (
    <div className="mb-4">
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Choose
          label="What became of it"
          value={outcomes.some(({ id }) => id === search.outcome) ? (search.outcome ?? 'any') : 'any'}
          onChange={(outcome) => change({ outcome: outcome === 'any' ? undefined : outcome })}
          choices={outcomes}
        />
        <Select
          label="Environment"
          value={chosen ?? 'any'}
          onChange={(id) => change({ environment: id === 'any' ? undefined : id })}
          choices={[{ id: 'any', name: 'Any' }, ...known, ...lost]}
          inRow
        />
        {isWide ? null : <Button onPress={() => setOpen(!isOpen)}>{isOpen ? 'Fewer filters' : 'More filters'}</Button>}
      </div>
      {/* A view that was reached by another link begins with what that link says. */}
      {isWide || isOpen ? <Written key={JSON.stringify(typedIn(search))} search={search} change={change} /> : null}
    </div>
  )
}
