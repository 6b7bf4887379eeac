// A field for one of many by name: what is typed narrows the list, and whoever has an id pastes it, so that what no list holds can be named as well.
import { type ReactElement, type ReactNode, useMemo } from 'react'
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { Icon } from '../../design/icon.tsx'
import { visible } from '../../design/visible.ts'
import { ThingMark, thingWord } from '../audit/thing.tsx'
import type { Named } from './names.ts'

interface PickProps {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (id: string | undefined) => void
  readonly choices: readonly Named[]
  readonly hint?: ReactNode
  readonly placeholder?: string
  /** Ids that may be pasted, by their prefixes: `per`. */
  readonly ids?: readonly string[]
  readonly isRequired?: boolean
  /** What is typed, for choices that are looked for as somebody types. */
  readonly onType?: (text: string) => void
  /** In a row of filters: its name stands before it. */
  readonly inRow?: boolean
}

/** One of many. */
export function Pick({
  label,
  value,
  onChange,
  choices,
  hint,
  placeholder = 'A name, or an id',
  ids = [],
  isRequired = false,
  onType,
  inRow = false,
}: PickProps): ReactElement {
  const all = useMemo(
    () => (value === undefined || choices.some(({ id }) => id === value) ? choices : [...choices, { id: value, name: value }]),
    [choices, value],
  )
  const typed = (text: string): void => {
    onType?.(text)
    const id = text.trim().toLowerCase()
    if (id !== value && /^[a-z]{3}_[0-9a-z]{26}$/.test(id) && ids.includes(id.slice(0, 3))) onChange(id)
  }
  return (
    <ComboBox
      selectedKey={value ?? null}
      onSelectionChange={(key) => onChange(key === null ? undefined : String(key))}
      onInputChange={typed}
      defaultItems={all}
      menuTrigger="focus"
      isRequired={isRequired}
      validationBehavior="aria"
      className={`flex min-w-0 print:hidden ${inRow ? 'items-center gap-1.5' : 'flex-col gap-1'}`}
    >
      <Label className={inRow ? 'text-small whitespace-nowrap text-faint' : 'text-small font-medium'}>{label}</Label>
      <span className="flex min-h-8 w-full min-w-0 items-stretch rounded-field border border-edge bg-raised focus-within:border-accent">
        <Input
          placeholder={placeholder}
          maxLength={120}
          spellCheck="false"
          className={`min-w-0 flex-1 rounded-field bg-transparent px-2.5 py-1 placeholder:text-faint ${inRow ? 'text-small' : 'text-base'}`}
        />
        <Button className="grid w-8 place-items-center rounded-field text-soft hover:bg-hover">
          <Icon name="down" />
        </Button>
      </span>
      {hint ? (
        <Text slot="description" className="text-small text-soft">
          {hint}
        </Text>
      ) : null}
      <Popover className="fade-in max-h-80 min-w-(--trigger-width) overflow-auto rounded-field border border-edge bg-raised py-1">
        <ListBox<Named> className="outline-none" renderEmptyState={() => <p className="px-3 py-1 text-soft">Nothing by that name.</p>}>
          {({ id, name }) => (
            <ListBoxItem
              id={id}
              textValue={visible(name)}
              className="flex min-h-8 cursor-default items-center gap-2 px-3 py-1 outline-none hover:bg-hover focus:bg-accent-ground selected:font-semibold"
            >
              <ThingMark id={id} />
              <bdi className="min-w-0 [overflow-wrap:anywhere]">{visible(name)}</bdi>
              <span className="ml-auto pl-3 text-tiny text-faint">{thingWord(id, '')}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
