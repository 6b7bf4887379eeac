// Every key, and the switch for single letters.
import type { ReactElement } from 'react'
import { Switch } from 'react-aria-components'
import { useStore } from '../api/store.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { setSingleKeys, singleKeys } from './keys.ts'
import { type KeyGroup, type KeyLine, ownKeys } from './own-keys.ts'
import { places } from './screen.ts'

const everywhere: readonly KeyLine[] = [
  [['Ctrl', 'K'], 'Find or do anything'],
  [['?'], 'This sheet'],
  [['/'], 'Filter what is shown'],
  [['j'], 'Next item'],
  [['k'], 'Former item'],
  [['Enter'], 'Open the item'],
  [[']'], 'Next of the list you came from'],
  [['['], 'Former of the list you came from'],
  [['Esc'], 'Close what is open'],
]

const inTables: readonly KeyLine[] = [
  [['↑', '↓'], 'Move between rows'],
  [['←', '→'], 'Move within a row'],
  [['Page ↑', 'Page ↓'], 'Move by a page'],
  [['Home', 'End'], 'First and last row'],
]

function Keys({ title, lines }: KeyGroup): ReactElement {
  return (
    <section>
      <h3 className="mb-1 text-small font-semibold">{title}</h3>
      <dl>
        {lines.map(([keys, does]) => (
          <div key={does} className="flex items-baseline justify-between gap-4 border-b border-line/70 py-1 last:border-b-0">
            <dt>{does}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((one) => (
                <kbd key={one} className="rounded-mark border border-line bg-sunken px-1.5 font-sans text-tiny leading-5">
                  {one}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The sheet of keys. */
export function KeySheet({ onClose }: { readonly onClose: () => void }): ReactElement {
  const on = useStore(singleKeys)
  const going: readonly KeyLine[] = places.map(({ place: { letter, name } }) => [['g', letter], name])
  return (
    <Dialog title="Keys" isOpen onClose={onClose} wide>
      <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
        <div className="space-y-6">
          <Keys title="Everywhere" lines={everywhere} />
          <Keys title="Go to" lines={going} />
        </div>
        <div className="space-y-6">
          <Keys title="In tables" lines={inTables} />
          {ownKeys.map((group) => (
            <Keys key={group.title} {...group} />
          ))}
        </div>
      </div>
      <div className="mt-6 flex flex-wrap items-center justify-between gap-3">
        <Switch isSelected={on} onChange={setSingleKeys} className="group flex items-center gap-2 rounded-field">
          <span className="flex h-5 w-9 items-center rounded-full border border-edge bg-sunken p-0.5 group-selected:border-accent group-selected:bg-accent">
            <span className="size-3.5 rounded-full bg-soft group-selected:ml-auto group-selected:bg-on-accent" />
          </span>
          Single letters act: {on ? 'on' : 'off'}
        </Switch>
        <Button onPress={onClose}>Close</Button>
      </div>
    </Dialog>
  )
}
