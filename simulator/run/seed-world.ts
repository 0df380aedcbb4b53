import type { Client } from '../../contract/client.ts'
import { ProblemError } from '../../contract/client.ts'
import type { BulkResult } from '../../contract/entities/page.ts'
import { carriers, lanes, rates } from '../world/carriers.ts'
import { CHANNELS, channels } from '../world/channels.ts'
import { accounts, calendars, complianceRules, taxRules } from '../world/rules.ts'
import { stockOf, supplyOf } from '../world/stock.ts'
import type { World } from '../world/world.ts'

/** Rows in one bulk write, and how many are under way: each is sent when one before it is answered, so that one is read while another is written. */
const ROWS = 2500
const WRITES = 3

/** Whether this hub knows the world already: channels are told last. */
export async function isSeeded(client: Client): Promise<boolean> {
  try {
    await client.call('channel.get', { params: { channelId: CHANNELS.at(-1)?.channelId ?? '' } })
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return false
    throw error
  }
}

/** Tells an empty hub everything about the world, as the systems that own these facts would. `now` is business time. */
export async function seedWorld(client: Client, world: World, now: number): Promise<void> {
  const { seed, items, nodes } = world
  await Promise.all([
    whole(client.call('item.put', { body: items.map(({ item }) => item) })),
    whole(client.call('calendar.put', { body: calendars() })),
    whole(client.call('carrier.put', { body: carriers() })),
    whole(client.call('taxRule.put', { body: taxRules() })),
    whole(client.call('account.put', { body: accounts(seed) })),
  ])
  // These name carriers, calendars and items.
  await Promise.all([
    whole(client.call('node.put', { body: nodes })),
    whole(client.call('rate.put', { body: rates() })),
    whole(client.call('lane.put', { body: lanes() })),
    whole(client.call('complianceRule.put', { body: complianceRules() })),
  ])
  const counts = stockOf(seed, nodes, items)
  let from = 0
  const count = async (): Promise<void> => {
    while (from < counts.length) await whole(client.call('stock.count', { body: counts.slice(from, (from += ROWS)) }))
  }
  await Promise.all(Array.from({ length: WRITES }, count))
  await whole(client.call('supply.put', { body: supplyOf(seed, nodes, items, now) }))
  await whole(client.call('channel.put', { body: channels(seed) }))
}

/** A row that the hub does not take means that the world is wrong: it would not become what its seed says. */
async function whole(answer: Promise<BulkResult>): Promise<void> {
  const refused = (await answer).results.find((row) => row.status === 'refused')
  if (refused !== undefined) throw new Error(`the hub refused a fact of the world: ${JSON.stringify(refused).slice(0, 500)}`)
}
