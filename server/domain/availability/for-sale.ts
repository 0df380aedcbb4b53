import type { ChannelInput } from '../../../contract/entities/channel.ts'
import type { ItemInput } from '../../../contract/entities/item.ts'

type Sold = Pick<ItemInput, 'discontinued'> | undefined
type Seller = Pick<ChannelInput, 'closed'> | undefined

/** What takes a sale away that stock alone would allow. Only new sales ask for it: what was sold goes on. */
export function saleEnded(item: Sold, channel: Seller): 'channel_closed' | 'item_discontinued' | undefined {
  if (channel?.closed === true) return 'channel_closed'
  return item?.discontinued === true ? 'item_discontinued' : undefined
}
