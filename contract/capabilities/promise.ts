import { defineCapability } from '../capability.ts'
import { PromiseInput, PromiseOptions } from '../entities/promise.ts'

export const promiseList = [
  defineCapability({
    name: 'promise.options',
    method: 'POST',
    path: '/v1/promises',
    kind: 'read',
    permission: 'promise.read',
    summary: { en: 'Dated delivery options for a basket and a place', zh: '按购物篮与收货地给出可承诺的配送选项' },
    body: PromiseInput,
    output: { 200: PromiseOptions },
    outcomes: ['channel_unknown'],
    slaMs: 25,
  }),
] as const
