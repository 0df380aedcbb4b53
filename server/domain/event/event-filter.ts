import type { LoggedEvent } from './logged-event.ts'

/** Which events a subscriber wants; each list that is given must hold the event. `order.*` stands for every type that begins so. */
export type EventFilter = {
  readonly types?: readonly string[]
  readonly channels?: readonly string[]
  readonly nodes?: readonly string[]
  readonly carriers?: readonly string[]
}

export const matchesType = (pattern: string, type: string): boolean =>
  pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type

const holds = (list: readonly string[] | undefined, one: string | null): boolean =>
  list === undefined || (one !== null && list.includes(one))
const holdsSome = (list: readonly string[] | undefined, some: readonly string[] | null | undefined): boolean =>
  list === undefined || (some ?? []).some((one) => list.includes(one))

/** Whether the filter wants the event. */
export function wantsEvent(filter: EventFilter, event: LoggedEvent): boolean {
  return (
    (filter.types === undefined || filter.types.some((pattern) => matchesType(pattern, event.type))) &&
    holds(filter.channels, event.channelId) &&
    holdsSome(filter.nodes, event.nodeIds) &&
    holdsSome(filter.carriers, event.carrierIds)
  )
}
