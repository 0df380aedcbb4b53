import { Type, type Static } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText, Ref } from '../entities/basics.ts'
import { OrderStored, Phase } from '../entities/order.ts'
import { orderSorts } from './order.ts'

const ViewId = Type.String({ pattern: '^viw_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
const params = Type.Object({ viewId: ViewId }, closed)
/** In the words of who keeps it. */
const ViewName = Type.String({ minLength: 1, maxLength: 80, pattern: '^\\S(?:.*\\S)?$' })

/** Filters of the list of orders. A text that is searched for is none of them: it may name a person. */
export const ViewSearch = Type.Object(
  {
    phase: Type.Optional(Phase),
    state: Type.Optional(OrderStored),
    channelId: Type.Optional(Ref),
    nodeId: Type.Optional(Ref),
    accountId: Type.Optional(Ref),
    sort: Type.Optional(Type.Enum(orderSorts)),
  },
  closed,
)
export type ViewSearch = Static<typeof ViewSearch>

export const SavedView = Type.Object({
  viewId: ViewId,
  name: ViewName,
  search: ViewSearch,
  /** Whether who asks keeps it. */
  own: Type.Boolean(),
  savedAt: InstantText,
})
export type SavedView = Static<typeof SavedView>

export const viewList = [
  defineCapability({
    name: 'view.list',
    method: 'GET',
    path: '/v1/views',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'Own saved views of the list of orders, by name', zh: '本人保存的订单视图，按名称排序' },
    output: { 200: Type.Object({ items: Type.Array(SavedView) }) },
    outcomes: [],
    slaMs: 50,
  }),
  defineCapability({
    name: 'view.get',
    method: 'GET',
    path: '/v1/views/{viewId}',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'A saved view, also one that somebody else keeps', zh: '读取保存的视图，包括他人分享的' },
    params,
    output: { 200: SavedView },
    outcomes: ['view_unknown'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'view.save',
    method: 'POST',
    path: '/v1/views',
    kind: 'write',
    permission: 'order.read',
    summary: { en: 'Save a view; one of the same name is replaced', zh: '保存视图；同名视图将被替换' },
    body: Type.Object({ name: ViewName, search: ViewSearch }, closed),
    output: { 200: SavedView },
    outcomes: ['views_too_many'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'view.delete',
    method: 'DELETE',
    path: '/v1/views/{viewId}',
    kind: 'write',
    permission: 'order.read',
    summary: { en: 'Delete a view of one’s own', zh: '删除本人的视图' },
    params,
    output: { 200: Type.Object({ deleted: Type.Literal(true) }) },
    outcomes: ['view_unknown'],
    slaMs: 50,
  }),
] as const
