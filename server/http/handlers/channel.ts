import { isUtf8 } from 'node:buffer'
import type { BodyIssue, InboxBody, InboxEntry, IntakeAnswer } from '../../../contract/capabilities/channel.ts'
import { authorise } from '../../domain/access/authorise.ts'
import { canSeeChannel } from '../../domain/access/scope.ts'
import type { ChannelIntake, OpenBody } from '../../engine/channel-intake.ts'
import type { Memory } from '../../engine/memory.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { parseId } from '../../kernel/ids.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { toIso } from '../../kernel/time.ts'
import { type BodyState, type KeptBody, listBodies } from '../../store/channel-bodies.ts'
import type { Queryable } from '../../store/database.ts'
import type { Handlers, Success } from '../handler.ts'
import { cursorInvalid, pageKeyOf, pageOfRows } from './read-deps.ts'

export type ChannelDeps = { readonly intake: ChannelIntake; readonly memory: Memory; readonly pool: Queryable }

const entryUnknown = (inboxId: string) =>
  refuse('inbox_unknown', { en: 'there is no such inbox entry', zh: '收件箱条目不存在' }, { got: inboxId })

const stored = { open: 'inbox', applied: 'replayed', dismissed: 'discarded' } as const satisfies Record<InboxEntry['state'], BodyState>

/** The platforms' own bodies, and the error inbox of those that made no order. */
export function channelHandlers(deps: ChannelDeps): Pick<Handlers, 'channel.intake' | 'channel.inbox' | 'inbox.body' | 'inbox.replay'> {
  return {
    'channel.intake': async ({ principal, headers, traceId }, { params, query, body }) => {
      const request = {
        channelId: params.channelId,
        // A request without a body has none to read.
        rawBody: body instanceof Uint8Array ? body : new Uint8Array(),
        headers,
        query: textsOf(query),
        traceId,
      }
      const outcome = await deps.intake.take(principal === undefined ? request : { ...request, principal })
      return outcome.status === 'refused' ? outcome : answer(outcome.value)
    },

    'channel.inbox': async ({ principal }, { params, query }) => {
      const { channelId } = params
      if (!deps.memory.channels.has(channelId) || !canSeeChannel(principal.scope, channelId))
        return refuse(
          'entity_unknown',
          { en: `there is no channel "${channelId}" within your scope`, zh: `您的范围内没有渠道“${channelId}”` },
          { got: channelId },
        )
      const limit = query.limit ?? 50
      const state = query.state ?? 'open'
      const key = pageKeyOf('inbox', ['string', 'string', 'string'], query.cursor, [channelId, state, ''])
      if (key.status === 'refused') return key
      const [ofChannel, ofState, last] = key.value
      const before = last === '' ? undefined : parseId('inb', last)
      if (ofChannel !== channelId || ofState !== state || (last !== '' && before === undefined)) return cursorInvalid(query.cursor ?? '')
      const page = pageOfRows(await listBodies(deps.pool, channelId, stored[state], before, limit + 1), limit)
      const next = page.last === undefined ? {} : { next: encodePageKey('inbox', [channelId, state, page.last.bodyId]) }
      return done({ items: page.rows.map((row) => entryOf(row, state)), ...next })
    },

    'inbox.body': async ({ principal, traceId }, { params }) => {
      const inboxId = parseId('inb', params.inboxId)
      if (inboxId === undefined) return entryUnknown(params.inboxId)
      const outcome = await deps.intake.read({ inboxId, principal, traceId })
      return outcome.status === 'refused' ? outcome : done(bodyOf(outcome.value))
    },

    'inbox.replay': async ({ principal, traceId }, { params, body }) => {
      const inboxId = parseId('inb', params.inboxId)
      if (inboxId === undefined) return entryUnknown(params.inboxId)
      if (body.correctedBody === undefined) return deps.intake.replay({ inboxId, principal, traceId })
      const refusal = authorise(principal, 'inbox.readBody')
      return refusal ?? deps.intake.replay({ inboxId, principal, traceId, corrected: Buffer.from(body.correctedBody, 'utf8') })
    },
  }
}

/** 201 where an order was made, 202 where all that could be done is to keep the body, else 200. */
function answer(value: IntakeAnswer): Success<IntakeAnswer> {
  if (value.results.some((one) => one.created === true)) return { status: 'done', value, success: 201 }
  const isOnlyKept = value.results.every((one) => one.state === 'inbox' || one.state === 'ignored')
  return { status: 'done', value, success: isOnlyKept ? 202 : 200 }
}

function entryOf(row: KeptBody, state: InboxEntry['state']): InboxEntry {
  return {
    inboxId: row.bodyId,
    channelId: row.channelId,
    ...(row.externalRef === undefined ? {} : { externalRef: row.externalRef }),
    state,
    receivedAt: toIso(row.receivedAt),
    issues: row.issues.map((one) => one as BodyIssue),
    ...(row.orderId === undefined ? {} : { orderId: row.orderId }),
  }
}

/** Bytes that are no text are shown as what they are. */
function bodyOf({ body, raw }: OpenBody): InboxBody {
  const entry = { ...entryOf(body, body.state === 'discarded' ? 'dismissed' : 'open'), bytes: raw.length }
  return isUtf8(raw)
    ? { ...entry, encoding: 'text', body: raw.toString('utf8') }
    : { ...entry, encoding: 'base64', body: raw.toString('base64') }
}

/** Of a parameter that stands there twice no signature knows which is meant: it is left out. */
function textsOf(query: object): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}
