// All promotions, newest first: narrowed by where they stand, which is in the URL. What is typed narrows what was read so far.
import type { ReactElement } from 'react'
import type { InputOf } from '../../api/call.ts'
import { useStore } from '../../api/store.ts'
import { Button } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Search } from '../../design/field.tsx'
import { Page } from '../../design/page.tsx'
import { counted } from '../../design/time.ts'
import { usePlacedList } from '../../shell/placed-list.ts'
import { project } from '../../shell/project.ts'
import { useView } from '../../shell/view.ts'
import { Within } from '../../shell/within.tsx'
import { type ListedPromotion, nameOf, PromotionTable } from './promotion-table.tsx'

type State = NonNullable<InputOf<'promotion:list'>['state']>

/** The words of the row of filters. Unknown words in the URL mean all. */
const shown: Readonly<Record<string, { readonly name: string; readonly state?: State }>> = {
  all: { name: 'All' },
  in_review: { name: 'In review', state: 'in_review' },
  approved: { name: 'Approved', state: 'approved' },
  crossed: { name: 'Crossed', state: 'crossed' },
  stopped: { name: 'Stopped at the gate', state: 'checked' },
  rolled_back: { name: 'Rolled back', state: 'rolled_back' },
  rejected: { name: 'Rejected', state: 'rejected' },
}

const pageSize = 100

function matches(promotion: ListedPromotion, words: readonly string[]): boolean {
  const text = `${promotion.id} ${promotion.artifact} ${promotion.run} ${nameOf(promotion)} ${promotion.serviceName ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The screen. */
export function Promotions(): ReactElement {
  const [search, change] = useView()
  const state = shown[search.show ?? 'all']?.state
  const here = useStore(project)
  const asked = { limit: pageSize, ...(state === undefined ? {} : { state }) }
  const { reading: promotions, within } = usePlacedList('promotion:list', asked, { keepFormer: true })
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const isNarrowed = state !== undefined || words.length > 0 || here !== undefined
  return (
    <Page title="Promotions">
      <div className="mb-4 flex flex-wrap items-end gap-x-3 gap-y-2">
        <Choose
          label="Which promotions"
          value={search.show !== undefined && search.show in shown ? search.show : 'all'}
          onChange={(show) => change({ show: show === 'all' ? undefined : show })}
          choices={Object.entries(shown).map(([id, { name }]) => ({ id, name }))}
        />
        <Search
          label="Filter promotions by name or id"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find === '' ? undefined : find })}
        />
      </div>
      <Within of={within} />
      <Shown of={promotions} what="promotions">
        {({ items, more, isReadingMore }) => {
          const found = items.filter((promotion) => matches(promotion, words))
          return (
            <>
              <PromotionTable
                promotions={found}
                empty={<NoPromotions isNarrowed={isNarrowed} onAll={() => change({ show: undefined, find: undefined })} />}
              />
              <p className="mt-3 flex flex-wrap items-center gap-3 text-small text-faint">
                {items.length === 0
                  ? null
                  : found.length === items.length
                    ? counted(items.length, 'promotion')
                    : `${found.length} of ${counted(items.length, 'promotion')} read so far`}
                {more === undefined ? null : (
                  <Button onPress={more} isPending={isReadingMore}>
                    Read older ones
                  </Button>
                )}
              </p>
            </>
          )
        }}
      </Shown>
    </Page>
  )
}

function NoPromotions({ isNarrowed, onAll }: { readonly isNarrowed: boolean; readonly onAll: () => void }): ReactElement {
  if (isNarrowed)
    return (
      <Empty title="No promotion is like that.">
        <Button onPress={onAll}>Show all promotions</Button>
      </Empty>
    )
  return (
    <Empty title="Nothing was promoted yet." command="npx twinlock promotion request --help">
      What a run produces stays in quarantine until somebody asks to let it out, and others, who did not make it, agree.
    </Empty>
  )
}
