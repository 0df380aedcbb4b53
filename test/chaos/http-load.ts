import { Agent, request } from 'node:http'
import type { Chance } from '../sim/random.ts'
import { type HubUnderFire, KEY } from './hub-under-fire.ts'

/** What one buyer did and was told. `orderId` is set once the hub said that the order is there. */
export type Placed = { readonly ref: string; tries: number; orderId?: string; refused?: string; cancelAsked?: true; cancelled?: true }

const PAUSE_MS = 15

/** Buyers that place and cancel orders over HTTP, each one call at a time, and write down every answer. */
export class HttpLoad {
  readonly journal: Placed[] = []
  readonly surprises: string[] = []
  private readonly hub: HubUnderFire
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 })
  private isRunning = true
  private readonly ends: Promise<void>[] = []

  constructor(hub: HubUnderFire, random: Chance, buyers: number) {
    this.hub = hub
    for (let i = 0; i < buyers; i++) this.ends.push(this.buy(`b${i}`, random.fork()))
  }

  async stop(): Promise<void> {
    this.isRunning = false
    await Promise.all(this.ends)
    this.agent.destroy()
  }

  private async buy(name: string, random: Chance): Promise<void> {
    for (let i = 0; this.isRunning; i++) {
      const entry: Placed = { ref: `${name}-${i}`, tries: 0 }
      this.journal.push(entry)
      const hasKey = random.is(0.5)
      const body = JSON.stringify(orderOf(entry.ref, random))
      // Most come back until they are answered, some give up: theirs may be there or not.
      do {
        entry.tries += 1
        await this.place(entry, body, hasKey)
      } while (this.isRunning && entry.orderId === undefined && entry.refused === undefined && random.is(0.8))
      if (entry.orderId !== undefined && random.is(0.15)) await this.cancel(entry, `${entry.ref}-cancel`)
    }
  }

  private async place(entry: Placed, body: string, hasKey: boolean): Promise<void> {
    const answer = await this.post('/v1/orders', body, hasKey ? entry.ref : undefined)
    if (answer === undefined) return
    const { status, json } = answer
    if (status === 201 || status === 200) {
      const orderId = String(json['orderId'])
      if (entry.orderId !== undefined && entry.orderId !== orderId)
        this.surprises.push(`${entry.ref}: told ${entry.orderId}, then ${orderId}`)
      entry.orderId = orderId
    } else if (status === 409) entry.refused = String(json['code'])
    else if (status < 500) this.surprises.push(`${entry.ref}: ${status} ${JSON.stringify(json).slice(0, 200)}`)
  }

  private async cancel(entry: Placed, key: string): Promise<void> {
    entry.cancelAsked = true
    const answer = await this.post(`/v1/orders/${entry.orderId}/cancel`, '{"reason":"changed_mind"}', key)
    if (answer?.status === 200) entry.cancelled = true
  }

  /** The answer, or undefined when none came or the hub said that it could not. */
  private async post(
    path: string,
    body: string,
    key: string | undefined,
  ): Promise<{ status: number; json: Record<string, unknown> } | undefined> {
    while (this.hub.url === undefined && this.isRunning) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    const { url } = this.hub
    const answer = url === undefined ? undefined : await this.send(`${url}${path}`, body, key).catch(() => undefined)
    if (answer === undefined || answer.status >= 500) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return answer === undefined || answer.status >= 500 ? undefined : answer
  }

  private send(url: string, body: string, key: string | undefined): Promise<{ status: number; json: Record<string, unknown> }> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      }
      const asked = request(url, { method: 'POST', agent: this.agent, headers, timeout: 15_000 }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', reject)
        response.on('end', () => {
          if (!response.complete) reject(new Error('the answer broke off'))
          else
            resolve({ status: response.statusCode ?? 0, json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} })
        })
      })
      asked.on('timeout', () => asked.destroy(new Error('no answer')))
      asked.on('error', reject)
      asked.end(body)
    })
  }
}

function orderOf(externalRef: string, random: Chance): object {
  const lines = Array.from({ length: 1 + random.below(2) }, (_, i) => ({
    lineRef: String(i + 1),
    sku: `sku-${random.below(10)}`,
    quantity: 1 + random.below(2),
    unitPrice: 1000,
  }))
  const amount = lines.reduce((sum, line) => sum + line.quantity * 1000, 0)
  return {
    channelId: 'shop',
    externalRef,
    currency: 'CNY',
    customer: { name: '王芳', phone: '13800000000' },
    shipTo: { countryCode: 'CN', region: '浙江', city: '杭州', line1: '文三路 1 号', lat: 30.28, lng: 120.13 },
    lines,
    ...(random.is(0.7) ? { payments: [{ kind: 'capture', method: 'card', amount }] } : {}),
  }
}
