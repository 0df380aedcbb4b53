import type { Window } from '../shoppers/habits.ts'

/** Somebody in the world. */
export type Actor = {
  readonly name: string
  /** Plans what the actor does in a stretch of business time; `least` is how many orders a visitor should see in it at least. */
  plan(window: Window, least: number): void
}
