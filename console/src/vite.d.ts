// What Vite adds to modules, as far as the console uses it.
interface ImportMeta {
  glob<T>(pattern: string, options: { readonly eager: true; readonly import: string }): Readonly<Record<string, T>>
}

/** The styles of the graph's library, which it ships without types. */
declare module '@xyflow/react/dist/base.css' {}
