import { type ReadyLegs, sureDeparture } from './best-legs.ts'
import { type LoadPrices, priceOfRow } from './load-prices.ts'

/**
 * What the best legs of some nodes cannot fall below, by position in the question. It reads the distance and the rate row of a node and
 * nothing else, so that most nodes are seen to be too dear before their legs are worked out.
 */
export type LegFloors = {
  /** Freight of the whole load or of a part of it, whichever is less, and what the whole adds to that. Minor units of the base currency. */
  readonly freight: Float64Array
  readonly added: Float64Array
  readonly co2eGrams: Float64Array
  /** 0 where it is sure that some service goes; elsewhere only the leg itself tells. */
  readonly isUnsure: Uint8Array
}

/** Fills in the floors of the nodes at `from` up to `to` (excluded); `part` are the prices of a part of the load, or of the whole where it has none. */
export function legFloors(ready: ReadyLegs, part: LoadPrices, nodeNos: Int32Array, from: number, to: number, into: LegFloors): void {
  const { service } = ready.query
  into.freight.fill(Infinity, from, to)
  into.added.fill(Infinity, from, to)
  into.co2eGrams.fill(Infinity, from, to)
  const end = service === undefined ? ready.blocked.length : service + 1
  for (let s = service ?? 0; s < end; s += 1) if (ready.blocked[s] === 0) lower(ready, part, s, nodeNos, from, to, into)
  markUnsure(ready, nodeNos, from, to, into.isUnsure)
}

/** Lowers the floors to what one service costs. */
function lower(ready: ReadyLegs, part: LoadPrices, s: number, nodeNos: Int32Array, from: number, to: number, into: LegFloors): void {
  const { network, prices, query } = ready
  const { km, area } = query.destination
  const { indexOf } = network
  const { freight, added, co2eGrams } = into
  const width = network.services.length
  const hasRates = network.rates.match.has(s)
  const [fixed, per100Km, partFixed, partPer100Km] = [prices.fixed[s]!, prices.per100Km[s]!, part.fixed[s]!, part.per100Km[s]!]
  const carbon = area.leastCarbon[s]! * query.load.grams
  const carbonPerKm = area.leastPerKm[s]! * query.load.grams
  for (let at = from; at < to; at += 1) {
    const n = indexOf[nodeNos[at]!] ?? -1
    if (n < 0) continue
    const far = km[n]!
    const row = hasRates ? area.rate[n * width + s]! : -1
    const whole = row < 0 ? fixed + Math.round((far * per100Km) / 100) : priceOfRow(network, prices, row, s)
    const least = Math.min(whole, row < 0 ? partFixed + Math.round((far * partPer100Km) / 100) : priceOfRow(network, part, row, s))
    if (least < freight[at]!) freight[at] = least
    if (whole - least < added[at]!) added[at] = whole - least
    const grams = carbon + carbonPerKm * far
    if (grams < co2eGrams[at]!) co2eGrams[at] = grams
  }
}

function markUnsure(ready: ReadyLegs, nodeNos: Int32Array, from: number, to: number, isUnsure: Uint8Array): void {
  const { network, query, blocked, sureOf } = ready
  const { isLimited, indexOf, scheduleOf } = network
  const { sure } = query.destination.area
  let free = 0
  for (let s = 0; s < 31 && s < blocked.length; s += 1)
    if (blocked[s] === 0 && (query.service === undefined || query.service === s)) free |= 1 << s
  for (let at = from; at < to; at += 1) {
    const n = indexOf[nodeNos[at]!] ?? -1
    const may = n < 0 ? 0 : sure[n]! & free
    // Another node of its schedule has shown that one of these leaves.
    if (isLimited[n] === 0 && (sureOf[scheduleOf[n]!]! & may) !== 0) isUnsure[at] = 0
    else isUnsure[at] = leavesSurely(ready, n, may) ? 0 : 1
  }
}

function leavesSurely(ready: ReadyLegs, n: number, services: number): boolean {
  const { network, query, sureOf } = ready
  for (let s = 0; services >> s !== 0; s += 1) {
    if (((services >> s) & 1) === 0) continue
    const day = sureDeparture(ready, n, s)
    if (day < 0) continue
    sureOf[network.scheduleOf[n]!]! |= 1 << s
    if (network.isLimited[n] === 0 || query.isFull?.(network.nodes[n]?.nodeNo ?? -1, day) !== true) return true
  }
  return false
}
