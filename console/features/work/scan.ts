import type { Work } from './work.ts'

export type WorkLine = Work['lines'][number]
/** Units found so far, by line. */
export type Found = Readonly<Record<string, number>>

export const keyOf = ({ lineRef, sku }: Pick<WorkLine, 'lineRef' | 'sku'>): string => `${lineRef}\n${sku}`
export const openOf = ({ quantity, picked }: Pick<WorkLine, 'quantity' | 'picked'>): number => quantity - picked
export const openLines = (work: Pick<Work, 'lines'>): readonly WorkLine[] => work.lines.filter((line) => openOf(line) > 0)

const GTIN = /^\d{8,14}$/
/** Two readers give one barcode with and without leading zeros (UPC-A as EAN-13, GTIN-14), and SKUs in either case. */
export function plainCode(code: string): string {
  const text = code.trim()
  return GTIN.test(text) ? text.replace(/^0+/, '') : text.toLowerCase()
}

/** Whether a code is that of the item of a line. */
export function isOfLine(line: Pick<WorkLine, 'sku' | 'barcodes'>, code: string): boolean {
  const wanted = plainCode(code)
  return wanted !== '' && (plainCode(line.sku) === wanted || (line.barcodes ?? []).some((one) => plainCode(one) === wanted))
}

/** A scan names an item, an order, a parcel or the work itself. */
export function isOfWork(work: Work, code: string): boolean {
  if (code === '') return true
  const names = [work.externalRef, work.orderId, work.fulfillmentOrderId]
  return (
    names.includes(code) || work.lines.some((line) => isOfLine(line, code)) || work.parcels.some((parcel) => parcel.trackingNo === code)
  )
}

/** What a scan means to a picker: one more of a line, one more than there should be, or an item that does not belong here. */
export type ScanAnswer =
  | { readonly kind: 'found'; readonly line: WorkLine; readonly found: Found }
  | { readonly kind: 'enough'; readonly line: WorkLine }
  | { readonly kind: 'wrong'; readonly code: string }

/** Counts one scanned unit; lines of the same item are filled one after the other. */
export function countScan(work: Pick<Work, 'lines'>, found: Found, code: string): ScanAnswer {
  const lines = work.lines.filter((line) => isOfLine(line, code))
  const [first] = lines
  if (first === undefined) return { kind: 'wrong', code: code.trim() }
  const line = lines.find((one) => (found[keyOf(one)] ?? 0) < openOf(one))
  if (line === undefined) return { kind: 'enough', line: first }
  return { kind: 'found', line, found: { ...found, [keyOf(line)]: (found[keyOf(line)] ?? 0) + 1 } }
}

/** What was found, as the hub takes it. */
export const unitsOf = (work: Pick<Work, 'lines'>, found: Found) =>
  openLines(work).flatMap((line) => {
    const quantity = Math.min(found[keyOf(line)] ?? 0, openOf(line))
    return quantity === 0 ? [] : [{ lineRef: line.lineRef, sku: line.sku, quantity }]
  })
