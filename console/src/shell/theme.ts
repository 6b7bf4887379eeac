// Light or dark: as the system says, unless this browser was told otherwise.
import { keep, kept, store } from '../api/store.ts'

/** What was chosen. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'twinlock.theme'
const isTheme = (text: string | undefined): text is Theme => text === 'light' || text === 'dark' || text === 'system'

/** The theme that was chosen. */
export const theme = store<Theme>('system')

function wear(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
  theme.set(chosen)
}

/** Chooses a theme, and remembers it in this browser. */
export function chooseTheme(chosen: Theme): void {
  keep('localStorage', key, chosen === 'system' ? undefined : chosen)
  wear(chosen)
}

/** Puts on what was chosen before. */
export function wearKeptTheme(): void {
  const chosen = kept('localStorage', key)
  wear(isTheme(chosen) ? chosen : 'system')
}
