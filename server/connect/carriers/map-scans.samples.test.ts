import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { standingOf } from '../../domain/parcel/parcel-state.ts'
import { carrierMapper } from './carrier-mapper.ts'

const samples = join(process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../../shared/data'), 'payloads/carriers')
/** Tracking bodies, and what the first parcel in them comes to; none = the body holds no scan. */
const expected: readonly (readonly [file: string, format: string, parcels: number, scans: number, state?: string])[] = [
  ['sf-express/route_query_4501.json', 'sf-express', 1, 14, 'delivered'],
  ['kuaidi100/push_polling.json', 'kuaidi100', 1, 1, 'labelled'],
  ['kuaidi100/query_track_map_yuantong_signed.json', 'kuaidi100', 1, 9, 'delivered'],
  ['dhl_express/tracking_IntransitTrackingResponseXML.xml', 'dhl', 1, 1, 'collected'],
  ['dhl_express/tracking_TrackingResponseXML.xml', 'dhl', 3, 19, 'delivered'],
  ['mydhl/tracking_TrackingResponse.json', 'dhl', 1, 2, 'delivered'],
  ['mydhl/tracking_ErrorResponse.json', 'dhl', 0, 0],
  ['dhl_universal/tracking_TrackingResponseJSON.json', 'dhl', 1, 1, 'labelled'],
  ['dhl_universal/tracking_TrackingErrorResponseJSON.json', 'dhl', 0, 0],
  ['dhl_parcel_de/tracking_TrackingResponseXML.xml', 'dhl', 1, 7, 'delivered'],
  ['dhl_parcel_de/tracking_TrackingErrorResponseXML.xml', 'dhl', 0, 0],
  ['ups/tracking_TrackingResponseJSON.json', 'ups', 1, 1, 'inTransit'],
  ['ups/tracking_InvalidTrackingNumberResponseJSON.json', 'ups', 0, 0],
  ['ups/tracking_TrackingNumberNotFoundResponseJSON.json', 'ups', 0, 0],
  ['fedex/tracking_TrackingResponse.json', 'fedex', 1, 1, 'collected'],
  ['fedex/tracking_ErrorResponse.json', 'fedex', 0, 0],
  ['usps/tracking_ErrorResponse.json', 'usps', 0, 0],
  ['usps/tracking_AuthErrorResponse.json', 'usps', 0, 0],
  ['easypost/tracker_created.json', 'easypost', 1, 2, 'labelled'],
  ['easypost/trackers_list.json', 'easypost', 5, 10, 'labelled'],
  ['aftership/TestGetTracking_4.json', 'aftership', 1, 1, 'labelled'],
  ['aftership/TestGetLastCheckpoint_1.json', 'aftership', 1, 1, 'delivered'],
  ['aftership/TestUpdateTracking_5.json', 'aftership', 1, 1, 'collected'],
  ['aftership/TestCreateTracking_1.json', 'aftership', 0, 0],
  ['australiapost/tracking_TrackingResponse.json', 'australia-post', 3, 27, 'inTransit'],
  ['australiapost/tracking_TrackingErrorResponse.json', 'australia-post', 0, 0],
  ['australiapost/tracking_ErrorResponse.json', 'australia-post', 0, 0],
  ['gls/tracking_TrackingResponse.json', 'gls', 1, 2, 'collected'],
  ['gls/tracking_ErrorResponse.json', 'gls', 0, 0],
  ['hermes/tracking_TrackingResponse.json', 'hermes', 1, 4, 'delivered'],
  ['hermes/tracking_TrackingErrorResponse.json', 'hermes', 0, 0],
  ['laposte/tracking_TrackingResponse.json', 'laposte', 1, 9, 'delivered'],
  ['laposte/tracking_ErrorResponse.json', 'laposte', 0, 0],
]

const skip = existsSync(samples) ? false : `no samples at ${samples}`
test('carriers’ own bodies give every scan in them, and no code is unknown', { skip }, () => {
  const mapper = carrierMapper()
  for (const [file, format, parcels, scans, state] of expected) {
    const read = mapper.mapScans({ carrierId: 'c', format }, readFileSync(join(samples, file), 'utf8'))
    const all = read.parcels.flatMap((parcel) => parcel.scans)
    const standing = read.parcels[0] && standingOf(read.parcels[0].scans).state
    assert.deepEqual([read.parcels.length, all.length, standing], [parcels, scans, state], file)
    assert.equal(read.issues.length, parcels === 0 ? 1 : 0, file)
    assert.deepEqual(
      all.filter((scan) => scan.meaning === undefined).map((scan) => scan.code),
      [],
      file,
    )
  }
})

test('the bodies of a format that are no tracking are told as such', { skip }, () => {
  const mapper = carrierMapper()
  const folders = { easypost: 'easypost', fedex: 'fedex', ups: 'ups', mydhl: 'dhl' } as const
  let seen = 0
  for (const [folder, format] of Object.entries(folders))
    for (const file of readdirSync(join(samples, folder)).filter((name) => /rate|pickup|order|estimated/.test(name))) {
      const { parcels, issues } = mapper.mapScans({ carrierId: 'c', format }, readFileSync(join(samples, folder, file), 'utf8'))
      assert.deepEqual([parcels.length, issues.length], [0, 1], file)
      seen += 1
    }
  assert.ok(seen >= 8, `saw ${seen}`)
})
