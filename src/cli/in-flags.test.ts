// What a server says by pointers, a person reads by the flags that he typed; as JSON it stays what the server said.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fail } from '../kernel/index.ts'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from './fixtures/fake-twinlock.ts'

let one: FakeTwinlock
/** What the fake refuses by. */
let refusal = fail('invalid', 'There is no such thing.')
const refuse = () => {
  throw refusal
}
before(async () => {
  one = await startFake({
    'person:create': refuse,
    'grant:create': refuse,
    'ownership:offer': refuse,
    'guardrail:show': refuse,
    'access:whatif': refuse,
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

const person = ['person', 'create', '--slug', 'ada', '--name', 'Ada', '--email', 'ada@x.example']
const told = async (args: readonly string[], thrown: typeof refusal): Promise<string> => {
  refusal = thrown
  const { exit, err, out } = await one.run(...args)
  assert.equal(exit, 1, err)
  assert.equal(out, '')
  return err
}

describe('a refusal on the command line', () => {
  it('names the flag where the server names the field in its sentence', async () => {
    const err = await told(person, fail('invalid', '`/email` must be an e-mail address.', { pointer: '/email' }))
    assert.match(err, /^✗ `--email` must be an e-mail address\.\n {2}See `twinlock person create --help`\.\n {2}invalid, request/)
  })

  it('names the flag of a lone fault that is told in a sentence without it, and what to do where the server says that', async () => {
    const err = await told(person, fail('invalid', 'This is taken.', { pointer: '/slug', next: 'Take another.' }))
    assert.match(err, /^✗ This is taken\.\n {2}It is about `--slug`\.\n {2}Take another\./)
  })

  it('lists several faults, each by its flag, and says none of them twice', async () => {
    const errors = ['/slug: is missing', '/name: must not be empty']
    const err = await told(person, fail('invalid', '`/slug` is missing.', { pointer: '/slug', facts: { errors } }))
    assert.match(err, /^✗ 2 things that were given cannot be taken:\n {2}`--slug` is missing\n {2}`--name` must not be empty\n/)
  })

  it('says which of several values, where within JSON, and what is typed without a flag', async () => {
    const things = [1, 2].flatMap((at) => ['--things', fakeId('twn', at)])
    const offer = ['ownership', 'offer', '--to', fakeId('per', 1), '--reason', 'It is needed.', ...things]
    assert.match(await told(offer, fail('invalid', 'It is not there.', { pointer: '/things/0' })), /It is about `--things`\./)
    assert.match(await told(offer, fail('invalid', 'It is not there.', { pointer: '/things/1' })), /It is about `--things`, number 2\./)
    const show = ['guardrail', 'show', 'weekend']
    assert.match(await told(show, fail('invalid', 'It is not there.', { pointer: '/guardrail' })), /It is about `<guardrail>`\./)
    const change = JSON.stringify({ kind: 'take', grant: fakeId('grt', 1) })
    const thrown = fail('invalid', 'It is over.', { pointer: '/change/grant' })
    assert.match(await told(['access', 'whatif', '--change', change], thrown), /It is about `--change` at \/grant\./)
    assert.match(await told(['access', 'whatif', '--kind', 'take', '--grant', fakeId('grt', 1)], thrown), /It is about `--grant`\./)
  })

  it('keeps what is no field of it as it is, and is the server’s own problem as JSON', async () => {
    assert.match(await told(person, fail('invalid', 'It is odd.', { pointer: '/elsewhere' })), /It is about `\/elsewhere`\./)
    refusal = fail('invalid', '`/email` is odd.', { pointer: '/email' })
    assert.equal(JSON.parse((await one.run(...person, '--json')).err).errors[0].pointer, '/email')
  })
})
