#!/usr/bin/env node
// Makes the bundle that a start loads in place of the sources (`bin/bundle.mjs` says when it counts): `node scripts/bundle.mjs`. What is in it is what Node runs:
// types are stripped by Node itself, nothing is minified or left out but what nobody imports, and each module still finds its files beside its source. One that fits
// already is left alone. Trusts the clone and the packages of the lockfile.
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire, enableCompileCache, isBuiltin, stripTypeScriptTypes } from 'node:module'
import { basename, join, relative, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundlesFolder, compiledFolder, fittingBundle, signatureOf, stampFile } from '../bin/bundle.mjs'

const clone = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
// A file that was written this long ago and is written again has another time, however coarsely this file system tells it.
const settledMs = 1_000

/**
 * The packages that go into the bundle. The others are loaded from where they are: cedar-wasm reads a file beside itself, and what is loaded when it is needed
 * would only make the bundle larger.
 */
const packages = ['kysely', 'zod', 'pg']

/** The bundler that Vite is made of and brings; nothing where that is not installed. */
async function loadRolldown() {
  try {
    const path = createRequire(import.meta.resolve('vite')).resolve('rolldown')
    return await import(pathToFileURL(path).href)
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

const isInPackage = (id) => id.includes(`${sep}node_modules${sep}`)

/** A file's text, and what it was when it was read. Waits until a file that was just written can be told from one that is written again. */
async function readSettled(path) {
  for (let attempts = 0; attempts < 5; attempts++) {
    const signature = signatureOf(path)
    const age = Date.now() - statSync(path).ctimeMs
    // Some file systems tell the time finer than Node does.
    if (age < -settledMs) throw new Error(`${path} was written in the future.`)
    if (age < settledMs) await delay(settledMs - age)
    const text = readFileSync(path, 'utf8')
    if (signatureOf(path) === signature) return { text, signature }
  }
  throw new Error(`${path} is being written.`)
}

const metaOf = (file) => `$sourceMeta(${JSON.stringify(relative(clone, file).split(sep).join('/'))})`

/** What `import.meta` is to a module of the bundle: what it would be to its source. */
const metaSource = `import { dirname as $sourceFolder } from 'node:path'
import { fileURLToPath as $sourcePath } from 'node:url'
const $sourceResolve = import.meta.resolve
const $sourceRoot = new URL('../../..', import.meta.url)
const $sourceMeta = (file) => {
  const { href: url } = new URL(file, $sourceRoot)
  const filename = $sourcePath(url)
  return { url, filename, dirname: $sourceFolder(filename), main: false, resolve: (name) => $sourceResolve(name.startsWith('.') ? new URL(name, url).href : name) }
}
`

/** Our own module as Node would run it, at its place. */
function asNodeRunsIt(path, text) {
  return stripTypeScriptTypes(text).replaceAll(/\bimport\.meta\b/g, metaOf(path))
}

/** Reads every file of the bundle, so that what is bundled is what its stamp says. */
function reader(files) {
  return {
    name: 'reader',
    async load(id) {
      if (id.startsWith('\0')) return null
      const { text, signature } = await readSettled(id)
      files.set(id, signature)
      return isInPackage(id) || !id.endsWith('.ts') ? { code: text } : { code: asNodeRunsIt(id, text), moduleType: 'js' }
    },
  }
}

const nameOf = (id) =>
  id.startsWith('.') || id.startsWith('/')
    ? ''
    : id
        .split('/')
        .slice(0, id.startsWith('@') ? 2 : 1)
        .join('/')

/** Whether something is loaded from where it is: Node's own, and the packages that are not bundled. Of those that are, so is what they need. */
function isLeftOut(id, importer) {
  if (isBuiltin(id)) return true
  const name = nameOf(id)
  return name !== '' && !packages.includes(name) && !(importer !== undefined && isInPackage(importer))
}

/** What decides beside the files themselves where a name leads. */
function manifests(files) {
  const folders = [...files].filter(isInPackage).map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
  return [...new Set(folders)].filter((folder) => folder !== undefined).map((folder) => join(folder, 'package.json'))
}

/** This script's own files. */
const makers = ['scripts/bundle.mjs', 'bin/bundle.mjs', 'package-lock.json']

/** A file of the bundle by its name. The sources lie beside it, so a map repeats none of them. */
function textOf({ fileName, code, source }) {
  if (code !== undefined) return [fileName, code]
  const { sourcesContent: _, ...map } = JSON.parse(source)
  return [fileName, JSON.stringify(map)]
}

async function bundled(rolldown) {
  const files = new Map()
  for (const name of makers) files.set(join(clone, name), (await readSettled(join(clone, name))).signature)
  const build = await rolldown({
    input: join(clone, 'src', 'cli', 'main.ts'),
    cwd: clone,
    platform: 'node',
    external: isLeftOut,
    plugins: [reader(files)],
    logLevel: 'silent',
  })
  try {
    const { output } = await build.generate({
      format: 'esm',
      sourcemap: true,
      keepNames: true,
      banner: metaSource,
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
    })
    for (const path of manifests(files.keys())) files.set(path, (await readSettled(path)).signature)
    const named = [...files].map(([path, signature]) => [relative(clone, path).split(sep).join('/'), signature])
    return { chunks: Object.fromEntries(output.map(textOf)), files: Object.fromEntries(named) }
  } finally {
    await build.close()
  }
}

/** Writes a file whole, or not at all, also where the machine loses its power. */
function write(path, text) {
  const fresh = `${path}.${process.pid}.tmp`
  try {
    const descriptor = openSync(fresh, 'w', 0o644)
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
    closeSync(descriptor)
    renameSync(fresh, path)
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** Writes a bundle into a folder of its own, and answers its name. */
function put(chunks) {
  const name = createHash('sha256').update(JSON.stringify(chunks)).digest('hex').slice(0, 16)
  const folder = join(bundlesFolder(clone), name)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  for (const [file, text] of Object.entries(chunks)) write(join(folder, file), text)
  return name
}

/**
 * Loads every module of a bundle, which does nothing else: one that cannot be loaded is not named, and Node keeps what it compiled, so that the first start
 * from it need not.
 */
async function load(name) {
  enableCompileCache(compiledFolder(clone))
  const folder = join(bundlesFolder(clone), name)
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.mjs'))) await import(pathToFileURL(join(folder, file)).href)
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

/** The bundles that servers of this clone run from, as `bin/twinlock.mjs` says it: they may still load a part of it. */
function used() {
  const marks = join(clone, 'node_modules', '.twinlock-running')
  const pids = existsSync(marks) ? readdirSync(marks).filter((pid) => isAlive(Number(pid))) : []
  return pids.map((pid) => (existsSync(join(marks, pid)) ? basename(readFileSync(join(marks, pid), 'utf8')) : ''))
}

/** Removes older bundles that nobody uses; the newest of them stays, for whoever is about to load it. */
function removeOlder(name) {
  const kept = new Set([name, ...used()])
  const older = readdirSync(bundlesFolder(clone), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !kept.has(entry.name))
    .map((entry) => join(bundlesFolder(clone), entry.name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const folder of older.slice(1)) rmSync(folder, { recursive: true, force: true })
}

async function main() {
  if (fittingBundle(clone) !== undefined) return
  const bundler = await loadRolldown()
  if (bundler === undefined) return
  const { chunks, files } = await bundled(bundler.rolldown)
  const name = put(chunks)
  await load(name)
  // Last: what it names is whole and on the disk.
  write(stampFile(clone), JSON.stringify({ name, files }))
  removeOlder(name)
}

try {
  await main()
} catch (error) {
  // Who may not write here starts from the sources.
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
