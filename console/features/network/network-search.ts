import { type NodeInput, nodeKinds } from '../../../contract/entities/node.ts'

export const networkTabs = ['nodes', 'carriers', 'lanes', 'calendars'] as const
/** The page as it stands in its address: what is listed, which nodes, and the one that is looked at. */
export type NetworkSearch = {
  readonly tab?: Exclude<(typeof networkTabs)[number], 'nodes'>
  readonly node?: string
  readonly kind?: NodeInput['kind']
  readonly state?: 'open' | 'closed'
}

/** What of an address is understood; the rest of it is dropped. */
export function networkSearchOf(given: Record<string, unknown>): NetworkSearch {
  const tab = networkTabs.find((one) => one === given['tab'])
  const kind = nodeKinds.find((one) => one === given['kind'])
  const { node, state } = given
  return {
    ...(tab === undefined || tab === 'nodes' ? {} : { tab }),
    ...(typeof node === 'string' && node !== '' ? { node } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(state === 'open' || state === 'closed' ? { state } : {}),
  }
}
