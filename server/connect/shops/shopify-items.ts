import type { Answer } from '../../domain/outbound/answer.ts'
import { listAt, type ShopApi, textAt } from './shop-api.ts'

const PAGES_MAX = 400
/** A code that is not known is looked for again after this time, ms: it may have been put on sale since. */
const STALE_MS = 10 * 60_000
const NEXT = /<([^<>]+)>;\s*rel="next"/

/**
 * Which inventory item a shop means by a stock-keeping code. The REST API cannot be asked by code, so all products are read once, 250 a page,
 * along the links that the API gives; 100,000 products are read at most.
 */
export class ShopifyItems {
  private readonly monotonicMs: () => number
  private items: ReadonlyMap<string, string> = new Map()
  private readAt = -Infinity
  private reading: Promise<Answer | undefined> | undefined

  constructor(monotonicMs: () => number) {
    this.monotonicMs = monotonicMs
  }

  /** `itemId` is undefined where the shop does not sell it; `answer` says how a call ended that failed. */
  async find(api: ShopApi, code: string): Promise<{ readonly itemId: string | undefined } | { readonly answer: Answer }> {
    const known = this.items.get(code)
    if (known !== undefined) return { itemId: known }
    if (this.monotonicMs() - this.readAt < STALE_MS) return { itemId: undefined }
    this.reading ??= this.readAll(api).finally(() => (this.reading = undefined))
    const failed = await this.reading
    return failed === undefined ? { itemId: this.items.get(code) } : { answer: failed }
  }

  private async readAll(api: ShopApi): Promise<Answer | undefined> {
    const items = new Map<string, string>()
    let path: string | undefined = '/products.json?limit=250&fields=id,variants'
    for (let pages = 0; path !== undefined && pages < PAGES_MAX; pages++) {
      const page = await api.get(path)
      if (!page.isDone) return page.answer
      for (const product of listAt(page.json, 'products'))
        for (const variant of listAt(product, 'variants')) items.set(textAt(variant, 'sku'), textAt(variant, 'inventory_item_id'))
      const { link } = page.headers
      path = typeof link === 'string' ? NEXT.exec(link)?.[1] : undefined
    }
    items.delete('')
    this.items = items
    this.readAt = this.monotonicMs()
    return undefined
  }
}
