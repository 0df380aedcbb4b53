/** A broken assumption: a bug in the hub, never a user's mistake and never a broken world. */
export class Defect extends Error {
  override readonly name = 'Defect'
}

/** Throws a {@link Defect} when what the code relies on does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Defect(message)
}

/** Closes a switch over a union: adding a member makes the call a type error. */
export function assertNever(value: never, what: string): never {
  throw new Defect(`${what}: unexpected ${JSON.stringify(value)}`)
}

/** The value, or a {@link Defect} that says what was missing. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Defect(`${what} is missing`)
  return value
}
