// What a view keeps in the URL: its parameters, and what is filtered and selected. Both are texts that anybody may have written.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'

/** Changes to the query; undefined takes a name out. */
export type SearchChange = Readonly<Record<string, string | undefined>>

/** The query of the view, and how to change it. A change replaces the entry in the history unless it is a step to go back from. */
export function useView(): readonly [
  search: Readonly<Record<string, string | undefined>>,
  change: (to: SearchChange, isStep?: boolean) => void,
] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>> // by the router's own `parseSearch`
  const navigate = useNavigate()
  const change = (to: SearchChange, isStep = false): void => {
    void navigate({
      to: '.',
      search: ((before: Record<string, unknown>) => ({ ...before, ...to })) as never,
      replace: !isStep,
      resetScroll: false,
    })
  }
  return [search, change]
}

/** A parameter of the path. */
export function useParam(name: string): string {
  const params = useParams({ strict: false }) as Readonly<Record<string, string | undefined>> // the paths are data, so the router does not know their names
  return params[name] ?? ''
}
