import { readArguments } from './drive/arguments.ts'
import { drive } from './drive/drive.ts'

/**
 * `npm run simulate -- [--orders 1000] [--hours 24] [--rate n] [--faults] [--troubles n] [--kill] [--seed 1]`: the load and fault driver.
 * Exits with 1 when the world and the hub differ or an invariant is violated, with 2 when it could not run.
 */
try {
  process.exitCode = (await drive(readArguments(process.argv.slice(2)))) ? 0 : 1
} catch (error) {
  console.error(`simulate: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
