// A service proves its key for a promotion. The nonce is read as the signed-in person; the proof is signed with the service's own key.
import { exchange } from '../api.ts'
import { textFlag, type VerbExtra } from '../command.ts'
import { usage } from '../failure.ts'
import { originOf } from '../sign-in/choose-session.ts'
import { readWorkloadKey, signAssertion } from '../sign-in/workload-key.ts'
import { promotionDetailAnswer } from './answers.ts'

/** Proves a key. */
export const promotionProveKey: VerbExtra = {
  flags: [{ name: 'service-key', value: '<file>', about: 'The service’s key file. The nonce is looked up as the signed-in person.' }],
  fills: ['nonce'],
  async perform(input, values, context) {
    const file = textFlag(values, 'service-key')
    if (file === undefined && context.globals.key !== undefined)
      throw usage(
        '`--key` says as whom the whole command acts, and the service may not look its promotion up.',
        `Name its key with --service-key ${context.globals.key}, and sign in as somebody who may see the promotion.`,
      )
    if (file === undefined) throw usage('`twinlock promotion prove-key` needs --service-key <file>: the key that production would trust.')
    const key = readWorkloadKey(context.io, file)
    const promotion = String(input.promotion)
    const nonce =
      typeof input.nonce === 'string'
        ? input.nonce
        : promotionDetailAnswer.parse(await context.api.call('promotion:show', { promotion })).nonce
    // The audience names the server as it calls itself, which is what the key file holds.
    const path = `/v1/promotions/${encodeURIComponent(promotion)}/prove-key`
    const assertion = signAssertion(key, `${originOf(key.tokenEndpoint)}${path}#${nonce}`, context.io.now())
    const body = JSON.stringify({ assertion, organization: key.organization, nonce })
    return exchange(context.io, originOf(key.tokenEndpoint), path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
  },
  next: (answer) => [`Next: twinlock promotion check ${String(answer.promotion)}`],
}
