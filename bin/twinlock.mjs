#!/usr/bin/env node
// The command. It may be started by any Node: on one that is too old it runs itself again on the pinned Node that came with the dependencies, passing
// arguments, terminal, signals and exit code through. Then it hands over to the command line proper. Built-ins only; trusts node_modules.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compiledFolder, fittingBundle } from './bundle.mjs'

const NODE_MAJOR = 26
const FAILED = 1
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH']

const clone = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const modules = join(clone, 'node_modules')

const fail = (text) => {
  process.stderr.write(`twinlock: ${text}\n`)
  process.exitCode = FAILED
}

const pinnedNode = () =>
  [
    join(modules, '.bin', 'node'),
    join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node'),
    join(modules, `node-bin-${process.platform}-${process.arch}`, 'bin', 'node'),
  ].find((path) => existsSync(path))

/** Runs this file again on another Node and ends as that one ends, by the same signal or with the same exit code. */
const runOn = async (node) => {
  const { spawn } = await import('node:child_process')
  const { constants } = await import('node:os')
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    // The pinned Node says so when it, too, is too old, instead of starting itself for ever.
    env: { ...process.env, TWINLOCK_STARTED_AGAIN: '1' },
  })
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  // Ctrl-C reaches both from the terminal; what is sent to this process alone is passed on. Either way the child decides when to end.
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !onTerminal) child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  child.once('error', (error) =>
    fail(`the Node.js that came with the dependencies does not start (${error.message}). Run \`npm start\` first.`),
  )
  child.once('exit', (code, signal) => {
    for (const name of SIGNALS) process.off(name, pass)
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

/**
 * Keeps compiled modules between starts, beside the sources that they come from, so that who can change the one could change the other anyway (a
 * shared temporary folder would let others put code in). Where that cannot be written to there is no cache, and everything works, more slowly.
 */
const cacheCompiledModules = async () => {
  const { enableCompileCache } = await import('node:module')
  const { accessSync, constants } = await import('node:fs')
  try {
    accessSync(modules, constants.W_OK)
  } catch {
    return
  }
  enableCompileCache(compiledFolder(clone))
}

/**
 * Says that a server runs from this clone, and from which bundle, as long as it does: what it may still load is then not taken away under it
 * (`scripts/bootstrap.mjs`, `scripts/bundle.mjs`).
 */
const markRunning = async (bundle) => {
  const { mkdirSync, rmSync, writeFileSync } = await import('node:fs')
  const mark = join(modules, '.twinlock-running', String(process.pid))
  try {
    mkdirSync(dirname(mark), { recursive: true })
    writeFileSync(mark, bundle ?? '')
    process.once('exit', () => rmSync(mark, { force: true }))
  } catch (error) {
    // Who may not write there may still start a server from there.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
  }
}

/** Has the traces of what goes wrong in a bundle name lines of the sources. */
const tellSources = async () => {
  const { setSourceMapsSupport } = await import('node:module')
  setSourceMapsSupport(true, { nodeModules: false, generatedCode: false })
}

const runHere = async () => {
  delete process.env.TWINLOCK_STARTED_AGAIN
  const bundle = fittingBundle(clone)
  if (process.argv[2] === 'start') await markRunning(bundle)
  await cacheCompiledModules()
  if (bundle !== undefined) await tellSources()
  const { main } = await import(pathToFileURL(bundle === undefined ? join(clone, 'src', 'cli', 'main.ts') : join(bundle, 'main.mjs')).href)
  process.exitCode = await main(process.argv.slice(2), bundle !== undefined)
}

if (!existsSync(modules)) fail('the dependencies are not installed yet: run `npm start` first.')
else if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) await runHere()
else if (process.env.TWINLOCK_STARTED_AGAIN === '1')
  fail(`Node.js ${process.versions.node} is too old: ${NODE_MAJOR} is needed. Run \`npm start\` first, which brings it.`)
else {
  const node = pinnedNode()
  if (node === undefined) fail(`Node.js ${NODE_MAJOR} is needed and the dependencies are incomplete: run \`npm start\` first.`)
  else await runOn(node)
}
