import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carrierMapper } from './carrier-mapper.ts'

const mapper = carrierMapper()

/** Codes of the carriers' own lists, and what they mean; words only where the format has them beside its codes. */
const meanings: readonly (readonly [format: string, code: string, meaning: string | undefined, words?: string])[] = [
  ['sf-express', '130', 'readyForPickup'],
  ['sf-express', '128', 'delivered'],
  ['sf-express', '99', 'moving'],
  ['sf-express', '648', 'returning'],
  ['sf-express', '18', 'customsHeld'],
  ['sf-express', '606', 'customsCleared'],
  ['kuaidi100', '在途', 'readyForPickup', '快件已由门卫代收，请及时取件'],
  ['kuaidi100', '在途', 'departed', '【济南转运中心】 已发出 下一站 【孙村公司】'],
  ['kuaidi100', '在途', 'moving', '快件正在运输'],
  ['kuaidi100', '疑难', 'undeliverable', '收件人拒收，准备退回'],
  ['kuaidi100', '签收', 'delivered', '已退回并签收'],
  ['dhl', 'HP', 'delayed'],
  ['dhl', 'DS', 'lost'],
  ['dhl', 'transit', 'outForDelivery', 'The shipment has been loaded onto the delivery vehicle'],
  ['dhl', 'transit', 'returning', 'Die Sendung wird an den Absender zurückgesandt.'],
  ['dhl', 'transit', 'moving', 'JESSICA'],
  ['dhl', 'failure', 'attemptFailed', 'recipient not home'],
  ['ups', 'I/ZZ', 'departed', 'Departed from Facility'],
  ['ups', 'X/ZZ', 'attemptFailed', 'The receiver was not available for delivery. We will make a second attempt the next business day.'],
  ['ups', 'X/ZZ', 'returning', 'The package will be returned to the sender.'],
  ['ups', 'X/ZZ', 'delayed', 'Please contact UPS for additional information.'],
  ['ups', 'X/SR', 'customsCleared', 'Your package was released by the customs agency.'],
  ['ups', 'D/ZZ', 'delivered', 'DELIVERED TO NEIGHBOUR'],
  ['fedex', 'PL', 'arrived'],
  ['fedex', 'EP', 'noted'],
  ['fedex', 'ZZ', undefined, 'Delivered'],
  ['usps', '80', 'collected'],
  ['easypost', 'unknown/unknown', 'noted'],
  ['easypost', 'failure/refused', 'undeliverable'],
  ['easypost', 'in_transit/departed_origin_facility', 'departed'],
  ['aftership', 'Delivered/Delivered_005', 'delivered'],
  ['aftership', 'Exception/Exception_018', 'customsHeld'],
  ['gls', 'INBOUD.NORMAL', 'arrived'],
  ['gls', 'OUTBOD.NORMAL', 'departed'],
  ['gls', 'XXXXXX.NORMAL', 'attemptFailed', 'The parcel could not be delivered as the consignee was absent.'],
  ['gls', 'XXXXXX.NORMAL', undefined, 'Something else'],
]
const oneScan = (format: string, code: string, words = ''): unknown => {
  const time = '2026-11-03T08:00:00Z'
  const [first, second] = code.split('/')
  switch (format) {
    case 'sf-express':
      return { data: { body: [{ mailNo: '1', opcode: code, acceptTime: time, remark: words }] } }
    case 'kuaidi100':
      return { nu: '1', data: [{ ftime: time, status: code, context: words }] }
    case 'dhl':
      return { shipments: [{ id: 1, events: [{ timestamp: time, statusCode: code, description: words }] }] }
    case 'ups':
      return {
        trackResponse: {
          shipment: [
            {
              inquiryNumber: '1',
              package: [{ activity: [{ date: '20261103', time: '080000', status: { type: first, code: second, description: words } }] }],
            },
          ],
        },
      }
    case 'fedex':
      return {
        output: {
          completeTrackResults: [
            { trackingNumber: '1', trackResults: [{ scanEvents: [{ date: time, eventType: code, eventDescription: words }] }] },
          ],
        },
      }
    case 'usps':
      return { trackingNumber: '1', trackingEvents: [{ eventCode: code, GMTTimestamp: time, eventType: words }] }
    case 'easypost':
      return { tracking_code: '1', tracking_details: [{ status: first, status_detail: second, datetime: time, message: words }] }
    case 'aftership':
      return { msg: { tracking_number: '1', checkpoints: [{ tag: first, subtag: second, checkpoint_time: time }] } }
    default:
      return { parcels: [{ unitno: '1', events: [{ code, description: words, eventDateTime: time }] }] }
  }
}
for (const [format, code, meaning, words] of meanings)
  test(`${format} ${code}${words === undefined ? '' : ` “${words}”`} means ${meaning ?? 'nothing known'}`, () => {
    const body = JSON.stringify(oneScan(format, code, words))
    const scans = mapper.mapScans({ carrierId: 'c1', format }, body).parcels.flatMap((parcel) => parcel.scans)
    assert.deepEqual(
      scans.map((scan) => [scan.code, scan.meaning, scan.flags.includes('codeUnknown')]),
      [[code, meaning, meaning === undefined]],
    )
  })
