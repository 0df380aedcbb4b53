import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Caused, causeOf } from './cause.ts'

const rows: readonly [command: object, more: object, cause: string][] = [
  [{ kind: 'placeOrder' }, {}, 'order.place'],
  [{ kind: 'placeOrder' }, { cause: 'inb_1' }, 'inb_1'],
  [{ kind: 'actOnOrder', action: { action: 'hold' } }, {}, 'order.hold'],
  [{ kind: 'actOnOrder', action: { action: 'work', verb: 'pick' } }, {}, 'fulfillment.pick'],
  [{ kind: 'actOnOrder', action: { action: 'task', verb: 'assign' } }, {}, 'task.assign'],
  [{ kind: 'actOnOrder', action: { action: 'scan' } }, {}, 'parcel.scan'],
  [{ kind: 'actOnOrder', action: { action: 'evacuate' } }, {}, 'node.close'],
  [{ kind: 'actOnOrder', action: { action: 'relieve' } }, {}, 'stock.shortage'],
  [{ kind: 'actOnReservation', action: { action: 'expire' } }, {}, 'reservation.expire'],
  [{ kind: 'putFacts' }, {}, 'fact.put'],
]
for (const [command, more, cause] of rows)
  test(`${JSON.stringify(command)}${'cause' in more ? ' of a kept body' : ''} is the cause ${cause}`, () => {
    assert.equal(causeOf({ command, context: { actor: { kind: 'clock', id: 'hub' }, lane: 'clock', ...more } } as Caused), cause)
  })
