// Fields: a label above, what is expected below, what is wrong beside it. What is typed stays text.
import type { ReactElement, ReactNode } from 'react'
import {
  Button as AriaButton,
  Select as AriaSelect,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  SelectValue,
  Text,
  TextArea,
} from 'react-aria-components'
import { Icon } from './icon.tsx'

const box = 'w-full min-h-8 rounded-field border border-edge bg-raised px-2.5 py-1 text-base user-invalid:border-bad placeholder:text-faint'

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly lines?: number
  readonly isRequired?: boolean
  readonly autoFocus?: boolean
  readonly maxLength?: number
  readonly mono?: boolean
  readonly type?: 'text' | 'number' | 'date' | 'email' | 'password'
}

/** A field for a text. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  lines = 1,
  isRequired = false,
  autoFocus = false,
  maxLength = 2_000,
  mono = false,
  type = 'text',
}: TextFieldProps): ReactElement {
  const look = `${box} ${mono ? 'font-mono text-tiny' : ''}`
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isRequired={isRequired}
      isInvalid={error !== undefined}
      autoFocus={autoFocus}
      maxLength={maxLength}
      type={type}
      className="flex flex-col gap-1"
    >
      <Label className="text-small font-medium">{label}</Label>
      {lines > 1 ? <TextArea rows={lines} className={look} /> : <Input className={look} />}
      {hint ? (
        <Text slot="description" className="text-small text-soft">
          {hint}
        </Text>
      ) : null}
      <FieldError className="text-small text-bad">{error}</FieldError>
    </AriaTextField>
  )
}

/** One of the things that can be chosen. */
export interface Choice {
  readonly id: string
  readonly name: string
  /** What it looks like in the list, when more than its name. */
  readonly shown?: ReactNode
}

interface SelectProps {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (id: string) => void
  readonly choices: readonly Choice[]
  readonly hint?: ReactNode
  readonly placeholder?: string
  /** In a row of filters: its name stands before it. */
  readonly inRow?: boolean
  /** Whether what can be chosen is still on its way. */
  readonly isReading?: boolean
}

/** A field for one of a few. */
export function Select({
  label,
  value,
  onChange,
  choices,
  hint,
  placeholder = 'Choose…',
  inRow = false,
  isReading = false,
}: SelectProps): ReactElement {
  return (
    <AriaSelect
      value={value ?? null}
      onChange={(key) => onChange(String(key))}
      isDisabled={choices.length === 0}
      placeholder={isReading ? 'Reading…' : choices.length === 0 ? 'Nothing to choose' : placeholder}
      className={`flex min-w-0 print:hidden ${inRow ? 'items-center gap-1.5' : 'flex-col gap-1'}`}
    >
      <Label className={inRow ? 'text-small whitespace-nowrap text-faint' : 'text-small font-medium'}>{label}</Label>
      <AriaButton
        className={`${box} flex items-center justify-between gap-2 text-left hover:bg-hover disabled:border-line disabled:bg-sunken disabled:text-soft`}
      >
        <SelectValue className={`min-w-0 truncate ${inRow ? 'text-small' : ''}`} />
        <Icon name="down" className="text-soft" />
      </AriaButton>
      {hint ? (
        <Text slot="description" className="text-small text-soft">
          {hint}
        </Text>
      ) : null}
      <Popover className="fade-in max-h-80 min-w-(--trigger-width) overflow-auto rounded-field border border-edge bg-raised py-1">
        <ListBox items={choices} className="outline-none">
          {({ id, name, shown }) => (
            <ListBoxItem
              id={id}
              textValue={name}
              className="flex min-h-8 cursor-default items-center gap-2 px-3 py-1 outline-none hover:bg-hover focus:bg-accent-ground selected:font-semibold"
            >
              {shown ?? <bdi>{name}</bdi>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

interface NumberInRowProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** What it takes, inside of it while it is empty. */
  readonly hint: string
  readonly error?: string | undefined
}

/** A short field for a number in a row of filters: its name stands before it, and what is wrong below. */
export function NumberInRow({ label, value, onChange, hint, error }: NumberInRowProps): ReactElement {
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      maxLength={14}
      className="flex flex-col gap-1"
    >
      <span className="flex items-center gap-1.5">
        <Label className="text-small whitespace-nowrap text-faint">{label}</Label>
        <span className="w-24">
          <Input inputMode="numeric" placeholder={hint} className={`${box} text-small`} />
        </span>
      </span>
      <FieldError className="max-w-64 text-small text-bad">{error}</FieldError>
    </AriaTextField>
  )
}

interface SearchProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A field that narrows what is shown; `/` goes there, Escape empties it. */
export function Search({ label, value, onChange }: SearchProps): ReactElement {
  return (
    <SearchField aria-label={label} value={value} onChange={onChange} maxLength={200} className="min-w-40 flex-1 md:max-w-72 print:hidden">
      <span className={`${box} flex items-center gap-2 focus-within:border-accent`}>
        <Icon name="search" className="text-faint" />
        <Input
          placeholder="Filter"
          className="w-full min-w-0 bg-transparent text-small outline-none placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
        />
        <span className="hidden text-tiny text-faint md:inline" aria-hidden="true">
          /
        </span>
      </span>
    </SearchField>
  )
}
