import { Type } from 'typebox'
import { CLOUD_EVENT_TYPE, CloudEvent } from '../../contract/cloud-event.ts'
import type { EventDefinition } from '../../contract/event-definition.ts'
import { Event, events } from '../../contract/events.ts'
import { type Json, namedSchemas, plain } from './plain-schema.ts'

export type AsyncApiDocument = {
  readonly asyncapi: '3.0.0'
  readonly info: Json
  readonly defaultContentType: string
  readonly channels: { readonly [name: string]: { readonly address: string | null; readonly messages: Json } & Json }
  readonly operations: { readonly [name: string]: Json }
  readonly components: {
    readonly messages: { readonly [name: string]: Json }
    readonly schemas: { readonly [name: string]: Json } & Json
    readonly securitySchemes: Json
  }
}

type Way = 'stream' | 'webhook'
const definitions = Object.entries(events as Readonly<Record<string, EventDefinition>>)
const messageName = (way: Way, type: string): string => `${way}.${type}`
const schemaName = (type: string): string => `data.${type}`
const ref = (section: string, name: string): Json => ({ $ref: `#/${section}/${name}` })

/**
 * What the hub tells by itself as AsyncAPI 3: the live stream and webhooks, one message an event of the catalogue. `data` is described as
 * those roles get it that see all; `x-visible-to` says which fields the others see.
 */
export function asyncApiOf(version: string): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Fulcrum events',
      version,
      description: 'What the open order hub tells by itself. 开放订单中枢主动推送的事件。',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      stream: channelOf(
        'stream',
        '/v1/stream',
        'Server-sent events: `id` is the cursor, `event` the type, `data` the event. 实时事件流（SSE）。',
      ),
      webhook: channelOf(
        'webhook',
        null,
        'POST to the URL of a webhook, signed as Standard Webhooks say. 按 Standard Webhooks 签名的推送。',
      ),
    },
    operations: {
      sendToStream: operationOf('stream', [{ $ref: '#/components/securitySchemes/key' }]),
      sendToWebhook: operationOf('webhook', []),
    },
    components: {
      messages: Object.fromEntries(definitions.flatMap(([type, definition]) => messagesOf(type, definition))),
      schemas: {
        Event: plain(Event, namedSchemas, Event),
        CloudEvent: plain(CloudEvent, namedSchemas, CloudEvent),
        ...Object.fromEntries(definitions.map(([type, { data }]) => [schemaName(type), plain(data, new Map())])),
      },
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key with the permission event.read.' } },
    },
  }
}

function channelOf(way: Way, address: string | null, description: string) {
  const names = definitions.map(([type]) => [type, ref('components/messages', messageName(way, type))])
  return { address, description, messages: Object.fromEntries(names) }
}

function operationOf(way: Way, security: readonly Json[]): Json {
  return {
    action: 'send',
    channel: ref('channels', way),
    ...(security.length === 0 ? {} : { security }),
    messages: definitions.map(([type]) => ref(`channels/${way}/messages`, type)),
  }
}

function messagesOf(type: string, definition: EventDefinition): [string, Json][] {
  const shared = {
    name: type,
    title: definition.title.en,
    summary: definition.trigger.en,
    'x-title-zh': definition.title.zh,
    'x-summary-zh': definition.trigger.zh,
    ...(definition.fields === undefined ? {} : { 'x-visible-to': definition.fields }),
  }
  const payload = (envelope: 'Event' | 'CloudEvent', versionField: string): Json => ({
    allOf: [
      ref('components/schemas', envelope),
      {
        type: 'object',
        properties: {
          type: { const: type },
          [versionField]: { const: definition.version },
          data: ref('components/schemas', schemaName(type)),
        },
      },
    ],
  })
  return [
    [messageName('stream', type), { ...shared, payload: payload('Event', 'version') }],
    [
      messageName('webhook', type),
      {
        ...shared,
        contentType: CLOUD_EVENT_TYPE,
        headers: plain(WebhookHeaders, new Map()),
        payload: payload('CloudEvent', 'dataversion'),
      },
    ],
  ]
}

const WebhookHeaders = Type.Object({
  'webhook-id': Type.String({ description: 'The same at every attempt and replay.' }),
  'webhook-timestamp': Type.String({ description: 'Seconds since 1970 when it was signed.', pattern: '^\\d+$' }),
  'webhook-signature': Type.String({ description: 'v1,<base64 HMAC-SHA256>, one for each secret that is valid, separated by blanks.' }),
})
