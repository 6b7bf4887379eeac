// The routes: one for each screen, loaded when it is gone to. What is searched, filtered and selected stands in the query as plain text.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { addressKey, organizationInAddresses } from '../api/session.ts'
import { Loading } from '../design/conditions.tsx'
import { Frame } from './frame.tsx'
import { NothingHere, ScreenFailed } from './route-conditions.tsx'
import { type Screen, screens } from './screen.ts'

const root = createRootRoute({ component: Frame, notFoundComponent: NothingHere, errorComponent: ScreenFailed })

const routeOf = ({ path, load }: Screen) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(async () => ({ default: await load() })),
    errorComponent: ScreenFailed,
    pendingComponent: () => (
      <div className="px-4 pt-6 md:px-8">
        <Loading what="the view" />
      </div>
    ),
  })

// The organization of an address is the session's matter: no view reads it, and every address that is made here has the one of this tab.
function parse(text: string): Record<string, string> {
  const { [addressKey]: _, ...search } = Object.fromEntries(new URLSearchParams(text))
  return search
}

function print(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    name === addressKey || value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  )
  const organization = organizationInAddresses()
  const text = new URLSearchParams(organization === undefined ? pairs : [...pairs, [addressKey, organization]]).toString()
  return text === '' ? '' : `?${text}`
}

/** Makes the router of the console. */
export function makeRouter() {
  return createRouter({
    routeTree: root.addChildren(screens.map(routeOf)),
    basepath: '/console',
    defaultPreload: 'intent',
    // The next item of a list begins afresh: what was open or typed belongs to the one before.
    defaultRemountDeps: ({ params }) => params,
    scrollRestoration: true,
    parseSearch: parse,
    stringifySearch: print,
  })
}
