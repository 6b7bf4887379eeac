// Writes docs/licences.txt: under which licence each package comes, from the lockfile. `node scripts/licences.ts` writes it, `--print` prints it; a test
// compares what is committed.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LockedPackage, lockedPackages, root } from './sbom-packages.ts'

/** Licences that a package may come under. A new one is a decision, and is made here. */
export const acceptedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT License', // MIT, as xml-escape spells it
  'MIT OR Apache-2.0',
  'MPL-2.0',
  'PostgreSQL',
  'Unlicense',
]

const line = ({ name, version }: LockedPackage): string => `  ${name} ${version}`

function section(title: string, packages: readonly LockedPackage[]): string[] {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence)
  const parts = [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1))
  return [title, '='.repeat(title.length), ...parts.flatMap(([licence, list]) => ['', licence, ...[...new Set(list.map(line))].sort()]), '']
}

/** The text of docs/licences.txt. */
export function licencesText(): string {
  const packages = lockedPackages()
  return [
    'The licences of the packages that Twinlock uses, as they say themselves. Written by scripts/licences.ts; do not edit.',
    '',
    ...section(
      'Where the product runs',
      packages.filter(({ isDev }) => !isDev),
    ),
    ...section(
      'Where it is built and tested',
      packages.filter(({ isDev }) => isDev),
    ),
  ].join('\n')
}

if (import.meta.main) {
  if (process.argv[2] === '--print') process.stdout.write(licencesText())
  else writeFileSync(join(root, 'docs', 'licences.txt'), licencesText())
}
