import { Select } from 'antd'
import { useText, useWord } from '../../i18n/language.tsx'

/** Why something is done, in words; the code goes to the hub. */
export function ReasonSelect(props: {
  readonly reasons: readonly string[]
  readonly value: string
  readonly onChange: (reason: string) => void
}) {
  const t = useText()
  const word = useWord()
  return (
    <Select
      aria-label={t('order.action.reason')}
      value={props.value}
      options={props.reasons.map((reason) => ({ value: reason, label: word('reason', reason) }))}
      onChange={props.onChange}
    />
  )
}
