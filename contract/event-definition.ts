import { Type, type Static, type TSchema } from 'typebox'
import type { Role } from './access.ts'
import { Ref } from './entities/basics.ts'

/**
 * One definition gives the log row, the live stream entry, its documentation and who may see which field.
 * `fields` lists, per role, the data fields that role sees; a role that is not listed sees all, `[]` hides the event's data.
 */
export type EventDefinition<T extends TSchema = TSchema> = {
  readonly version: number
  readonly subject: 'order' | 'stock' | 'reservation' | 'fact' | 'audit' | 'body'
  readonly title: { readonly en: string; readonly zh: string }
  readonly trigger: { readonly en: string; readonly zh: string }
  readonly data: T
  readonly fields?: Partial<Record<Role, readonly string[]>>
}

export const define = <T extends TSchema>(definition: EventDefinition<T>) => definition

export const Delta = Type.Integer()
/** What an order's event did to stock: units added to (or taken from) each kind of reservation, and to what is on hand. */
export const StockEffect = Type.Object({
  sku: Ref,
  nodeId: Ref,
  soft: Type.Optional(Delta),
  firm: Type.Optional(Delta),
  committed: Type.Optional(Delta),
  onHand: Type.Optional(Delta),
})
export type StockEffect = Static<typeof StockEffect>
/** Units of dated supply that an order counts on from then on (or no longer). */
export const SupplyEffect = Type.Object({ supplyId: Ref, quantity: Delta })
export type SupplyEffect = Static<typeof SupplyEffect>
export const supplyEffects = { supply: Type.Optional(Type.Array(SupplyEffect)) }
export const effects = { stock: Type.Optional(Type.Array(StockEffect)), ...supplyEffects }
