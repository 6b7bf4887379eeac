// The frame around every view: where one can go, where one is, in which organization, and whether what is shown is live.
import { Outlet, useLocation, useRouter } from '@tanstack/react-router'
import { lazy, type ReactElement, Suspense, useEffect, useState } from 'react'
import { I18nProvider, RouterProvider } from 'react-aria-components'
import { session } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Announcer } from '../design/announcer.tsx'
import { Icon } from '../design/icon.tsx'
import { useGo } from '../design/link.tsx'
import { Outcome } from '../design/outcome.tsx'
import { ConnectionState } from './connection-state.tsx'
import { useShellKeys } from './keys.ts'
import { Navigation } from './navigation.tsx'
import { OtherOrganization } from './other-organization.tsx'
import { Where } from './where.tsx'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const KeySheet = lazy(async () => ({ default: (await import('./key-sheet.tsx')).KeySheet }))

/** Moves the focus to the heading when a view arrives, so that it is read from its top. */
function useFocusOnArrival(): void {
  const router = useRouter()
  useEffect(() => {
    let observer: MutationObserver | undefined
    const focus = (): boolean => {
      const title = document.querySelector<HTMLElement>('[data-page-title]')
      title?.focus({ preventScroll: true })
      return title !== null
    }
    const stop = router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
      observer?.disconnect()
      if (!pathChanged || fromLocation === undefined || focus()) return
      // The view's first reading is still on its way.
      observer = new MutationObserver(() => focus() && observer?.disconnect())
      observer.observe(document.body, { childList: true, subtree: true })
    })
    return () => {
      stop()
      observer?.disconnect()
    }
  }, [router])
}

/** The shell. */
export function Frame(): ReactElement {
  const router = useRouter()
  const go = useGo()
  const [open, setOpen] = useState<'palette' | 'sheet' | 'menu'>()
  const { pathname } = useLocation()
  const now = useStore(session)
  // Whoever holds an admin link is shown what it is for, and no way to anything else.
  const isBare = now.state === 'somebody' && now.byLink
  const unlessBare = isBare ? () => undefined : undefined
  useShellKeys({
    openPalette: unlessBare ?? (() => setOpen('palette')),
    openSheet: unlessBare ?? (() => setOpen('sheet')),
    go: unlessBare ?? go,
  })
  useFocusOnArrival()
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is open belongs to the view before.
  useEffect(() => setOpen(undefined), [pathname])
  const close = (): void => setOpen(undefined)
  return (
    <I18nProvider locale="en-US">
      <RouterProvider navigate={(to) => void router.navigate({ href: to })}>
        <a
          href="#main"
          className="sr-only z-50 rounded-field bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the content
        </a>
        <div data-frame="" className={isBare ? 'mx-auto min-h-dvh max-w-5xl' : 'min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]'}>
          {isBare ? null : (
            <header
              data-frame="ways"
              className="sticky top-0 z-20 flex items-center gap-2 border-b border-line bg-paper px-3 py-1.5 md:h-dvh md:flex-col md:items-stretch md:gap-0 md:overflow-y-auto md:border-r md:border-b-0 md:px-3 md:py-4"
            >
              <Where />
              <Navigation isOpen={open === 'menu'} onOpen={(isOpen) => setOpen(isOpen ? 'menu' : undefined)} />
              <button
                type="button"
                onClick={() => setOpen('palette')}
                className="ml-auto flex min-h-8 items-center gap-2 rounded-field border border-line px-2.5 text-small text-soft hover:border-edge hover:text-ink md:order-none md:mt-4 md:ml-0"
              >
                <Icon name="search" />
                <span className="hidden sm:inline md:flex-1 md:text-left">Find or do…</span>
                <span className="sr-only sm:hidden">Find or do</span>
                <kbd className="hidden font-sans text-tiny text-faint md:inline">Ctrl K</kbd>
              </button>
              <div className="md:mt-auto md:pt-6">
                <ConnectionState onKeys={() => setOpen('sheet')} />
              </div>
            </header>
          )}
          <main id="main" tabIndex={-1} className="min-w-0 outline-none">
            <OtherOrganization />
            <Outlet />
          </main>
        </div>
        <Announcer />
        <Outcome />
        <Suspense>
          {open === 'palette' ? <Palette onClose={close} onSheet={() => setOpen('sheet')} /> : null}
          {open === 'sheet' ? <KeySheet onClose={close} /> : null}
        </Suspense>
      </RouterProvider>
    </I18nProvider>
  )
}
