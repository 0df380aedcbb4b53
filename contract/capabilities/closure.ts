import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, Ref } from '../entities/basics.ts'
import { Closure, ClosureInput, ClosurePreview } from '../entities/closure.ts'

const params = Type.Object({ nodeId: Ref }, closed)

export const closureList = [
  defineCapability({
    name: 'node.previewClose',
    method: 'POST',
    path: '/v1/nodes/{nodeId}/close/preview',
    kind: 'read',
    permission: 'fulfillment.manage',
    summary: { en: 'What closing the node would cost, split and delay', zh: '预览关闭节点的成本、拆单与时效影响' },
    params,
    body: ClosureInput,
    output: { 200: ClosurePreview },
    outcomes: ['entity_unknown'],
    slaMs: 500,
  }),
  defineCapability({
    name: 'node.close',
    method: 'POST',
    path: '/v1/nodes/{nodeId}/close',
    kind: 'write',
    permission: 'fulfillment.manage',
    summary: { en: 'Close the node and reroute its work', zh: '关闭节点并改派其履约单' },
    description: {
      en: 'From now on nothing is sourced there. Its open work is rerouted in batches; GET closure says how far that is. Asked again, it answers how far it is.',
      zh: '自此不再向该节点寻源；其未完成的履约单分批改派，进度见 closure。重复请求只返回进度。',
    },
    params,
    body: ClosureInput,
    output: { 202: Closure },
    outcomes: ['entity_unknown'],
    slaMs: 250,
  }),
  defineCapability({
    name: 'node.open',
    method: 'POST',
    path: '/v1/nodes/{nodeId}/open',
    kind: 'write',
    permission: 'fulfillment.manage',
    summary: { en: 'Open the node again; what was rerouted stays where it is', zh: '重新开放节点，已改派的不再移回' },
    params,
    body: Type.Object({}, closed),
    output: { 200: Closure },
    outcomes: ['entity_unknown'],
    slaMs: 250,
  }),
  defineCapability({
    name: 'node.closure',
    method: 'GET',
    path: '/v1/nodes/{nodeId}/closure',
    kind: 'read',
    permission: 'fulfillment.read',
    summary: { en: 'How far a node that closes has come', zh: '读取节点关闭进度' },
    params,
    output: { 200: Closure },
    outcomes: ['entity_unknown'],
    slaMs: 100,
  }),
] as const
