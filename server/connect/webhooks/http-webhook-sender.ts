import { CLOUD_EVENT_TYPE } from '../../../contract/cloud-event.ts'
import type { WebhookSender } from '../../engine/ports/webhook-sender.ts'
import type { GuardedHttp } from '../outbound/guarded-http.ts'
import type { TargetRules } from '../outbound/target-rules.ts'
import { newSecret, signatureHeaders } from './standard-webhooks.ts'

/** Webhooks by HTTP, signed as Standard Webhooks say, CloudEvents in structured mode. */
export function httpWebhookSender(rules: TargetRules, http: GuardedHttp, wallNow: () => number): WebhookSender {
  return {
    refusalOf: (url) => rules.refusalOf(url),
    newSecret,
    send: ({ url, messageId, body, secrets }) => {
      const signed = signatureHeaders(messageId, Math.floor(wallNow() / 1000), body, secrets)
      return http.post(url, { 'content-type': CLOUD_EVENT_TYPE, 'user-agent': 'fulcrum-webhooks', ...signed }, body)
    },
  }
}
