import type { TroubleKind, TroubleNote } from '../../contract/entities/trouble.ts'
import type { Couriers } from '../carriers/couriers.ts'
import type { Crew } from '../nodes/crew.ts'
import type { Random } from '../random.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { Market } from '../run/market.ts'
import type { World } from '../world/world.ts'

/** Where trouble is made. */
export type Site = {
  readonly world: World
  readonly hub: HubApi
  readonly agenda: Agenda
  readonly market: Market
  readonly crew: Crew
  readonly couriers: Couriers
  /** Business time, epoch ms. */
  readonly now: number
  /** Of this trouble alone. */
  readonly random: Random
  /** Counts troubles, so that what they make has names of its own. */
  readonly serial: number
}

/** What was done, and the orders in which it can be seen. */
export type Harm = { readonly note: TroubleNote; readonly orderIds: readonly string[]; readonly nodeId?: string; readonly sku?: string }

/** A trouble that was made; its orders grow where it brings some later. */
export type Made = { readonly kind: TroubleKind } & Harm

/** Makes one kind of trouble; undefined where the world has nothing that it could happen to now. */
export type Trouble = (site: Site) => Promise<Harm | undefined>
export type Troubles = Readonly<Record<TroubleKind, Trouble>>
