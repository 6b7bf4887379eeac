import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [{ path: '/runs/$run', load: async () => (await import('./run.tsx')).Run }]
