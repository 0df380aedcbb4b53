import { randomOf, type Random, weightsOf } from '../random.ts'
import { DEPOSIT_PERCENT, type WorldChannel } from '../world/channels.ts'
import { LAUNCH } from '../world/families.ts'
import { ACCOUNTS } from '../world/rules.ts'
import type { World } from '../world/world.ts'
import { type Person, personOf } from './people.ts'

export type PurchaseLine = {
  readonly sku: string
  readonly name: string
  readonly grams: number
  readonly quantity: number
  /** Fen for one. */
  readonly unitPrice: number
  /** Fen off the whole line. */
  readonly discount: number
}

/** What somebody buys, before any platform has put it into its own words. */
export type Purchase = {
  readonly channel: WorldChannel
  /** Unique within its channel. */
  readonly serial: number
  /** Epoch ms of business time. */
  readonly placedAt: number
  readonly buyer: Person
  readonly accountId: string | undefined
  readonly lines: readonly PurchaseLine[]
  readonly shipping: number
  readonly note: string
  /** Epoch ms; undefined: never. */
  readonly paidAt: number | undefined
  /** Fen paid when it is placed, for what is not out yet; the rest when the shop asks for it. */
  readonly deposit: number | undefined
  /** Epoch ms at which the buyer thinks better of it; undefined: never. */
  readonly regretsAt: number | undefined
}

const MINUTE = 60_000
const BUYERS = 4000
const LINES = weightsOf([0.52, 0.25, 0.13, 0.07, 0.03])
const NOTES = ['请放门口', '工作日送货', '周末配送', '送货前请打电话', '需要发票', '不要使用塑料袋']
const FREE_FROM = 9900
const REGRETS = 0.035
const NEVER_PAYS = 0.22

export const totalOf = (purchase: Pick<Purchase, 'lines' | 'shipping'>): number =>
  purchase.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - line.discount, purchase.shipping)

/** What is bought under this serial number of the channel: the same for the same seed, serial and time. */
export function purchaseOf(world: World, channel: WorldChannel, serial: number, placedAt: number): Purchase {
  const random = randomOf(world.seed, 'purchase', channel.channelId, serial)
  // Some come again and again, most once.
  const buyer = personOf(world, channel.channelId, Math.floor(random.next() ** 2 * BUYERS) + 1)
  const isCorporate = channel.channelId === 'corp'
  const lines = linesOf(world, channel, random, isCorporate ? 6 : 1)
  const value = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - line.discount, 0)
  const isNew = lines[0]?.sku.startsWith(LAUNCH) === true
  const paysLater = random.is(channel.paysLater) && !isNew
  const paidAt = !paysLater
    ? placedAt + random.between(5, 90) * 1000
    : random.is(NEVER_PAYS)
      ? undefined
      : placedAt + random.between(2, 24) * MINUTE
  const shipping = isCorporate || value >= FREE_FROM ? 0 : random.pick([600, 800, 1000])
  return {
    channel,
    serial,
    placedAt,
    buyer,
    accountId: isCorporate ? `corp-${String(random.between(1, ACCOUNTS)).padStart(3, '0')}` : undefined,
    lines,
    shipping,
    note: random.is(0.12) ? random.pick(NOTES) : '',
    paidAt: isCorporate ? undefined : paidAt,
    deposit: isNew ? Math.ceil(((value + shipping) * DEPOSIT_PERCENT) / 100) : undefined,
    regretsAt: random.is(REGRETS) && !isNew ? placedAt + random.between(30, 600) * MINUTE : undefined,
  }
}

function linesOf(world: World, channel: WorldChannel, random: Random, times: number): PurchaseLine[] {
  const families = Object.entries(channel.sells)
  const weights = weightsOf(families.map(([, share]) => share))
  const wanted = random.weighted(LINES) + 1
  const lines = new Map<string, PurchaseLine>()
  // An order holds what one shelf sells: cold goods and sofas do not meet in it often.
  const code = families[random.weighted(weights)]?.[0] ?? ''
  while (lines.size < (code === LAUNCH ? 1 : wanted)) {
    const other = random.is(0.75) ? code : (families[random.weighted(weights)]?.[0] ?? code)
    // What is not out yet is bought alone.
    const shelf = world.shelves.get(other === LAUNCH ? code : other)
    const one = shelf?.items[random.weighted(shelf.weights)]
    if (one === undefined) continue
    const quantity = code === LAUNCH ? 1 : (random.is(0.78) ? 1 : random.between(2, 4)) * (times === 1 ? 1 : random.between(2, times))
    const off = random.is(0.3) ? Math.round((one.price * quantity * random.pick([0.05, 0.1, 0.15])) / 100) * 100 : 0
    lines.set(one.item.sku, {
      sku: one.item.sku,
      name: one.item.name,
      grams: one.item.weightGrams ?? 0,
      quantity,
      unitPrice: one.price,
      discount: off,
    })
  }
  return [...lines.values()]
}
