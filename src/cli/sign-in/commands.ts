// Signing in, out, and saying who is. A one-time link is used up by one POST; its token is in the fragment, which no browser and no proxy sends on.
import { z } from 'zod'
import { type Answer, exchange } from '../api.ts'
import { type Command, textFlag } from '../command.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isProblem, usage } from '../failure.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs } from '../print/table.ts'
import { signInByBrowser } from './by-browser.ts'
import { chooseSession, originOf, serverUrl } from './choose-session.ts'
import { forgetSession, keepSession, readSessions, type StoredSession } from './session-file.ts'
import { starterLink } from './starter-links.ts'

const linkToken = /^twl_org_[0-9a-z]{26}\.[A-Za-z0-9_-]{43}$/

/** Reads a link (`<url>/login#twl_…`) or a bare token. Throws a usage failure. */
function readLink(text: string): { readonly url: string | undefined; readonly token: string } {
  const [place = '', fragment] = text.split('#')
  const token = fragment ?? place
  if (!linkToken.test(token))
    throw usage(
      'This is not a sign-in link.',
      'A link looks like `http://127.0.0.1:8484/login#twl_org_….…`; quote it, because the shell reads `#`.',
    )
  return { url: fragment === undefined ? undefined : originOf(place), token }
}

/** What a starter's person is called; a link has other characters in it. */
const slugPattern = /^[a-z][a-z0-9-]{0,39}$/

async function starterLinkOf(slug: string, context: Context): Promise<string | undefined> {
  return starterLink(await context.dataFolder(), slug)
}

const signedIn = z.object({
  token: z.string(),
  expiresAt: z.string(),
  person: z.object({ id: z.string(), slug: z.string() }),
  organization: z.string(),
})

/** Whether the server still takes a session that is kept here. */
async function isGood({ url, token, expiresAt }: StoredSession, { io }: Context): Promise<boolean> {
  if (Date.parse(expiresAt) <= io.now()) return false
  try {
    await exchange(io, url, '/v1/sessions', { method: 'GET' }, { bearer: token })
    return true
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error
    return false
  }
}

/** Uses a link up. One of the starter's people by name is asked for again and again: who is signed in here already stays so, and keeps the link. */
async function byLink(text: string, context: Context): Promise<{ url: string; answer: Answer }> {
  const { io, globals } = context
  const isName = slugPattern.test(text)
  const link = readLink(isName ? ((await starterLinkOf(text, context)) ?? text) : text)
  const url = link.url ?? serverUrl(io, globals)
  const kept = isName ? readSessions(io).sessions.find((one) => one.url === url && one.person.slug === text) : undefined
  if (kept !== undefined && (await isGood(kept, context))) return { url, answer: { ...kept } }
  const headers = { 'content-type': 'application/json', 'user-agent': 'twinlock/cli' }
  // Among the sessions of its person it is to be told from others.
  const init = { method: 'POST', body: JSON.stringify({ device: 'Twinlock command line' }), headers }
  return { url, answer: await exchange(io, url, '/v1/sessions', init, { bearer: link.token }) }
}

async function byProvider(who: string, { io, globals }: Context): Promise<{ url: string; answer: Answer }> {
  const url = serverUrl(io, globals)
  return { url, answer: await signInByBrowser(io, url, who) }
}

const login: Command = {
  words: ['login'],
  synopsis: 'login <link> | login --sso <organization>',
  summary:
    'Sign in with a one-time link (or as one of the starter’s people, by name), or in a browser through the organization’s provider.',
  flags: [
    {
      name: 'sso',
      value: '<organization>',
      about: 'The organization’s short name, or a work address: a browser of this machine signs in.',
    },
  ],
  async run({ positionals: [text, ...more], values }, context): Promise<ExitCode> {
    const who = textFlag(values, 'sso')
    if ((text === undefined) === (who === undefined) || more.length > 0)
      throw usage('`twinlock login` takes one link, or `--sso` and an organization.')
    const { io, globals } = context
    const { url, answer } = who === undefined ? await byLink(text ?? '', context) : await byProvider(who, context)
    const session = signedIn.parse(answer)
    keepSession(io, { url, ...session })
    const { token: _, ...shown } = session
    if (globals.json) io.out(`${JSON.stringify({ url, ...shown }, null, 2)}\n`)
    else if (globals.quiet) io.out(`${session.person.id}\n`)
    else
      io.out(
        `Signed in as ${context.paint.bold(safe(session.person.slug))} (${session.person.id}) at ${url} until ${momentText(session.expiresAt)}.\n`,
      )
    return exitCodes.ok
  },
}

const logout: Command = {
  words: ['logout'],
  synopsis: 'logout',
  summary: 'Sign out: the session ends at the server and is forgotten here.',
  async run(_line, context): Promise<ExitCode> {
    const session = chooseSession(context.io, context.globals)
    try {
      await exchange(context.io, session.url, '/v1/sessions/end', { method: 'POST' }, { bearer: session.token })
    } catch (error) {
      // A session that the server does not know any more is over already.
      if (!isProblem(error, 'unauthenticated')) throw error
    }
    forgetSession(context.io, session)
    context.say(`Signed out: ${safe(session.person.slug)} at ${session.url}.`)
    return exitCodes.ok
  },
}

const who = z.object({
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  organization: z.string(),
  organizationName: z.string().optional(),
  person: z.object({ name: z.string() }).nullish(),
  spiffeId: z.string().nullish(),
  grants: z
    .array(
      z.object({
        role: z.string(),
        scope: z.object({ kind: z.string(), id: z.string() }),
        notAfter: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    )
    .default([]),
  names: z.record(z.string(), z.string()).default({}),
})

/** Who one is here, and what was given to him by name. */
function whoLines(answer: Answer, { paint, api }: Context): string[] {
  const { kind, id, name, organization, organizationName, person, spiffeId, grants, names } = who.parse(answer)
  const called = person == null ? '' : `, ${safe(person.name)}`
  const facts: [string, string][] = [
    [kind, safe(id)],
    ...(spiffeId == null ? [] : [['SPIFFE id', safe(spiffeId)] satisfies [string, string]]),
    ['organization', `${safe(organizationName ?? '')} ${safe(organization)}`.trim()],
    ['server', api.url],
  ]
  const rows = grants.map(({ role, scope, notAfter, reason }) => [
    `  ${safe(role)}`,
    scope.kind === 'organization'
      ? 'on everything'
      : `on ${safe(scope.kind)} ${[names[scope.id], scope.id].flatMap((one) => (one === undefined ? [] : [safe(one)])).join(' ')}`,
    notAfter === null ? '' : `until ${momentText(notAfter)}`,
    paint.dim(safe(reason ?? '')),
  ])
  return [
    `${paint.bold(safe(name))}${called}`,
    ...pairs(facts, paint),
    ...(rows.length === 0 ? [] : [paint.bold('Given to you'), ...aligned(rows)]),
  ]
}

const whoami: Command = {
  words: ['whoami'],
  synopsis: 'whoami',
  summary: 'Say who is signed in, and who else could be chosen with --as.',
  async run(_line, context): Promise<ExitCode> {
    const { io, globals, api } = context
    const answer = await api.call('session:show', {})
    if (globals.json) io.out(`${JSON.stringify(answer, null, 2)}\n`)
    else if (globals.quiet) io.out(`${safe(String(answer.id))}\n`)
    else io.out(`${whoLines(answer, context).join('\n')}\n`)
    const others = readSessions(io).sessions.filter((one) => one.url === api.url && one.person.id !== answer.id)
    if (others.length > 0 && !globals.json)
      context.say(`Also signed in here: ${others.map((one) => safe(one.person.slug)).join(', ')} (--as <slug>).`)
    return exitCodes.ok
  },
}

/** The commands about signing in. */
export const signInCommands: readonly Command[] = [login, logout, whoami]
