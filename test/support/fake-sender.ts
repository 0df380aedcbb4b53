import type { WebhookMessage, WebhookSender } from '../../server/engine/ports/webhook-sender.ts'
import type { Answer } from '../../server/domain/outbound/answer.ts'

export type Sent = WebhookMessage & {
  readonly event: { readonly type: string; readonly id: string; readonly data: object; readonly orderid?: string }
}

/** A sender that notes what it was given and answers as the test says; `arrived` resolves when something fits. */
export function fakeSender(answer: (message: Sent) => Answer | Promise<Answer> = () => ({ kind: 'answered', status: 200 })) {
  const sent: Sent[] = []
  const waiting = new Set<() => void>()
  let secrets = 0
  let answering = answer
  const sender: WebhookSender = {
    refusalOf: (url) => (url.includes('forbidden') ? { en: 'the host is not allowed in this test', zh: '测试中不允许该主机' } : undefined),
    newSecret: () => `whsec_${Buffer.from(`secret number ${++secrets}`).toString('base64')}`,
    send: async (message) => {
      const one: Sent = { ...message, event: JSON.parse(message.body) }
      sent.push(one)
      const answered = await answering(one)
      for (const look of waiting) look()
      return answered
    },
  }
  /** Resolves when the condition holds on what was sent. */
  const arrived = (holds: (sent: readonly Sent[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds(sent)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    sender,
    sent,
    arrived,
    answer: (next: typeof answer) => void (answering = next),
    to: (url: string) => sent.filter((one) => one.url === url),
  }
}
