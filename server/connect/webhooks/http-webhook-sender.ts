import { CLOUD_EVENT_TYPE } from '../../../contract/cloud-event.ts'
import { SEND_MS_MAX, type WebhookSender } from '../../engine/ports/webhook-sender.ts'
import { GuardedPost } from './guarded-post.ts'
import { newSecret, signatureHeaders } from './standard-webhooks.ts'
import { TargetRules, type TargetSettings } from './target-rules.ts'

/** Webhooks by HTTP, signed as Standard Webhooks say, CloudEvents in structured mode. */
export function httpWebhookSender(settings: TargetSettings, wallNow: () => number): WebhookSender {
  const rules = new TargetRules(settings)
  const guarded = new GuardedPost(rules, SEND_MS_MAX)
  return {
    refusalOf: (url) => rules.refusalOf(url),
    newSecret,
    send: ({ url, messageId, body, secrets }) => {
      const signed = signatureHeaders(messageId, Math.floor(wallNow() / 1000), body, secrets)
      return guarded.post(url, { 'content-type': CLOUD_EVENT_TYPE, 'user-agent': 'fulcrum-webhooks', ...signed }, body)
    },
    close: () => guarded.close(),
  }
}
