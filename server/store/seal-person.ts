import type { splitPerson } from '../domain/order/person.ts'
import { idFromInt8, idToInt8, type OrderId, type PersonId } from '../kernel/ids.ts'
import type { BlindIndex } from './blind-index.ts'
import type { SealedPerson } from './order-writes.ts'
import type { PersonKey, Vault } from './vault.ts'

/** The buyer of an order has the number of the order. */
export const personOfOrder = (orderId: OrderId): PersonId => idFromInt8('per', idToInt8(orderId))

/** The person row of a new order: what splitPerson took out of it, sealed, with the indexes it is found by. `key` seals what else belongs to the person. */
export function sealPerson(
  vault: Vault,
  blindIndex: BlindIndex,
  orderId: OrderId,
  { person, contact }: ReturnType<typeof splitPerson>,
): SealedPerson & { readonly key: PersonKey } {
  const { wrappedKey, sealed, key } = vault.seal(personOfOrder(orderId), JSON.stringify(person))
  const { phoneIndex, emailIndex, nameIndex } = blindIndex.ofContact(contact)
  return {
    wrappedKey,
    sealed,
    key,
    ...(phoneIndex === null ? {} : { phoneIndex }),
    ...(emailIndex === null ? {} : { emailIndex }),
    ...(nameIndex === null ? {} : { nameIndex }),
  }
}
