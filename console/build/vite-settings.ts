// How the console is bundled, for the build and for the development server. Runs while building, on our own sources and the packages of the lockfile;
// nothing of it is served.
import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { withoutInjectedMarkup } from './without-injected-markup.ts'

/** The folder of the console's sources. */
export const consoleFolder = fileURLToPath(new URL('..', import.meta.url))

/** Where the console is served below. */
export const base = '/console/'

const packages = ['react', 'react-dom', 'scheduler', 'use-sync-external-store', '@tanstack/[\\w-]+']
const ofApi = 'call|came-from|connection|generated/api|may|problem|queries|request|session|store|visits'
const ofDesign = 'announcer|button|copy|dialog|environment-mark|hint|icon|id|identity|kind|link|names|outcome|said|state|time|visible|when'

/**
 * What the first page loads, whoever looks, in two files beside React Aria: small files weigh more apart. The packages need none of ours, and ours nothing
 * of the shell, so that no file waits for itself.
 */
const groups = [
  { name: 'packages', test: new RegExp(`/node_modules/(${packages.join('|')})/`), priority: 2, includeDependenciesRecursively: false },
  {
    name: 'first',
    test: new RegExp(`/console/src/(api/(${ofApi})|design/(${ofDesign}))\\.tsx?$`),
    priority: 1,
    includeDependenciesRecursively: false,
  },
]

/** The settings that building and developing share. */
export function viteSettings(): InlineConfig {
  return {
    configFile: false,
    root: consoleFolder,
    base,
    publicDir: false,
    plugins: [react(), tailwind(), withoutInjectedMarkup()],
    build: {
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // An asset inlined as a data: URL would need an exception in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: { output: { codeSplitting: { groups } } },
    },
  }
}
