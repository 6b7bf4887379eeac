import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { catalogue } from '../app/index.ts'
import { fail } from '../kernel/index.ts'
import { type Answers, type FakeTwinlock, fakeGrant, fakeId, fakeLinkToken, fakeOrg, runIn, startFake } from './fixtures/fake-twinlock.ts'
import { whyNoVerb, withVerbs } from './verb-rule.ts'
import { extraActions } from './verbs/extras.ts'

const running: FakeTwinlock[] = []
after(async () => {
  for (const one of running) await one.stop()
})

async function fake(answers: Answers = {}, env: Readonly<Record<string, string>> = {}): Promise<FakeTwinlock> {
  const one = await startFake(answers, env)
  running.push(one)
  return one
}

async function signedIn(answers: Answers = {}): Promise<FakeTwinlock> {
  const one = await fake(answers)
  assert.equal((await one.run('login', `${one.url}/login#${fakeLinkToken}`)).exit, 0)
  return one
}

const environment = (slug: string, at: number) => ({
  id: fakeId('env', at),
  slug,
  class: slug,
  trustDomain: `${slug}.x`,
  owner: fakeId('per', 1),
  state: 'active',
})
const environments = { 'environment:list': () => ({ items: [environment('staging', 1), environment('production', 2)], next: null }) }

test('every capability has exactly one verb, or a reason why it has none', () => {
  const words = withVerbs(catalogue).map((one) => `${one.noun} ${one.verb}`)
  assert.deepEqual([...new Set(words)], words)
  for (const one of catalogue) assert.ok(words.includes(`${one.noun} ${one.verb}`) !== (whyNoVerb(one) !== undefined), one.name)
})

test('every verb with a file of its own is a verb of the catalogue', () => {
  const names = withVerbs(catalogue).map((one) => one.name)
  assert.deepEqual(
    extraActions.filter((name) => !names.includes(name)),
    [],
  )
})

test('every verb explains itself, with its flags and who may do it', async () => {
  const one = await fake()
  for (const { noun, verb, summary } of withVerbs(catalogue)) {
    const { out, exit } = await one.run(noun, verb, '--help')
    assert.equal(exit, 0)
    assert.ok(out.startsWith(`twinlock ${noun} ${verb}`) && out.includes(summary), `${noun} ${verb}`)
  }
  assert.equal(one.asked.length, 0)
})

test('help names every noun and command, and exits well', async () => {
  const one = await fake()
  for (const args of [[], ['help'], ['--help']]) {
    const { out, exit } = await one.run(...args)
    assert.equal(exit, 0)
    for (const word of ['promotion', 'ledger', 'login', 'start', 'Exit codes']) assert.ok(out.includes(word), word)
  }
  assert.match((await one.run('run', '--help')).out, /run launch .*Launch a run/)
  assert.match((await one.run('ledger', 'verify', '--help')).out, /offline/)
})

test('a word that is nearly right is guessed, and ends with the usage code', async () => {
  const one = await fake()
  const guesses: [string[], RegExp][] = [
    [['rnu'], /no command `rnu`. Did you mean `run`/],
    [['run', 'lanch'], /no verb `run lanch`. Did you mean `launch`/],
    [['run', 'launch', '--scenaro', 'x'], /no flag `--scenaro` here. Did you mean `--scenario`/],
    [['run'], /needs a verb/],
    [['run', 'show'], /needs <run>/],
    [['run', 'launch'], /needs --scenario, --environment/],
    [['run', 'show', 'a', 'b'], /`b` is one word too many/],
    [['run', 'list', '--limit', 'many'], /must be a number, not `many`/],
    [['environment', 'create', '--slug', 'a', '--class', 'moon', '--owner', 'x'], /must be one of sandbox, staging/],
    [['run', 'list', '--limit', '1', '--limit', '2'], /`--limit` came twice/],
    [['completion', 'tcsh'], /bash, zsh or fish/],
    [['login', 'nonsense!'], /not a sign-in link/],
  ]
  for (const [args, said] of guesses) {
    const { exit, out, err } = await one.run(...args)
    assert.equal(exit, 2, args.join(' '))
    assert.equal(out, '')
    assert.match(err, said)
  }
  assert.equal(one.asked.length, 0)
})

test('completion scripts name every noun, verb and flag', async () => {
  const one = await fake()
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out, exit } = await one.run('completion', shell)
    assert.equal(exit, 0)
    for (const word of ['promotion', 'roll-back', 'media-type', 'watch', 'whoami']) assert.ok(out.includes(word), `${shell} ${word}`)
  }
})

test('a login is kept for its owner alone, is used for what follows, and is forgotten by a logout', async () => {
  const one = await signedIn(environments)
  const file = join(one.folder, 'config', 'twinlock', 'sessions.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700)
  assert.equal(one.asked[0]?.credential?.kind, 'link')
  assert.equal((await one.run('environment', 'list')).exit, 0)
  assert.deepEqual(one.asked.at(-1)?.credential, { kind: 'session', token: `tws_${fakeOrg}.${'B'.repeat(43)}` })
  assert.match((await one.run('whoami')).out, /operator/)
  assert.equal((await one.run('logout')).exit, 0)
  assert.equal(one.asked.at(-1)?.action, 'session:end')
  assert.doesNotMatch(readFileSync(file, 'utf8'), /tws_/)
  assert.equal((await one.run('environment', 'list')).exit, 4)
})

test('what is printed at a login does not hold the session’s secret', async () => {
  const one = await fake()
  for (const flag of [[], ['--json'], ['--quiet']]) {
    const { out, err } = await one.run('login', fakeLinkToken, ...flag)
    assert.doesNotMatch(out + err, /tws_/)
  }
})

test('one of the starter’s people signs in by name, with the link that the start left', async () => {
  const one = await fake()
  mkdirSync(join(one.folder, 'data', 'starter'), { recursive: true })
  writeFileSync(join(one.folder, 'data', 'starter', 'links.json'), JSON.stringify({ operator: `${one.url}/login#${fakeLinkToken}` }))
  for (const _ of ['once', 'again']) assert.match((await one.run('login', 'operator')).out, /^Signed in as operator /)
  const used = () => one.asked.filter(({ action }) => action === 'session:create').length
  assert.equal(used(), 1, 'who is signed in stays so, and the link is not used again')
  assert.equal((await one.run('logout')).exit, 0)
  assert.equal((await one.run('login', 'operator')).exit, 0)
  assert.equal(used(), 2, 'who signed out takes the link')
  assert.equal((await one.run('login', 'nobody')).exit, 2)
})

test('a person who is not signed in here cannot be chosen, and an ended session says so', async () => {
  const one = await signedIn(environments)
  assert.match((await one.run('environment', 'list', '--as', 'reviewer')).err, /`reviewer` is not signed in/)
  const file = join(one.folder, 'config', 'twinlock', 'sessions.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('2026-11-23', '2026-11-21'))
  const ended = await one.run('environment', 'list')
  assert.equal(ended.exit, 4)
  assert.match(ended.err, /ended at 2026-11-21/)
})

test('a list is an aligned table on stdout, its ids whole; with --quiet ids alone; with --json the whole answer', async () => {
  const one = await signedIn(environments)
  const { out, err } = await one.run('environment', 'list')
  const [head, first] = out.split('\n')
  assert.match(head ?? '', /^id +slug +class +trust domain +owner +state$/)
  assert.match(first ?? '', new RegExp(`^${fakeId('env', 1)}  staging     staging`))
  assert.equal(err, '')
  assert.equal((await one.run('environment', 'list', '--quiet')).out, `${fakeId('env', 1)}\n${fakeId('env', 2)}\n`)
  assert.equal(JSON.parse((await one.run('environment', 'list', '--json')).out).items.length, 2)
})

test('a list that goes on says how', async () => {
  const one = await signedIn({ 'environment:list': () => ({ items: [environment('staging', 1)], next: fakeId('env', 1) }) })
  assert.match((await one.run('environment', 'list')).err, new RegExp(`More: --after ${fakeId('env', 1)}`))
})

test('control characters that somebody else typed do not reach the terminal', async () => {
  const one = await signedIn({ 'environment:list': () => ({ items: [environment('sta\u001b[2Jging\u202e', 1)], next: null }) })
  const { out } = await one.run('environment', 'list')
  assert.doesNotMatch(out, /\u001b|\u202e/)
})

test('names stand for ids, and flags become the fields of the input', async () => {
  const created: Record<string, unknown>[] = []
  const one = await signedIn({
    ...environments,
    'grant:create': (input) => {
      created.push(input)
      return fakeGrant
    },
  })
  const ran = await one.run(
    'grant',
    'create',
    '--principal',
    'operator',
    '--role',
    'operator',
    '--environments',
    'staging',
    '--environments',
    fakeId('env', 2),
    '--reason',
    'It is needed.',
  )
  assert.equal(ran.exit, 0, ran.err)
  assert.deepEqual(created[0]?.environments, [fakeId('env', 1), fakeId('env', 2)])
  assert.equal(created[0]?.principal, fakeId('per', 1))
})

test('a name of nothing is not found, and a name of two things has to be an id', async () => {
  const twice = { 'project:list': () => ({ items: [1, 2].map((at) => ({ id: fakeId('prj', at), slug: 'x' })), next: null }) }
  const one = await signedIn({ ...environments, ...twice })
  const unknown = await one.run('run', 'launch', '--scenario', fakeId('scn', 1), '--environment', 'moon')
  assert.equal(unknown.exit, 5)
  assert.match(unknown.err, /no environment called `moon`/)
  const ambiguous = await one.run('asset', 'list', '--project', 'x')
  assert.equal(ambiguous.exit, 2)
  assert.match(ambiguous.err, /the name of 2 things/)
})

test('a text that may be null is typed as a text: names stand for ids, choices are told, and the word null is none', async () => {
  const asked: Record<string, unknown>[] = []
  const keep = (input: Record<string, unknown>) => {
    asked.push(input)
    return {}
  }
  const operators = { id: fakeId('grp', 1), slug: 'operators', name: 'Operators' }
  const one = await signedIn({
    'group:list': () => ({ items: [operators], next: null }),
    'ownership:set-fallback': keep,
    'guardrail:change': keep,
  })
  const fallback = (group: string) => one.run('ownership', 'set-fallback', 'It is needed.', '--group', group)
  for (const group of [operators.id, 'operators', 'null']) assert.equal((await fallback(group)).exit, 0, group)
  assert.deepEqual(
    asked.splice(0).map(({ group }) => group),
    [operators.id, operators.id, null],
  )
  assert.equal((await fallback('nobody')).exit, 5)
  const change = (sensitivity: string) =>
    one.run('guardrail', 'change', 'no-secrets', '--sensitivity', sensitivity, '--reason', 'It is needed.')
  for (const sensitivity of ['internal', 'null']) assert.equal((await change(sensitivity)).exit, 0, sensitivity)
  assert.deepEqual(
    asked.map(({ sensitivity }) => sensitivity),
    ['internal', null],
  )
  const wrong = await change('inner')
  assert.deepEqual([wrong.exit, asked.length], [2, 2])
  assert.match(wrong.err, /`--sensitivity` must be one of public, internal, confidential, restricted, null, not `inner`/)
})

test('what is true or false is said by its flag, and the opposite with `no-` before it; both at once say nothing', async () => {
  const asked: Record<string, unknown>[] = []
  const one = await signedIn({
    'organization:require-sso': (input: Record<string, unknown>) => {
      asked.push(input)
      return {}
    },
  })
  const say = (...flags: string[]) => one.run('organization', 'require-sso', 'It is needed.', ...flags)
  for (const flag of ['--required', '--no-required']) assert.equal((await say(flag)).exit, 0, flag)
  assert.deepEqual(
    asked.map(({ required }) => required),
    [true, false],
  )
  const both = await say('--required', '--no-required')
  assert.deepEqual([both.exit, asked.length], [2, 2])
  assert.match(both.err, /`--required` and `--no-required` say opposite things/)
  assert.equal((await say()).exit, 2)
  assert.match((await one.run('organization', 'require-sso', '--help')).out, /--\[no-\]required/)
})

test('an object comes as JSON or from a file, and what is not JSON is told with its flag', async () => {
  const published: Record<string, unknown>[] = []
  const one = await signedIn({
    'scenario:publish': (input) => {
      published.push(input)
      return { id: fakeId('scn', 1) }
    },
  })
  writeFileSync(join(one.folder, 'twin.json'), JSON.stringify({ name: 'x', scenario: { connections: [], deadlineSeconds: 7 } }))
  const ran = await one.run('scenario', 'publish', '--twin', fakeId('twn', 1), '--slug', 's', '--manifest', '@twin.json')
  assert.equal(ran.exit, 0, ran.err)
  assert.equal(Reflect.get(Object(published[0]?.manifest), 'deadlineSeconds'), 7)
  const wrong = await one.run('scenario', 'publish', '--twin', fakeId('twn', 1), '--slug', 's', '--manifest', '{')
  assert.equal(wrong.exit, 2)
  assert.match(wrong.err, /`--manifest` is not JSON/)
  assert.match(
    (await one.run('scenario', 'publish', '--twin', 'x', '--slug', 's', '--manifest', '@gone.json')).err,
    /`gone.json` cannot be read/,
  )
})

test('an asset is sealed from a file, and its name, type, project and owner follow', async () => {
  const added: Record<string, unknown>[] = []
  const one = await signedIn({
    'project:list': () => ({ items: [{ id: fakeId('prj', 1), slug: 'starter' }], next: null }),
    'asset:add': (input) => {
      added.push(input)
      return { id: fakeId('ast', 1), digest: `sha256:${'0'.repeat(64)}` }
    },
  })
  writeFileSync(join(one.folder, 'AI4I 2020.csv'), 'a,b\n1,2\n')
  const ran = await one.run('asset', 'add', '--file', 'AI4I 2020.csv', '--sensitivity', 'internal')
  assert.equal(ran.exit, 0, ran.err)
  const { content, ...rest } = added[0] ?? {}
  assert.deepEqual(rest, {
    slug: 'ai4i-2020',
    mediaType: 'text/csv',
    project: fakeId('prj', 1),
    owner: fakeId('per', 1),
    sensitivity: 'internal',
  })
  assert.equal(Buffer.from(String(content), 'base64').toString(), 'a,b\n1,2\n')
})

test('each kind of failure has its exit code, its cause and remedy on stderr, and nothing on stdout', async () => {
  const codes = {
    denied: 3,
    unauthenticated: 4,
    not_found: 5,
    conflict: 6,
    stale: 6,
    changed_since: 6,
    gate_failed: 7,
    not_promoted: 7,
    busy: 8,
    internal: 1,
    invalid: 1,
  } as const
  for (const [code, exit] of Object.entries(codes)) {
    const one = await signedIn({
      'environment:list': () => {
        throw fail(code as keyof typeof codes, 'This is the cause.', { next: 'This is the remedy.' }) // the keys of the table above
      },
    })
    const ran = await one.run('environment', 'list')
    assert.equal(ran.exit, exit, code)
    assert.equal(ran.out, '')
    assert.match(ran.err, new RegExp(`✗ This is the cause.\\n  This is the remedy.\\n  ${code}, request hrq_`))
    const json = JSON.parse((await one.run('environment', 'list', '--json')).err)
    assert.equal(json.code, code)
    await one.stop()
    running.splice(running.indexOf(one), 1)
  }
})

test('a server that does not answer, or is not Twinlock, is a network failure', async () => {
  const one = await fake()
  const nobody = await runIn(['login', `http://127.0.0.1:9/login#${fakeLinkToken}`], one.folder, { XDG_CONFIG_HOME: one.folder })
  assert.equal(nobody.exit, 8)
  assert.match(nobody.err, /does not answer/)
})

test('a wrong URL and a session file that cannot be read are told, and stop nothing else', async () => {
  const one = await signedIn(environments)
  assert.equal((await one.run('environment', 'list', '--url', 'ftp://x')).exit, 2)
  writeFileSync(join(one.folder, 'config', 'twinlock', 'sessions.json'), '{"version":2}')
  const ran = await one.run('environment', 'list')
  assert.equal(ran.exit, 1)
  assert.match(ran.err, /sessions.json` cannot be read/)
  assert.ok(existsSync(one.folder))
})

test('a denied person is told who else is signed in here with a role that would do', async () => {
  const one = await signedIn({})
  const file = join(one.folder, 'config', 'twinlock', 'sessions.json')
  const kept = JSON.parse(readFileSync(file, 'utf8'))
  kept.sessions.unshift({ ...kept.sessions[0], person: { id: fakeId('per', 2), slug: 'auditor' } })
  writeFileSync(file, JSON.stringify(kept))
  const ran = await one.run('ledger', 'export')
  assert.equal(ran.exit, 3)
  assert.match(ran.err, /Signed in here as well: --as auditor/)
})
