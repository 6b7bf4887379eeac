#!/usr/bin/env node
// The development server of the console: `npm run console:dev`, on loopback alone. The API and the sessions are those of a Twinlock that runs beside it,
// by default at http://127.0.0.1:8484. Sign in with a link of that server whose port is replaced by this one's.
import { createServer } from 'vite'
import { viteSettings } from './vite-settings.ts'

const server = process.env.TWINLOCK_URL ?? 'http://127.0.0.1:8484'
// The server lets only its own origin write; this one speaks for it, on a developer's machine.
const target = { target: server, changeOrigin: true, headers: { origin: server } }

const vite = await createServer({
  ...viteSettings(),
  server: { host: '127.0.0.1', port: 5173, strictPort: false, proxy: { '/v1': target, '/console/session': target } },
})
await vite.listen()
vite.printUrls()
