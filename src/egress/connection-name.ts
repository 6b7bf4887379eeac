// How a call, and a filter of calls, names a connection.
import { z } from 'zod'

/** The name of a connection as whoever calls writes it; whether there is one is another question. */
export const connectionName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
