import { outcome } from './definition.ts'

/** What a node's report of its work may get wrong. */
export const workOutcomes = {
  work_line_unknown: outcome(
    'contradictory',
    ['Not part of this work', 'Lines must name a lineRef of the fulfillment order, and the sku where a line has several items there.'],
    ['不属于该履约单', '行必须为该履约单的 lineRef；若该行在此有多个商品，须注明 sku。'],
  ),
  work_units_exceeded: outcome(
    'conflict',
    ['More units than there are', 'Picked units are at most the units asked for, packed units at most the units picked.'],
    ['数量超出', '拣货数量不得超过应拣数量，打包数量不得超过已拣数量。'],
  ),
  work_left_empty: outcome(
    'conflict',
    ['Nothing would be left', 'A split leaves at least one unit where it was.'],
    ['拆分后无剩余', '拆分后原履约单须至少保留一件商品。'],
  ),
  work_not_mergeable: outcome(
    'conflict',
    ['Cannot be merged', 'Only fulfillment orders of the same order at the same node can be merged, and only before they are begun.'],
    ['不可合并', '只能合并同一订单、同一节点且尚未开始作业的履约单。'],
  ),
  no_node_fits: outcome(
    'conflict',
    ['No node can take it over', 'The work moves as a whole to nodes that have all of it and may serve the order.'],
    ['没有可承接的节点', '履约单只能整体移至备齐全部商品且可服务该订单的节点。'],
  ),
  carrier_unknown: outcome(
    'contradictory',
    ['The carrier or service does not exist', 'A parcel goes with a carrier that is configured, and a service of it.'],
    ['承运商或服务不存在', '包裹必须使用已配置的承运商及其服务。'],
  ),
  parcel_collected: outcome(
    'conflict',
    ['The carrier has the parcel', 'A parcel is opened again only before its carrier has it; that it does, its scans say.'],
    ['包裹已由承运商揽收', '仅可拆开承运商尚未揽收的包裹；是否揽收以扫描为准。'],
  ),
  pickup_code_wrong: outcome(
    'conflict',
    ['Another code', 'What is collected is given out against the code that the buyer was given.'],
    ['取货码不符', '自提商品须凭买家收到的取货码取走。'],
  ),
} as const
