import type { Attributes } from '../../../contract/entities/basics.ts'
import type { Network } from './network.ts'

/** What an item asks of nodes and services: the names of its attributes that are true, sorted. */
export const needsOf = (attributes: Attributes | undefined): readonly string[] =>
  Object.entries(attributes ?? {})
    .filter(([, value]) => value === true)
    .map(([name]) => name)
    .sort()

/** Whether somebody with these capabilities meets all needs; without a list they can do everything. */
export const meets = (capabilities: readonly string[] | undefined, needs: readonly string[]): boolean =>
  capabilities === undefined || needs.every((need) => capabilities.includes(need))

/** 1 for each service of the network that carries items with these needs: the `allowed` of a query. */
export const servicesFor = (network: Network, needs: readonly string[]): Uint8Array =>
  Uint8Array.from(network.services, ({ service }) => (meets(service.capabilities, needs) ? 1 : 0))
