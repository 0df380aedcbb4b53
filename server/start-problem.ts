import { ConfigError } from './config.ts'
import { Fault } from './kernel/fault.ts'

/**
 * Why a start failed, in one line for the person at the terminal; undefined when it is a bug of ours, which deserves its trace.
 * Known: a bad setting, a port that is taken, and every fault (data folder in use, database unreachable, migrations).
 */
export function describeStartProblem(error: unknown): string | undefined {
  if (error instanceof ConfigError) return `bad setting: ${error.message}`
  if (error instanceof Fault) return error.message
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const where = 'port' in error ? `${'address' in error ? String(error.address) : ''}:${String(error.port)}` : 'the address'
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where} is already in use: stop what listens there, or set PORT to another`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${where} is not an address of this machine: set HOST to one`
    case 'EACCES':
      return 'port' in error ? `${where} may not be opened by this user: set PORT to 1024 or above` : error.message
    case 'EROFS':
    case 'ENOSPC':
      return error.message
    default:
      return undefined
  }
}

/** Prints why the start failed and ends the process with 1. For the composition root alone. */
export function failStart(error: unknown): never {
  const problem = describeStartProblem(error)
  console.error(problem === undefined ? error : `fulcrum: ${problem}`)
  process.exit(1)
}
