import { Type } from 'typebox'
import { AmountNotNegative, Attributes, closed, CountryCode, Lat, Lng, Name, Quantity, Ref } from './basics.ts'

const Contact = {
  name: Type.Optional(Name),
  phone: Type.Optional(Type.String({ maxLength: 64 })),
  email: Type.Optional(Type.String({ maxLength: 254 })),
}

/** The buyer. A customer is (channelId, customerRef) or an accountId, never inferred from a name or phone. */
export const CustomerInput = Type.Object(
  {
    ...Contact,
    customerRef: Type.Optional(Ref),
    companyName: Type.Optional(Name),
    taxNumber: Type.Optional(Type.String({ maxLength: 64 })),
    bornOn: Type.Optional(Type.String({ format: 'date' })),
  },
  closed,
)
export const AddressInput = Type.Object(
  {
    ...Contact,
    countryCode: CountryCode,
    region: Type.Optional(Name),
    city: Type.Optional(Name),
    district: Type.Optional(Name),
    postalCode: Type.Optional(Type.String({ maxLength: 20 })),
    line1: Type.Optional(Type.String({ maxLength: 500 })),
    line2: Type.Optional(Type.String({ maxLength: 500 })),
    lat: Type.Optional(Lat),
    lng: Type.Optional(Lng),
  },
  closed,
)
const line = {
  lineRef: Ref,
  sku: Ref,
  quantity: Quantity,
  /** Minor units; includes tax unless the order's taxesIncluded is false. */
  unitPrice: AmountNotNegative,
  /** Discount on the whole line, minor units. */
  discount: Type.Optional(AmountNotNegative),
  name: Type.Optional(Name),
  taxClass: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  attributes: Type.Optional(Attributes),
}
/** A line that a change adds to an order. */
export const AddedLine = Type.Object(line, closed)
/** `tax`: what of the whole line, after discounts, the shop charged as tax, minor units; see the order's `shipping.tax`. */
export const LineInput = Type.Object({ ...line, tax: Type.Optional(AmountNotNegative) }, closed)
