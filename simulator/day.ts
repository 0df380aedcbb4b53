import { readArguments } from './drive/arguments.ts'
import { drive } from './drive/drive.ts'

/** `npm run day`: a day of 20,000 orders with every fault and each trouble twice; the hub is killed at noon. As `npm run simulate`. */
const DAY = ['--orders', '20000', '--hours', '24', '--faults', '--troubles', '2', '--kill']

try {
  process.exitCode = (await drive(readArguments([...DAY, ...process.argv.slice(2)]))) ? 0 : 1
} catch (error) {
  console.error(`day: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
