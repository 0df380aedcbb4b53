import { Type, type Static } from 'typebox'
import { Amount, AmountNotNegative, closed, Currency, Name, Ref, Version } from './basics.ts'

/** A business customer that may buy on credit. Facts of an organisation, never of a person. */
export const AccountInput = Type.Object(
  {
    accountId: Ref,
    name: Name,
    /** Orders on this account must be in this currency; the hub converts nothing. */
    currency: Currency,
    /** What the account may owe at one time, minor units; 0 = prepaid only. */
    creditLimit: AmountNotNegative,
    /** true: no new orders, whatever the limit says. */
    blocked: Type.Optional(Type.Boolean()),
    /** Terms of payment: days net after the invoice. */
    terms: Type.Optional(Type.Object({ netDays: Type.Integer({ minimum: 0, maximum: 3650 }) }, closed)),
    taxNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Tax treats its orders as B2B; default true. */
    businessCustomer: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type AccountInput = Static<typeof AccountInput>
/** `exposure`: what its accepted orders owe that is not captured yet, minor units. Only the hub writes it. */
export const Account = Type.Interface([AccountInput], { exposure: Amount, version: Version })
export type Account = Static<typeof Account>
