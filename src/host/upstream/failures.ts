// What a run is told when its upstream fails: the kind of failure, and no name, address, port or certificate. The rest is for the log.
import { CodedError, fail } from '../../kernel/index.ts'
import { reasonOf, systemErrorCode } from '../postgres/errors.ts'

/** What is said of a name that leads nowhere. */
export const nameUnresolved = 'The name of the upstream could not be resolved.'

const details: readonly { readonly when: RegExp; readonly detail: string }[] = [
  { when: /^(ENOTFOUND|EAI_.*|ENODATA)$/, detail: nameUnresolved },
  { when: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, detail: 'The upstream could not be reached.' },
  { when: /^(ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/, detail: 'The upstream did not answer in time.' },
  { when: /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/, detail: 'The upstream broke the exchange off.' },
  { when: /^HPE_/, detail: 'The upstream did not answer in plain HTTP/1.1.' },
  { when: /(CERT|SSL|TLS|SIGNED|ISSUER|EPROTO)/, detail: 'The upstream could not prove who it is, or speaks no TLS that is accepted.' },
]

/** A failure that an exchange ends with, whatever was thrown; coded ones stay what they are. */
export function upstreamFailure(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const code = systemErrorCode(error) ?? ''
  if (code === 'HPE_HEADER_OVERFLOW')
    return fail('response_too_large', 'The headers of the answer are larger than 16 KiB.', { cause: error })
  const known = details.find(({ when }) => when.test(code))
  return fail('upstream_failed', known?.detail ?? 'The exchange with the upstream failed.', { cause: error })
}

/** A failure with a detail of our own. */
export function upstreamFailed(detail: string, cause?: unknown): CodedError {
  return fail('upstream_failed', detail, cause === undefined ? {} : { cause: new Error(reasonOf(cause)) })
}
