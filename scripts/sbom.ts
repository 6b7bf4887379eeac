// Prints the software bill of materials: `npm run sbom` writes CycloneDX 1.6 JSON to stdout. A function of package.json and package-lock.json alone, so that
// the same commit has the same bill: no clock, no serial number.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LockedPackage, lockedPackages, root } from './sbom-packages.ts'

/** A package URL (purl-spec, type npm). */
export function purlOf({ name, version }: Pick<LockedPackage, 'name' | 'version'>): string {
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name]
  return `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${bare}@${version}`
}

/** Where Node would find a package that another one needs: in its own folder, or in one above. */
function resolved(from: string, name: string, known: ReadonlyMap<string, LockedPackage>): LockedPackage | undefined {
  for (let place = from; ; place = place.slice(0, place.lastIndexOf('/node_modules/'))) {
    const found = known.get(`${place === '' ? '' : `${place}/`}node_modules/${name}`)
    if (found !== undefined || place === '') return found
    if (!place.includes('/node_modules/')) return known.get(`node_modules/${name}`)
  }
}

// An identifier of the SPDX list has no space in it; what has one and is no expression is a name that its author made up.
function licencesOf({ licence }: LockedPackage): object[] {
  if (/ (OR|AND|WITH) /.test(licence)) return [{ expression: licence }]
  return [{ license: licence.includes(' ') ? { name: licence } : { id: licence } }]
}

function componentOf(one: LockedPackage): object {
  const [, base64 = ''] = /^sha512-(.+)$/.exec(one.integrity) ?? []
  return {
    type: 'library',
    'bom-ref': one.path,
    name: one.name,
    version: one.version,
    scope: one.isDev ? 'excluded' : one.isOptional ? 'optional' : 'required',
    hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }],
    licenses: licencesOf(one),
    purl: purlOf(one),
  }
}

/** The bill of materials of this repository. */
export function billOfMaterials(): object {
  const packages = lockedPackages()
  const known = new Map(packages.map((one) => [one.path, one]))
  const own: {
    name: string
    version: string
    license: string
    dependencies: Record<string, string>
    optionalDependencies: Record<string, string>
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const direct = [...Object.keys(own.dependencies), ...Object.keys(own.optionalDependencies)]
  const refs = (from: string, names: readonly string[]): string[] =>
    [...new Set(names.flatMap((name) => resolved(from, name, known)?.path ?? []))].sort()
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own.name,
        name: own.name,
        version: own.version,
        licenses: [{ license: { id: own.license } }],
      },
    },
    components: packages.map(componentOf),
    dependencies: [
      { ref: own.name, dependsOn: refs('', direct) },
      ...packages.map((one) => ({ ref: one.path, dependsOn: refs(one.path, one.needs) })),
    ],
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(billOfMaterials(), null, 2)}\n`)
