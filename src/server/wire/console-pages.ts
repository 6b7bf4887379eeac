// Serving the console: the same few files to everybody, with nothing of anybody's in them. What it shows it fetches from the API, as whoever is signed in.
// INVARIANT: script runs on these pages alone, and only from files of the build; every other answer keeps the policy that runs nothing.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import { pathOf } from '../failures.ts'
import { ConsoleFiles, formFor } from './console-files.ts'

/** The content security policy of the console's pages (CSP level 3, Trusted Types). */
export const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const staticPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const permissions = 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), clipboard-read=()'
const below = '/console/'
const immutable = 'public, max-age=31536000, immutable'

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The console is not built</title>
<h1>The console is not built yet</h1>
<p>If Twinlock was started a moment ago, it is being built: reload this page in some seconds.</p>
<p>Otherwise, build it in the folder that Twinlock was installed to: <code>node console/build/build.ts</code></p>
<p>The API and the command line work without it: <code>npx twinlock --help</code></p>
</html>
`

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Where a page that was asked for under another name of this machine is found: a session belongs to one origin. Undefined when it is there already. */
export function elsewhere(host: string | undefined, baseUrl: string): string | undefined {
  const base = new URL(baseUrl)
  const asked = URL.parse(`http://${host ?? ''}`)
  if (asked === null || asked.port !== base.port || asked.hostname === base.hostname) return undefined
  return loopback.has(asked.hostname) && loopback.has(base.hostname) ? base.origin : undefined
}

async function answerPage(files: ConsoleFiles | undefined, name: string, request: FastifyRequest, reply: FastifyReply) {
  const build = await files?.current()
  const isAsset = name.startsWith('assets/')
  const file = build?.get(name) ?? (isAsset ? undefined : build?.get('index.html'))
  if (file !== undefined) {
    const { coding, bytes } = formFor(file, request.headers['accept-encoding'])
    reply.headers({ 'content-security-policy': consolePolicy, 'permissions-policy': permissions, vary: 'accept-encoding' })
    if (coding !== undefined) reply.header('content-encoding', coding)
    if (isAsset) reply.header('cache-control', immutable)
    return reply.type(file.type).send(bytes)
  }
  if (build !== undefined || isAsset) throw fail('not_found', 'The console has no such file.')
  return reply.code(503).header('content-security-policy', staticPolicy).type('text/html; charset=utf-8').send(notBuilt)
}

/** Registers `/console/*` and `/login`, and sends `/` there. */
export function consolePages(app: FastifyInstance, parts: ServerParts): void {
  const files = parts.consoleFolder === undefined ? undefined : new ConsoleFiles(parts.consoleFolder)
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const origin = elsewhere(request.headers.host, parts.baseUrl)
    if (origin !== undefined) return reply.redirect(`${origin}${request.url}`, 307)
    const path = pathOf(request.url)
    return answerPage(files, path.startsWith(below) ? path.slice(below.length) : 'index.html', request, reply)
  }
  app.get('/', async (_request, reply) => reply.redirect(below, 302))
  app.get('/console', async (_request, reply) => reply.redirect(below, 308))
  app.get('/login', page)
  app.get('/console/*', page)
}
