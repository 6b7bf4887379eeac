// What Vite adds to modules, as far as the console uses it.
interface ImportMeta {
  glob<T>(pattern: string, options: { readonly eager: true; readonly import: string }): Readonly<Record<string, T>>
}
