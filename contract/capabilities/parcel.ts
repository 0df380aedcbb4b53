import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, Ref } from '../entities/basics.ts'
import { ParcelIdText } from '../entities/fulfillment-order.ts'
import { pageOf, pageQuery } from '../entities/page.ts'
import { ParcelDetail, ScanAnswer } from '../entities/parcel.ts'
import { ParcelStateName } from '../entities/scan.ts'

export const parcelList = [
  defineCapability({
    name: 'parcel.list',
    method: 'GET',
    path: '/v1/parcels',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'Parcels by carrier, number and state, latest first', zh: '按承运商、运单号与状态查询包裹，最新在前' },
    query: Type.Object(
      { ...pageQuery(100), carrierId: Type.Optional(Ref), trackingNo: Type.Optional(Ref), state: Type.Optional(ParcelStateName) },
      closed,
    ),
    output: { 200: pageOf(ParcelDetail) },
    outcomes: [],
    slaMs: 200,
  }),
  defineCapability({
    name: 'parcel.get',
    method: 'GET',
    path: '/v1/parcels/{parcelId}',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'Read a parcel: state, scans, arrival, emissions', zh: '读取包裹：状态、扫描、预计送达、碳排放' },
    params: Type.Object({ parcelId: ParcelIdText }, closed),
    output: { 200: ParcelDetail },
    outcomes: ['parcel_unknown'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'carrier.scans',
    method: 'POST',
    path: '/v1/carriers/{carrierId}/scans',
    kind: 'write',
    permission: 'scan.write',
    summary: { en: "Take in scans in the carrier's own body", zh: '按承运商原始报文接收扫描记录' },
    description: {
      en: 'A push, a webhook or the answer to a tracking query, byte for byte; which bodies are read: docs/reference/carriers.md. The same scan counts once, however often and in whatever order it comes. What belongs to no parcel yet, and codes that no mapping knows, are kept and taken up later.',
      zh: '推送、Webhook 或查询接口的应答，原样提交；支持的报文见 docs/reference/carriers.md。同一扫描无论重复多少次、先后如何只计一次。暂无对应包裹的扫描及未识别的代码会被保留，稍后自动处理。',
    },
    params: Type.Object({ carrierId: Ref }, closed),
    rawBody: true,
    output: { 200: ScanAnswer, 202: ScanAnswer },
    outcomes: ['entity_unknown', 'scope_violation'],
    slaMs: 200,
  }),
] as const
