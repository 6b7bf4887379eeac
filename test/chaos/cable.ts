// PostgreSQL as one server reaches it, over a network that can be cut: while it is, nothing gets through either way and nobody is told so; when it is mended,
// everything arrives that was on its way, late. So a partition looks from both of its sides.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'

/** The network between one server and its database. */
export class Cable {
  readonly #database: DatabaseConnection
  readonly #server: Server
  readonly #ends = new Set<Socket>()
  #isCut = false

  constructor(database: DatabaseConnection) {
    this.#database = database
    this.#server = createServer((near) => {
      const { host, port } = database
      const far = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host)
      this.#join(near, far)
      this.#join(far, near)
    })
  }

  #join(from: Socket, to: Socket): void {
    this.#ends.add(from)
    from.on('data', (bytes) => to.write(bytes))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#ends.delete(from)
      to.destroy()
    })
    if (this.#isCut) from.pause()
  }

  /** How the server is to reach the database. */
  async connection(): Promise<DatabaseConnection> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('There is no free port.')
    return { ...this.#database, host: '127.0.0.1', port: address.port }
  }

  cut(): void {
    this.#isCut = true
    for (const end of this.#ends) end.pause()
  }

  mend(): void {
    this.#isCut = false
    for (const end of this.#ends) end.resume()
  }

  close(): void {
    this.#server.close()
    for (const end of this.#ends) end.destroy()
  }
}
