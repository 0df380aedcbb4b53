import type { Place } from '../../../contract/entities/basics.ts'
import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import type { LaneInput } from '../../../contract/entities/lane.ts'
import type { CarbonLeg } from '../carbon/emissions.ts'
import { destinationOf } from './destination.ts'
import type { Network, NetworkService } from './network.ts'

/** Legs and hubs of a parcel's way. */
export type Way = { readonly legs: readonly CarbonLeg[]; readonly hubs: readonly EmissionFactorInput[] }

/**
 * The way of a parcel as promises count it: the legs of its lane, else the lane's length or the great circle with the service's mode. A
 * carrier or service that is not configured goes by road. Undefined for a node that is not known.
 */
export function wayOf(
  network: Network,
  nodeId: string,
  service: { readonly carrierId?: string; readonly serviceId?: string },
  to: Place,
): Way | undefined {
  const n = network.nodes.findIndex((node) => node.nodeId === nodeId)
  if (n < 0) return undefined
  const s = network.services.findIndex((one) => isOf(one, service))
  const destination = destinationOf(network, to)
  const km = destination.km[n] ?? 0
  const known = network.services[s]
  const lane = s < 0 ? undefined : network.lanes[destination.area.lane[n * network.services.length + s] ?? -1]
  const hubs = (lane?.hubs ?? []).flatMap((hub) => network.factors.named(hub) ?? [])
  if (lane?.legs) return { legs: lane.legs.map((leg) => legOf(network, known, leg)), hubs }
  const factor = network.factors.of(known?.service.mode ?? 'road', known?.service.factorId)
  return { legs: [{ distanceKm: lane?.distanceKm ?? km, factor }], hubs }
}

const isOf = (
  { carrierId, service, isDefault }: NetworkService,
  wanted: { readonly carrierId?: string; readonly serviceId?: string },
): boolean => !isDefault && carrierId === wanted.carrierId && (wanted.serviceId === undefined || service.serviceId === wanted.serviceId)

function legOf(
  { factors }: Network,
  known: NetworkService | undefined,
  { mode, distanceKm, factorId }: NonNullable<LaneInput['legs']>[number],
): CarbonLeg {
  const own = factorId ?? (mode === known?.service.mode ? known.service.factorId : undefined)
  return { distanceKm, factor: factors.of(mode, own) }
}
