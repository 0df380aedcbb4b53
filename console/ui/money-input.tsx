import { InputNumber } from 'antd'
import { minorDigits } from '../../contract/minor-units.ts'

type Props = {
  readonly currency: string
  /** Minor units. */
  readonly value?: number
  readonly onChange?: (minor: number) => void
  readonly id?: string
  readonly min?: number
  readonly max?: number
  readonly disabled?: boolean
  readonly label?: string
}

/** An amount as people write it; minor units inside, so that nothing is ever rounded. */
export function MoneyInput({ currency, value, onChange, label, min = 0, max, ...rest }: Props) {
  const digits = minorDigits(currency)
  const unit = 10 ** digits
  return (
    <InputNumber
      {...rest}
      {...(label === undefined ? {} : { 'aria-label': label })}
      style={{ width: '100%', minWidth: 110 }}
      prefix={currency}
      precision={digits}
      min={min / unit}
      {...(max === undefined ? {} : { max: max / unit })}
      value={value === undefined ? null : value / unit}
      onChange={(major) => onChange?.(Math.round((major ?? 0) * unit))}
    />
  )
}
