import type { ChangeInput } from '../../../contract/entities/change-set.ts'
import type { Line } from './order.ts'

export type LineWish = { readonly quantity?: number; readonly unitPrice?: number; readonly discount?: number }
export type Added = { readonly sku: string; readonly quantity: number; readonly unitPrice: number }
export type Address = NonNullable<ChangeInput['address']>
/** What stands in the editor; minor units. */
export type Wish = {
  readonly lines: Readonly<Record<string, LineWish>>
  readonly added: readonly Added[]
  readonly address?: Partial<Address>
  /** carrier and service, or nothing. */
  readonly service?: { readonly carrierId: string; readonly serviceId: string }
  readonly note?: string
}

type Units = Pick<Line, 'lineRef' | 'quantity' | 'cancelled' | 'packed' | 'shipped' | 'delivered'>

/** Units that the buyer still wants. */
export const wantedOf = (line: Pick<Units, 'quantity' | 'cancelled'>): number => line.quantity - line.cancelled
/** Units that stay: packed ones, and digital ones that were delivered without ever being packed. */
export const keptOf = (line: Pick<Units, 'packed' | 'delivered'>): number => Math.max(line.packed, line.delivered)
/** Units that may still be given up. */
export const openOf = (line: Omit<Units, 'lineRef' | 'shipped'>): number => Math.max(0, wantedOf(line) - keptOf(line))

/** Only what differs from the order, as the API takes it; undefined where nothing does. */
export function editsOf(
  lines: readonly (Units & Pick<Line, 'unitPrice' | 'discount'>)[],
  wish: Wish,
): Pick<ChangeInput, 'lines' | 'add' | 'address' | 'service' | 'note'> | undefined {
  const edits = lines.flatMap((line) => {
    const { quantity, unitPrice, discount } = wish.lines[line.lineRef] ?? {}
    const edit = {
      ...(quantity === undefined || quantity === wantedOf(line) ? {} : { quantity }),
      ...(unitPrice === undefined || unitPrice === line.unitPrice ? {} : { unitPrice }),
      ...(discount === undefined || discount === (line.discount ?? 0) ? {} : { discount }),
    }
    return Object.keys(edit).length === 0 ? [] : [{ lineRef: line.lineRef, ...edit }]
  })
  const refs = new Set(lines.map((line) => line.lineRef))
  const add = wish.added.filter((one) => one.sku !== '').map((one) => ({ lineRef: freshRef(refs), ...one }))
  const address = addressOf(wish.address)
  if (edits.length === 0 && add.length === 0 && address === undefined && wish.service === undefined) return undefined
  return {
    ...(edits.length === 0 ? {} : { lines: edits }),
    ...(add.length === 0 ? {} : { add }),
    ...(address === undefined ? {} : { address }),
    ...(wish.service === undefined ? {} : { service: wish.service }),
    ...(wish.note === undefined || wish.note.trim() === '' ? {} : { note: wish.note.trim() }),
  }
}

/** A reference that no line has yet. */
function freshRef(taken: Set<string>): string {
  let n = taken.size + 1
  while (taken.has(String(n))) n += 1
  taken.add(String(n))
  return String(n)
}

function addressOf(address: Partial<Address> | undefined): Address | undefined {
  if (address?.countryCode === undefined || address.countryCode === '') return undefined
  const given = Object.entries(address).filter(([, value]) => value !== undefined && value !== '')
  return { ...Object.fromEntries(given), countryCode: address.countryCode }
}

/** What the old address can be prefilled with: what a role sees masked must not be written back. */
export function visibleAddress(shipTo: Partial<Record<keyof Address, unknown>> | undefined): Partial<Address> {
  const fields = ['name', 'phone', 'countryCode', 'region', 'city', 'district', 'postalCode', 'line1', 'line2'] as const
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = shipTo?.[field]
      return typeof value === 'string' && !value.includes('*') ? [[field, value]] : []
    }),
  )
}
