/** What `npm run simulate` and `npm run day` are asked for. */
export type DriveOptions = {
  readonly orders: number
  /** Hours of business time over which they come. */
  readonly hours: number
  /** Orders a wall second at most; undefined: as fast as the hub takes them. */
  readonly rate: number | undefined
  /** Lost requests and answers, doubled and late ones, forged bodies. */
  readonly faults: boolean
  /** Each named trouble this many times. */
  readonly troubles: number
  /** The hub is killed once, half-way. */
  readonly kill: boolean
  readonly seed: number
}

const defaults: DriveOptions = { orders: 1000, hours: 24, rate: undefined, faults: false, troubles: 0, kill: false, seed: 1 }
const numbers = {
  '--orders': [1, 10_000_000],
  '--hours': [1, 240],
  '--rate': [1, 100_000],
  '--troubles': [0, 100],
  '--seed': [0, 2_147_483_647],
} as const
const switches = ['--faults', '--kill'] as const

const isNumber = (name: string): name is keyof typeof numbers => Object.hasOwn(numbers, name)

/** Reads the command line; throws with what was expected and what was got. */
export function readArguments(args: readonly string[]): DriveOptions {
  let options: DriveOptions = defaults
  for (let i = 0; i < args.length; i++) {
    const name = args[i] ?? ''
    if (switches.some((one) => one === name)) options = { ...options, [name.slice(2)]: true }
    else if (isNumber(name)) {
      const [least, most] = numbers[name]
      const text = args[++i] ?? ''
      const value = Number(text)
      if (!/^\d{1,9}$/.test(text) || value < least || value > most)
        throw new Error(`${name}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`)
      options = { ...options, [name.slice(2)]: value }
    } else throw new Error(`expected ${[...Object.keys(numbers), ...switches].join(', ')}; got ${JSON.stringify(name)}`)
  }
  return options
}
