// What OpenTelemetry's own environment variables say about where to send. Set by whoever starts the process, and trusted; headers may hold a credential
// of the receiver and are never shown.

/** Where telemetry goes. */
export interface OtlpSettings {
  /** The base URL, without a slash at its end: `/v1/traces` and `/v1/metrics` are below it. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
}

function endpointOf(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new Error('OTEL_EXPORTER_OTLP_ENDPOINT is an http or https URL, such as http://127.0.0.1:4318.')
  if (url.username !== '' || url.password !== '')
    throw new Error('OTEL_EXPORTER_OTLP_ENDPOINT holds a user or password; put a credential into OTEL_EXPORTER_OTLP_HEADERS.')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Headers as `key=value,key=value`, percent-encoded. */
function headersOf(value: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const pair of value.split(',').filter((one) => one.trim() !== '')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim().toLowerCase()
    if (at < 1 || !/^[a-z0-9!#$%&'*+.^_|~-]+$/.test(name))
      throw new Error('OTEL_EXPORTER_OTLP_HEADERS is key=value, with commas in between.')
    headers[name] = decodeURIComponent(pair.slice(at + 1).trim())
  }
  return headers
}

/** Reads the settings; nothing where no endpoint is named. Throws for what cannot be meant. */
export function otlpSettings(environment: Readonly<Record<string, string | undefined>>): OtlpSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint = '', OTEL_EXPORTER_OTLP_HEADERS: headers = '', OTEL_SERVICE_NAME: name } = environment
  if (endpoint === '') return undefined
  return { endpoint: endpointOf(endpoint), headers: headersOf(headers), serviceName: name ?? 'twinlock' }
}
