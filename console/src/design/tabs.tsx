// Parts of one view under one heading, one shown at a time. Which one stands in the URL.
import type { ReactElement, ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'
import { tabLook, tabRow } from './tab-look.ts'

/** A part of the view. */
export interface Part {
  readonly id: string
  readonly name: ReactNode
  readonly content: () => ReactNode
}

interface TabsProps {
  readonly label: string
  readonly value: string
  readonly onChange: (id: string) => void
  readonly parts: readonly Part[]
}

/** Parts of a view as tabs. */
export function Tabs({ label, value, onChange, parts }: TabsProps): ReactElement {
  return (
    <AriaTabs selectedKey={value} onSelectionChange={(key) => onChange(String(key))}>
      <TabList aria-label={label} className={`mb-4 ${tabRow}`}>
        {parts.map(({ id, name }) => (
          <Tab key={id} id={id} className={({ isSelected }) => `cursor-default ${tabLook(isSelected)}`}>
            {name}
          </Tab>
        ))}
      </TabList>
      {parts.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="outline-none">
          {content()}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
