import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappedScan } from '../../engine/ports/carrier-mapper.ts'
import { toIso } from '../../kernel/time.ts'
import { carrierMapper } from './carrier-mapper.ts'
import { parseCarrierMapping } from './mapping.ts'
import { carrierMappings } from './mappings.ts'

const mapper = carrierMapper()
const read = (format: string, body: unknown, zone?: string) =>
  mapper.mapScans(
    { carrierId: 'c1', format, ...(zone === undefined ? {} : { zone }) },
    typeof body === 'string' ? body : JSON.stringify(body),
  )
const scansOf = (format: string, body: unknown): readonly MappedScan[] => read(format, body).parcels.flatMap((parcel) => parcel.scans)
const told = ({ trackingNo, code, meaning, occurredAt, timeBasis }: MappedScan) => [trackingNo, code, meaning, toIso(occurredAt), timeBasis]

const sf = (mailNo: string, opcode: string, acceptTime: string, more = {}) => ({
  data: { body: [{ mailNo, opcode, acceptTime, acceptAddress: '上海浦东营业点', remark: '', ...more }] },
})

/** One scan of each format, written from the carriers' public documents. */
const cases: readonly (readonly [what: string, format: string, body: unknown, expected: readonly unknown[]])[] = [
  [
    'SF: Beijing time whatever the place',
    'sf-express',
    sf('SF100', '80', '2026-11-03 14:56:28'),
    ['SF100', '80', 'delivered', '2026-11-03T06:56:28.000Z', 'carrier'],
  ],
  [
    'SF: a push',
    'sf-express',
    {
      Body: {
        WaybillRoute: [{ mailno: 'SF101', acceptTime: '2026-11-03 09:00:01', acceptAddress: '深圳', opCode: '50', remark: '已收取快件' }],
      },
    },
    ['SF101', '50', 'collected', '2026-11-03T01:00:01.000Z', 'carrier'],
  ],
  [
    'SF: an answer within a string',
    'sf-express',
    {
      apiResultData: JSON.stringify({
        success: true,
        msgData: { routeResps: [{ mailNo: 'SF102', routes: [{ acceptTime: '2026-11-03 09:00:01', opCode: '44' }] }] },
      }),
    },
    ['SF102', '44', 'outForDelivery', '2026-11-03T01:00:01.000Z', 'carrier'],
  ],
  [
    'Kuaidi100: a form with the push in it',
    'kuaidi100',
    `param=${encodeURIComponent(JSON.stringify({ status: 'polling', lastResult: { nu: 'YT1', data: [{ ftime: '2026-11-03 20:11:22', context: '已发出', areaName: '山东,济南市', status: '在途' }] } }))}`,
    ['YT1', '在途', 'departed', '2026-11-03T12:11:22.000Z', 'carrier'],
  ],
  [
    'Kuaidi100: words where the code is missing',
    'kuaidi100',
    { nu: 'YT2', data: [{ time: '2026-11-03 09:00:00', context: '【长沙】已接单', status: null }] },
    ['YT2', undefined, 'announced', '2026-11-03T01:00:00.000Z', 'carrier'],
  ],
  [
    'UPS: local time of the place',
    'ups',
    {
      trackResponse: {
        shipment: [
          {
            inquiryNumber: '1Z9',
            package: [
              {
                trackingNumber: '1Z9',
                activity: [
                  {
                    date: '20261103',
                    time: '091500',
                    status: { type: 'D', code: 'KB' },
                    location: { address: { city: 'Tacoma', stateProvince: 'WA', country: 'US' } },
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    ['1Z9', 'D/KB', 'delivered', '2026-11-03T17:15:00.000Z', 'place'],
  ],
  [
    'UPS: an alert with GMT beside the local time',
    'ups',
    {
      trackingNumber: '1Z8',
      localActivityDate: '20261103',
      localActivityTime: '091500',
      gmtActivityDate: '20261103',
      gmtActivityTime: '17:15:00',
      activityStatus: { type: 'I', code: 'OT' },
      activityLocation: { country: 'US' },
    },
    ['1Z8', 'I/OT', 'outForDelivery', '2026-11-03T17:15:00.000Z', 'offset'],
  ],
  [
    'FedEx: its own offset',
    'fedex',
    {
      output: {
        completeTrackResults: [
          {
            trackingNumber: '77',
            trackResults: [
              {
                trackingNumberInfo: { trackingNumber: '77' },
                scanEvents: [{ date: '2026-11-03T12:01:00-07:00', eventType: 'OD', scanLocation: { city: 'BOISE', countryCode: 'US' } }],
              },
            ],
          },
        ],
      },
    },
    ['77', 'OD', 'outForDelivery', '2026-11-03T19:01:00.000Z', 'offset'],
  ],
  [
    'USPS: GMT before the local time',
    'usps',
    {
      trackingNumber: '9400',
      trackingEvents: [
        {
          eventCode: '01',
          eventType: 'Delivered, Parcel Locker',
          eventTimestamp: '2026-11-03T13:58:00',
          GMTTimestamp: '2026-11-03T18:58:40Z',
          eventCity: 'OCALA',
          eventState: 'FL',
          eventZIP: '34470',
        },
      ],
    },
    ['9400', '01', 'delivered', '2026-11-03T18:58:40.000Z', 'offset'],
  ],
  [
    'USPS: the state tells the zone',
    'usps',
    { trackingNumber: '9401', trackingEvents: [{ eventCode: '03', eventTimestamp: '2026-11-03T11:10:00', eventState: 'AZ' }] },
    ['9401', '03', 'collected', '2026-11-03T18:10:00.000Z', 'place'],
  ],
  [
    'EasyPost: an event',
    'easypost',
    {
      object: 'Event',
      result: {
        tracking_code: 'EZ1',
        tracking_details: [
          {
            status: 'return_to_sender',
            status_detail: 'return',
            datetime: '2026-11-03T10:00:00Z',
            tracking_location: { city: 'HOUSTON', state: 'TX' },
          },
        ],
      },
    },
    ['EZ1', 'return_to_sender/return', 'returning', '2026-11-03T10:00:00.000Z', 'offset'],
  ],
  [
    'AfterShip: a webhook',
    'aftership',
    {
      event: 'tracking_update',
      msg: {
        tracking_number: 'AS1',
        checkpoints: [{ tag: 'AttemptFail', subtag: 'AttemptFail_001', checkpoint_time: '2026-11-03T10:00:00+09:00', country_iso3: 'JPN' }],
      },
    },
    ['AS1', 'AttemptFail/AttemptFail_001', 'attemptFailed', '2026-11-03T01:00:00.000Z', 'offset'],
  ],
  [
    'AfterShip: a time without offset',
    'aftership',
    {
      msg: {
        tracking_number: 'AS2',
        checkpoints: [{ tag: 'Exception', subtag: 'Exception_013', checkpoint_time: '2026-11-03T10:00:00', country_iso3: 'JPN' }],
      },
    },
    ['AS2', 'Exception/Exception_013', 'lost', '2026-11-03T01:00:00.000Z', 'place'],
  ],
  [
    'Australia Post: words are its codes',
    'australia-post',
    {
      tracking_results: [
        {
          tracking_id: 'AP1',
          trackable_items: [
            {
              article_id: 'AP1',
              events: [{ location: 'KEW VIC', description: 'Delivered - Left in a safe place', date: '2026-11-03T11:04:27+11:00' }],
            },
          ],
        },
      ],
    },
    ['AP1', 'Delivered - Left in a safe place', 'delivered', '2026-11-03T00:04:27.000Z', 'offset'],
  ],
  [
    'GLS: an offset without colon',
    'gls',
    {
      parcels: [
        { unitno: 'G1', events: [{ code: 'DELIVD.NORMAL', city: 'Berlin', country: 'DE', eventDateTime: '2026-11-03T15:24:57+0100' }] },
      ],
    },
    ['G1', 'DELIVD.NORMAL', 'delivered', '2026-11-03T14:24:57.000Z', 'offset'],
  ],
  [
    'DHL: unified tracking',
    'dhl',
    {
      shipments: [
        { id: 7777, events: [{ timestamp: '2026-11-03T07:53:47', statusCode: 'transit', location: { address: { countryCode: 'NL' } } }] },
      ],
    },
    ['7777', 'transit', 'moving', '2026-11-03T06:53:47.000Z', 'place'],
  ],
  [
    'DHL: express XML',
    'dhl',
    '<?xml version="1.0"?><req:TrackingResponse xmlns:req="http://www.dhl.com"><AWBInfo><AWBNumber>90</AWBNumber><ShipmentInfo><ShipmentEvent><Date>2026-11-03</Date><Time>08:09:00</Time><ServiceEvent><EventCode>OK</EventCode><Description/></ServiceEvent><ServiceArea><ServiceAreaCode>MIL</ServiceAreaCode><Description>Milan - Italy</Description></ServiceArea></ShipmentEvent></ShipmentInfo></AWBInfo></req:TrackingResponse>',
    ['90', 'OK', 'delivered', '2026-11-03T07:09:00.000Z', 'place'],
  ],
  [
    'DHL: parcel Germany XML',
    'dhl',
    '<data name="piece-shipment-list"><data name="piece-shipment" piece-code="0034"><data name="piece-event-list"><data name="piece-event" event-timestamp="18.03.2026 10:02" ice="DLVRD" standard-event-code="ZU" event-location="Bonn" event-country="Germany"/></data></data></data>',
    ['0034', 'DLVRD/ZU', 'delivered', '2026-03-18T09:02:00.000Z', 'place'],
  ],
  [
    'Hermes: a country in three letters',
    'hermes',
    {
      shipmentinfo: [
        {
          shipmentID: 'H1',
          status: [{ timestamp: '2026-11-03T07:00:00', code: '3000', scanningUnit: { city: 'Hamburg', countryCode: 'DEU' } }],
        },
      ],
    },
    ['H1', '3000', 'outForDelivery', '2026-11-03T06:00:00.000Z', 'place'],
  ],
  [
    'La Poste: one shipment',
    'laposte',
    {
      returnCode: 200,
      shipment: { idShip: 'L1', event: [{ code: 'AG1', label: 'Votre colis vous attend.', date: '2026-11-03T09:38:00+01:00' }] },
    },
    ['L1', 'AG1', 'readyForPickup', '2026-11-03T08:38:00.000Z', 'offset'],
  ],
  [
    'GLS: where it stands, without its scans',
    'gls',
    {
      parcels: [
        { unitno: 'G2', status: 'DELIVERED', statusDateTime: '2026-11-03T15:24:57+0100', events: null },
        { requested: 'G3', errorCode: 'E' },
      ],
    },
    ['G2', 'DELIVERED', 'delivered', '2026-11-03T14:24:57.000Z', 'offset'],
  ],
  [
    'DHL: where it stands, without its scans',
    'dhl',
    {
      shipments: [
        { id: 'D2', status: { timestamp: '2026-11-03T07:53:47', statusCode: 'delivered', location: { address: { countryCode: 'NL' } } } },
      ],
    },
    ['D2', 'delivered', 'delivered', '2026-11-03T06:53:47.000Z', 'place'],
  ],
  [
    'the hub’s own form',
    'fulcrum',
    {
      scans: [
        {
          trackingNo: 'F1',
          meaning: 'outForDelivery',
          occurredAt: '2026-11-03T08:00:00+08:00',
          place: { city: '杭州', countryCode: 'CN' },
        },
      ],
    },
    ['F1', 'outForDelivery', 'outForDelivery', '2026-11-03T00:00:00.000Z', 'offset'],
  ],
]
test('SF’s XML: a push and an answer', () => {
  const push = `<Request service="RoutePushService" lang="zh-CN"><Body><WaybillRoute id="1" mailno="SF200" acceptTime="2026-11-03 08:00:00" acceptAddress="深圳" remark="已签收" opCode="80"/></Body></Request>`
  const answer = `<?xml version="1.0"?><Response service="RouteService"><Head>OK</Head><Body><RouteResponse mailno="SF201"><Route accept_time="2026-11-03 08:00:00" accept_address="深圳市" remark="快件到达顺丰店/站" opcode="130"/><Route accept_time="2026-11-03 09:00:00" accept_address="深圳市" remark="已签收" opcode="80"/></RouteResponse></Body></Response>`
  assert.deepEqual(
    [push, answer].map((body) => scansOf('sf-express', body).map((scan) => [scan.trackingNo, scan.meaning, scan.place?.name])),
    [
      [['SF200', 'delivered', '深圳']],
      [
        ['SF201', 'readyForPickup', '深圳市'],
        ['SF201', 'delivered', '深圳市'],
      ],
    ],
  )
})

for (const [what, format, body, expected] of cases)
  test(what, () => {
    const { parcels, issues } = read(format, body)
    assert.deepEqual([parcels.flatMap((parcel) => parcel.scans.map(told)), issues], [[expected], []])
  })

test('every format has a case above', () => {
  assert.deepEqual([...new Set(cases.map(([, format]) => format))].sort(), [...mapper.formats].sort())
})

test('midnight means some time that day', () => {
  const [scan] = scansOf('sf-express', sf('SF1', '80', '2026-11-03 00:00:00'))
  assert.deepEqual([scan?.precision, scan?.flags], ['day', ['dayOnly']])
})

test('a time without zone, at a place that tells none, is read in the carrier’s zone, else in UTC and flagged', () => {
  const body = { shipments: [{ id: 1, events: [{ timestamp: '2026-11-03T08:00:00', statusCode: 'transit' }] }] }
  const [assumed] = scansOf('dhl', body)
  const [own] = read('dhl', body, 'Europe/Berlin').parcels.flatMap((parcel) => parcel.scans)
  assert.deepEqual(
    [assumed?.timeBasis, assumed?.flags, own?.timeBasis, own && toIso(own.occurredAt)],
    ['assumed', ['zoneAssumed'], 'carrier', '2026-11-03T07:00:00.000Z'],
  )
})

test('a code that no mapping knows gives a scan without meaning, whose key stays when it is known', () => {
  const body = sf('SF1', '9999', '2026-11-03 08:00:00')
  const [scan] = scansOf('sf-express', body)
  assert.deepEqual([scan?.code, scan?.meaning, scan?.flags], ['9999', undefined, ['codeUnknown']])
  const known = carrierMappings.get('sf-express')
  assert.ok(known)
  assert.equal(
    parseCarrierMapping({ ...known, version: 2, codes: { ...known.codes, 9999: 'moving' } }, 'sf-express').codes['9999'],
    'moving',
  )
})

test('a scan that comes twice in one body is one, whatever stands beside it', () => {
  const [a] = sf('SF1', '80', '2026-11-03 08:00:00').data.body
  const body = { data: { body: [a, { ...a, productName: 'changed' }] } }
  assert.equal(scansOf('sf-express', body).length, 1)
})

test('what cannot be read is named with its place, and the rest is read', () => {
  const { parcels, issues } = read('sf-express', {
    data: {
      body: [{ mailNo: 'SF1', opcode: '80', acceptTime: 'soon' }, ...sf('SF2', '80', '2026-11-03 08:00:00').data.body, { opcode: '80' }],
    },
  })
  assert.deepEqual(
    [parcels.map((parcel) => parcel.trackingNo), issues.map(({ code, path }) => [code, path])],
    [
      ['SF2'],
      [
        ['time_unreadable', 'data.body[0]'],
        ['field_missing', 'data.body[2]'],
      ],
    ],
  )
})

test('a body without scans says what it is instead', () => {
  const first = (format: string, body: unknown) => read(format, body).issues[0]?.code
  assert.deepEqual(
    [
      first('ups', { response: { errors: [{ code: 'TV1002', message: 'Invalid inquiry number' }] } }),
      first('gls', { hello: 1 }),
      first('ups', 'oops'),
      first('dhl', '<a><b></a>'),
      first('pigeon', {}),
    ],
    ['carrier_error', 'no_scans', 'not_json', 'not_xml', 'format_unmapped'],
  )
})
