/**
 * The few globals that rooms may use without Node's or the browser's types.
 * Everything else from outside comes in as a port.
 */
declare class URL {
  constructor(url: string, base?: string)
  readonly href: string
  readonly protocol: string
  readonly host: string
  readonly hostname: string
  readonly port: string
  readonly pathname: string
  readonly search: string
  readonly origin: string
  readonly username: string
  readonly password: string
  readonly hash: string
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array): string
}
declare class AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
}
declare function btoa(text: string): string
declare function atob(text: string): string
declare function structuredClone<T>(value: T): T
