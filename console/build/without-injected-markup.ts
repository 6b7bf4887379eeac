// React Aria makes markup from text in two places. The console is served under `style-src 'self'` and Trusted Types without any policy, which refuse both;
// here they are replaced by what does the same without text. A release that moves them fails the build and so is looked at.
import type { Plugin } from 'vite'

/** One replacement: in which module, what, and by what. */
interface Replacement {
  readonly module: RegExp
  readonly from: RegExp
  readonly to: string
}

const replacements: readonly Replacement[] = [
  // Emptying a live region.
  {
    module: /\/dist\/private\/live-announcer\/LiveAnnouncer\.m?js$/,
    from: /(\w+\.(?:assertive|polite)Log)\.innerHTML = ''/g,
    to: '$1.replaceChildren()',
  },
  // A style element against scroll chaining on iOS; tokens.css holds its rule for an open dialog.
  { module: /\/dist\/private\/overlays\/usePreventScroll\.m?js$/, from: /document\.head\.prepend\(style\)/g, to: 'void style' },
]

/** Replaces what would make markup from text. */
export function withoutInjectedMarkup(): Plugin {
  return {
    name: 'without-injected-markup',
    enforce: 'pre',
    transform(code, id) {
      const found = replacements.find(({ module }) => module.test(id.split('?')[0] ?? ''))
      if (found === undefined) return null
      if (code.search(found.from) < 0) throw new Error(`${id} no longer says ${found.from}: look at how it makes markup now.`)
      return { code: code.replaceAll(found.from, found.to), map: null }
    },
  }
}
