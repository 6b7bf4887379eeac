// Choosing a part of what is there: a few words in a row, one of them pressed. What is chosen stands in the URL.
import type { ReactElement, ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'

interface ChooseProps {
  readonly label: string
  readonly value: string
  readonly onChange: (id: string) => void
  readonly choices: readonly { readonly id: string; readonly name: ReactNode }[]
}

/** One of a few, at a press. */
export function Choose({ label, value, onChange, choices }: ChooseProps): ReactElement {
  return (
    <ToggleButtonGroup
      aria-label={label}
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [first] = [...keys]
        if (first !== undefined) onChange(String(first))
      }}
      className="flex max-w-full flex-wrap gap-0.5 print:hidden"
    >
      {choices.map(({ id, name }) => (
        <ToggleButton
          key={id}
          id={id}
          className="min-h-8 rounded-field border border-transparent px-2.5 py-1 text-small leading-5 text-soft hover:bg-hover selected:border-accent selected:bg-accent-ground selected:font-medium selected:text-accent"
        >
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
