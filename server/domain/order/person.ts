import type { OrderInput } from '../../../contract/entities/order.ts'
import { normaliseEmail, normaliseName, normalisePhone } from '../access/contact.ts'

/** What is personal in an order; sealed as JSON in `persons`, nowhere else. The date of birth is asked of the buyer, judged and not kept. */
export type PersonView = {
  readonly customer: {
    readonly name?: string
    readonly phone?: string
    readonly email?: string
    readonly companyName?: string
    readonly taxNumber?: string
  }
  readonly shipTo: {
    readonly name?: string
    readonly phone?: string
    readonly email?: string
    readonly line1?: string
    readonly line2?: string
    readonly district?: string
    readonly postalCode?: string
    readonly lat?: number
    readonly lng?: number
    /** Only where the channel changed the destination after the order was taken: the order's own place does not move. */
    readonly countryCode?: string
    readonly region?: string
    readonly city?: string
  }
  readonly note?: string
}

/** What a person is found by, as written; the blind indexes normalise it. `countryCode` says how a national phone number is meant. */
export type PersonContact = { readonly phone?: string; readonly email?: string; readonly name?: string; readonly countryCode: string }

const CUSTOMER = ['name', 'phone', 'email', 'companyName', 'taxNumber'] as const
const SHIP_TO = ['name', 'phone', 'email', 'line1', 'line2', 'district', 'postalCode', 'lat', 'lng'] as const

/**
 * Takes what is personal out of an order as it came in. The contact is the buyer's; where the buyer has none that can be
 * searched for (missing, or masked by the platform) it is the recipient's.
 */
export function splitPerson(order: Pick<OrderInput, 'customer' | 'shipTo' | 'note'>): {
  readonly person: PersonView
  readonly contact: PersonContact
} {
  const { customer = {}, shipTo, note } = order
  const { countryCode } = shipTo
  const phone = [customer.phone, shipTo.phone].find((text) => text !== undefined && normalisePhone(text, countryCode) !== undefined)
  const email = [customer.email, shipTo.email].find((text) => text !== undefined && normaliseEmail(text) !== undefined)
  const name = [customer.name, shipTo.name].find((text) => text !== undefined && !text.includes('*') && normaliseName(text) !== undefined)
  return {
    person: { customer: pick(customer, CUSTOMER), shipTo: pick(shipTo, SHIP_TO), ...(note === undefined ? {} : { note }) },
    contact: {
      countryCode,
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
      ...(name === undefined ? {} : { name }),
    },
  }
}

function pick<T extends object, const K extends keyof T>(from: T, keys: readonly K[]): { readonly [P in K]?: Exclude<T[P], undefined> } {
  const picked: { [P in K]?: Exclude<T[P], undefined> } = {}
  for (const key of keys) {
    const value = from[key]
    if (value !== undefined) picked[key] = value as Exclude<T[K], undefined>
  }
  return picked
}
