import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Rejects as listening would (`EADDRINUSE`, `EACCES` …) where the address cannot be had now. Asked before a database is made or taken up:
 * a start that cannot succeed leaves nothing behind. Whoever comes between is still found out by listening itself.
 */
export async function expectFreePort(host: string, port: number): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  probe.listen({ host, port, exclusive: true })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}
