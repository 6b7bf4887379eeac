// Find or do anything: views, what this browser saw last, things by their name or id, and the switches of the shell. Things are looked up as whoever is
// signed in; what one may not see is not found.
import { type ReactElement, useState } from 'react'
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components'
import { session } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { visits } from '../api/visits.ts'
import { Icon, type IconName } from '../design/icon.tsx'
import { type Kind, KindMark } from '../design/kind.tsx'
import { useGo } from '../design/link.tsx'
import { acts } from './acts.ts'
import { useFound } from './found.ts'
import { leave } from './leave.ts'
import { copyLinkHere } from './link-here.ts'
import { places } from './screen.ts'
import { useSwitch } from './switch.ts'
import { chooseTheme } from './theme.ts'

/** An entry of the palette. */
export interface Entry {
  readonly id: string
  readonly name: string
  /** What tells it from others of the same name: its id. */
  readonly more?: string
  readonly mark: IconName | { readonly kind: Kind }
  readonly do: () => void
}

interface PaletteProps {
  readonly onClose: () => void
  readonly onSheet: () => void
}

function Line({ entry }: { readonly entry: Entry }): ReactElement {
  const { id, name, more, mark } = entry
  return (
    <MenuItem
      id={id}
      textValue={`${name} ${more ?? ''}`}
      onAction={entry.do}
      className="flex min-h-9 cursor-default items-center gap-2.5 rounded-mark px-3 py-1 outline-none hover:bg-hover focus:bg-accent-ground"
    >
      <span className="grid w-4 shrink-0 place-items-center text-soft">
        {typeof mark === 'string' ? <Icon name={mark} /> : <KindMark kind={mark.kind} />}
      </span>
      <bdi className="min-w-0 truncate">{name}</bdi>
      {more === undefined ? null : <code className="ml-auto max-w-[45%] truncate font-mono text-tiny text-faint">{more}</code>}
    </MenuItem>
  )
}

/** The palette. */
export function Palette({ onClose, onSheet }: PaletteProps): ReactElement {
  const go = useGo()
  const switchTo = useSwitch()
  const [text, setText] = useState('')
  const { contains } = useFilter({ sensitivity: 'base' })
  const visit = (to: string): void => {
    onClose()
    go(to)
  }
  const found = useFound(text, visit)
  const now = useStore(session)
  const seen = visits().filter(({ path }) => !places.some((one) => `/console${one.path}` === path))
  const elsewhere = now.state === 'somebody' ? now.all.filter(({ id }) => id !== now.here.id) : []
  const groups: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
    ['Found', found],
    ['Go to', places.map(({ path, place: { name, icon } }) => ({ id: `go ${path}`, name, mark: icon, do: () => visit(path) }))],
    [
      'Seen last',
      seen.map(({ title, path }) => ({
        id: `seen ${path}`,
        name: title,
        mark: 'clock' as const,
        do: () => visit(path.replace(/^\/console/, '') || '/'),
      })),
    ],
    [
      'Do',
      [
        ...acts.map(({ path, name, icon }) => ({ id: `do ${path}`, name, mark: icon, do: () => visit(path) })),
        ...elsewhere.map(({ id, name }) => ({
          id: `be ${id}`,
          name: `Act in ${name}`,
          mark: 'right' as const,
          do: () => {
            onClose()
            switchTo(id)
          },
        })),
        {
          id: 'do link',
          name: 'Copy a link to this view',
          mark: 'copy',
          do: () => {
            onClose()
            void copyLinkHere()
          },
        },
        { id: 'do keys', name: 'Show every key', mark: 'question', do: onSheet },
        { id: 'do light', name: 'Light theme', mark: 'sun', do: () => chooseTheme('light') },
        { id: 'do dark', name: 'Dark theme', mark: 'moon', do: () => chooseTheme('dark') },
        { id: 'do system', name: 'Theme as the system says', mark: 'screen', do: () => chooseTheme('system') },
        { id: 'do out', name: 'Sign out of this organization', mark: 'out', do: () => void leave() },
      ],
    ],
  ]
  const matching = (value: string, query: string): boolean => query.split(/\s+/).every((word) => contains(value, word))
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => open || onClose()}
      className="fade-in fixed inset-0 z-40 flex items-start justify-center bg-veil px-2 pt-[8vh]"
    >
      <Modal className="w-full max-w-xl overflow-hidden rounded-sheet border border-edge bg-raised">
        <Dialog aria-label="Find or do anything" className="flex max-h-[70vh] flex-col outline-none">
          <Autocomplete inputValue={text} onInputChange={setText} filter={matching}>
            <SearchField aria-label="Find or do" autoFocus className="border-b border-line">
              <div className="flex items-center gap-2 px-3">
                <Icon name="search" className="text-soft" />
                <Input
                  placeholder="A name, an id, or what to do"
                  className="min-h-11 w-full bg-transparent outline-none placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
                />
              </div>
            </SearchField>
            <Menu
              aria-label="What was found"
              className="min-h-0 flex-1 overflow-auto p-1.5 outline-none"
              renderEmptyState={() => <p className="px-3 py-4 text-soft">Nothing by that name or id that you may see.</p>}
            >
              {groups.map(([title, entries]) =>
                entries.length === 0 ? null : (
                  <MenuSection key={title} id={title}>
                    <Header className="px-3 pt-2 pb-0.5 text-tiny text-faint">{title}</Header>
                    {entries.map((entry) => (
                      <Line key={entry.id} entry={entry} />
                    ))}
                  </MenuSection>
                ),
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
