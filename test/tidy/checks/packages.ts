// Which outside packages each folder may use, and that a pure room uses nothing of Node.
// A package that is imported must be one that package.json installs for those who run it.

import { isBelow, isTest, longest } from '../place.ts'
import { at, type Check, type Code, type Project, type Violation } from '../project.ts'
import { bundled, literalImports, packages } from '../rules.ts'

/** The names that package.json installs, and those of them that are there for development alone. */
export const installed = ({ entries }: Project): { readonly all: readonly string[]; readonly development: readonly string[] } => {
  const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(entries.get('package.json')?.text ?? '{}')
  const names = (part: string): readonly string[] => Object.keys(manifest[part] ?? {})
  const development = names('devDependencies')
  return { all: [...names('dependencies'), ...names('optionalDependencies'), ...development], development }
}

const judgePackage = (file: Code, name: string, known: ReturnType<typeof installed>): string | undefined => {
  if (!known.all.includes(name))
    return `\`${name}\` is not in package.json: add it there with its line in docs/dependencies.md, or do without.`
  const rule = longest(file.path, packages)
  if (isTest(file.path) || !rule) return undefined
  if (!rule.allowed.includes(name)) {
    return `${rule.folder} may import ${rule.allowed.join(', ') || 'no package'}, not \`${name}\`: use a port that src/host fills, or add it to the table in test/tidy/rules.ts with the team's consent.`
  }
  const shipped = !/^(test|scripts|bench)\//.test(file.path) && !isBelow(file.path, bundled)
  if (shipped && known.development.includes(name))
    return `\`${name}\` is a devDependency and missing where the product runs: move it to dependencies, or do without.`
  return undefined
}

const judgeNode = (file: Code, name: string): string | undefined => {
  const rule = longest(file.path, packages)
  if (isTest(file.path) || rule?.node !== false) return undefined
  return `${rule.folder} reaches nothing outside itself, so not \`${name}\`: declare a port in the room and let src/host fill it.`
}

const judgeFile = (file: Code, known: ReturnType<typeof installed>): readonly Violation[] =>
  file.imports.flatMap((found) => {
    const message =
      found.kind === 'package' ? judgePackage(file, found.target, known) : found.kind === 'node' ? judgeNode(file, found.target) : undefined
    return message === undefined ? [] : [at(file, found.node, message)]
  })

const computed = (file: Code): readonly Violation[] =>
  isBelow(file.path, literalImports) && !isTest(file.path)
    ? file.imports
        .filter(({ kind }) => kind === 'computed')
        .map(({ node }) =>
          at(file, node, 'Import a literal name: a computed one cannot be checked. Choose from a table of `() => import("…")`.'),
        )
    : []

/** Each folder imports only the packages it is meant to. */
export const packagesAreAllowed: Check = (project) => {
  const known = installed(project)
  return [...project.code.values()].flatMap((file) => [...judgeFile(file, known), ...computed(file)])
}
