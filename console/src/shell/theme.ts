// Light or dark: as the system says, unless this browser was told otherwise.
import { keep, kept, store } from '../api/store.ts'

/** What was chosen. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'twinlock.theme'
const isTheme = (text: string | undefined): text is Theme => text === 'light' || text === 'dark' || text === 'system'

/** The theme that was chosen. */
export const theme = store<Theme>('system')

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

function wear(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen === 'system' ? (systemIsDark.matches ? 'dark' : 'light') : chosen
  theme.set(chosen)
}

/** Chooses a theme, and remembers it in this browser. */
export function chooseTheme(chosen: Theme): void {
  keep('localStorage', key, chosen === 'system' ? undefined : chosen)
  wear(chosen)
}

/** Puts on what was chosen before, and follows the system where nothing was. */
export function wearKeptTheme(): void {
  const chosen = kept('localStorage', key)
  wear(isTheme(chosen) ? chosen : 'system')
  systemIsDark.addEventListener('change', () => wear(theme.get()))
}
