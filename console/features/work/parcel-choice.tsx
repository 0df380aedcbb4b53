import { Checkbox } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import type { Work } from './work.ts'

/** What to send: all parcels are not named, so that one which its carrier has by now does not stand in the way of the others. */
export const unpackOf = ({ parcels }: Work, parcelIds: readonly string[]): { parcelIds?: string[] } =>
  parcelIds.length === parcels.length ? {} : { parcelIds: [...parcelIds] }

/** Which parcels are opened again; one alone is told, several are chosen from. */
export function ParcelChoice(props: {
  readonly work: Work
  readonly value: readonly string[]
  readonly onChange: (parcelIds: readonly string[]) => void
}) {
  const t = useText()
  const format = useFormat()
  const { work, value, onChange } = props
  const names = new Map(work.lines.map((line) => [`${line.lineRef}\n${line.sku}`, line.name ?? line.sku]))
  const options = work.parcels.map(({ parcelId, trackingNo, lines }, i) => ({
    value: parcelId,
    label: [
      trackingNo ?? t('parcel.nth', { n: i + 1 }),
      lines.map((line) => `${names.get(`${line.lineRef}\n${line.sku}`) ?? line.sku} × ${format.number(line.quantity)}`).join(', '),
    ].join(' · '),
  }))
  if (options.length === 1) return <strong>{options[0]?.label}</strong>
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }} aria-label={t('workEdit.unpack.which')}>
      <Checkbox.Group className="stack" style={{ gap: 8 }} value={[...value]} options={options} onChange={onChange} />
    </fieldset>
  )
}
