import type { CarrierInput } from '../../../contract/entities/carrier.ts'
import type { RateInput } from '../../../contract/entities/rate.ts'
import type { Place } from '../../../contract/entities/basics.ts'
import type { Minor } from '../../kernel/money.ts'
import { dayNumber } from '../calendar/day.ts'
import { placeKey } from '../place/area.ts'
import { chargedFor, priceOf, tariffOf, type Tariff } from './charge.ts'
import type { Load } from './load.ts'
import { compileMostSpecific, type MostSpecific, type Starts } from './most-specific.ts'

/** Why a row is not used at all. */
export type IgnoredRate = { readonly rateId: string; readonly reason: 'currency' | 'not_valid' | 'unknown_service' | 'unknown_zone' }

export type RateFacts = {
  readonly rates: readonly RateInput[]
  readonly carriers: readonly CarrierInput[]
  /** Service numbers by {@link serviceKey}. */
  readonly serviceNos: ReadonlyMap<string, number>
  readonly nodes: Starts
  /** Base currency of the hub; rows in another one are ignored. */
  readonly currency: string
  /** Day (UTC, since 1970-01-01) on which quotes are made. */
  readonly today: number
}

export type RateTable = {
  readonly tariffs: readonly Tariff[]
  readonly rateIds: readonly string[]
  readonly match: MostSpecific
  readonly ignored: readonly IgnoredRate[]
}

export const serviceKey = (carrierId: string, serviceId: string): string => `${carrierId}\n${serviceId}`

function reasonAgainst(rate: RateInput, { serviceNos, currency, today }: RateFacts): IgnoredRate['reason'] | undefined {
  if (!serviceNos.has(serviceKey(rate.carrierId, rate.serviceId))) return 'unknown_service'
  if (rate.currency !== currency) return 'currency'
  if (rate.validFrom !== undefined && today < dayNumber(rate.validFrom)) return 'not_valid'
  return rate.validTo !== undefined && today > dayNumber(rate.validTo) ? 'not_valid' : undefined
}

/** Prepares the rows that count today; the others are listed with the reason. */
export function compileRates(facts: RateFacts): RateTable {
  const zones = new Map(
    facts.carriers.flatMap(({ carrierId, zones: own }) => (own ?? []).map((z) => [serviceKey(carrierId, z.zoneId), z.areas])),
  )
  const ignored: IgnoredRate[] = []
  const kept: { readonly rate: RateInput; readonly to: readonly NonNullable<RateInput['to']>[] }[] = []
  for (const rate of facts.rates) {
    const zone = rate.zoneId === undefined ? undefined : zones.get(serviceKey(rate.carrierId, rate.zoneId))
    const reason = reasonAgainst(rate, facts) ?? (rate.zoneId !== undefined && !zone ? 'unknown_zone' : undefined)
    if (reason) ignored.push({ rateId: rate.rateId, reason })
    else kept.push({ rate, to: zone ?? (rate.to ? [rate.to] : []) })
  }
  const rows = kept.map(({ rate, to }) => ({
    id: rate.rateId,
    group: facts.serviceNos.get(serviceKey(rate.carrierId, rate.serviceId)) ?? -1,
    from: rate.from,
    to,
  }))
  return {
    tariffs: kept.map(({ rate }) => tariffOf(rate)),
    rateIds: kept.map(({ rate }) => rate.rateId),
    match: compileMostSpecific(rows, facts.nodes),
    ignored,
  }
}

/** What a service charges from one node to a place, by its most specific row; undefined when no row fits. */
export function freightFor(
  table: RateTable,
  serviceNo: number,
  nodeIndex: number,
  nodeCount: number,
  place: Place,
  load: Load,
  limits: Parameters<typeof chargedFor>[1],
): { readonly amount: Minor; readonly rateId: string } | undefined {
  const rowOf = new Int32Array(nodeCount)
  table.match.fill(serviceNo, placeKey(place), rowOf)
  const row = rowOf[nodeIndex] ?? -1
  const tariff = table.tariffs[row]
  return tariff && { amount: priceOf(tariff, chargedFor(load, limits)), rateId: table.rateIds[row] ?? '' }
}
