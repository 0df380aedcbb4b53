import { assert } from './assert.ts'

/** By state, where each step leads. */
export type Machine = Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>

/**
 * The machine as it was given, looked at when its module is loaded: every step leads to a state, every state is reached from the first, and
 * every state has a way to one of `ends`. Throws a defect that names the state; the hub does not start then.
 */
export function checkedMachine<const M extends Machine>(
  name: string,
  first: keyof M & string,
  ends: readonly (keyof M & string)[],
  machine: M,
): M {
  const known: Machine = machine
  for (const [state, steps] of Object.entries(known))
    for (const [step, to] of Object.entries(steps))
      assert(to !== undefined && to in known, `${name}: ${step} of ${state} leads to ${to}, which is no state`)
  const reached = reachedFrom(known, first)
  for (const state of Object.keys(known)) {
    assert(reached.has(state), `${name}: nothing leads to ${state}`)
    assert(
      ends.some((end) => reachedFrom(known, state).has(end)),
      `${name}: ${state} has no way to an end`,
    )
  }
  return machine
}

function reachedFrom(machine: Machine, first: string): ReadonlySet<string> {
  const seen = new Set([first])
  for (const state of seen) for (const next of Object.values(machine[state] ?? {})) if (next !== undefined) seen.add(next)
  return seen
}
