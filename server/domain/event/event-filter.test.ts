import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EventFilter, wantsEvent } from './event-filter.ts'
import type { LoggedEvent } from './logged-event.ts'

const event: LoggedEvent = {
  position: 1,
  type: 'order.accepted',
  version: 1,
  subjectKind: 'order',
  subjectId: 'ord_1',
  subjectVersion: 1,
  orderId: null,
  channelId: 'shop',
  nodeIds: ['n1', 'n2'],
  carrierIds: null,
  customerRef: null,
  accountId: null,
  occurredAt: 0,
  recordedAt: 0,
  actor: { kind: 'person', id: 'x' },
  cause: null,
  traceId: null,
  data: {},
}

for (const [what, filter, isWanted] of [
  ['no filter', {}, true],
  ['its type', { types: ['order.held', 'order.accepted'] }, true],
  ['the beginning of its type', { types: ['order.*'] }, true],
  ['another beginning', { types: ['orders.*', 'ord.*'] }, false],
  ['another type', { types: ['order.held'] }, false],
  ['its channel', { channels: ['web', 'shop'] }, true],
  ['another channel', { channels: ['web'] }, false],
  ['one of its nodes', { nodes: ['n2'] }, true],
  ['another node', { nodes: ['n3'] }, false],
  ['a carrier where none works', { carriers: ['sf'] }, false],
  ['type and another channel', { types: ['order.*'], channels: ['web'] }, false],
] as const satisfies readonly (readonly [string, EventFilter, boolean])[])
  test(`${what}: ${isWanted ? 'sent' : 'not sent'}`, () => assert.equal(wantsEvent(filter, event), isWanted))
