import { Tooltip } from 'antd'
import { useText } from '../../i18n/language.tsx'
import type { Line } from './order.ts'
import { standings } from './standings.ts'

/** The quantity ledger of a line as one bar. */
export function Ledger({ line }: { readonly line: Line }) {
  const t = useText()
  const parts = standings(line)
  const text = parts.map(({ stage, units }) => `${units} ${t(`order.ledger.${stage}`)}`).join(' · ')
  return (
    <Tooltip title={text}>
      <div role="img" aria-label={text} className="ledger">
        {parts.map(({ stage, units, color }) => (
          <i key={stage} style={{ width: `${(units / Math.max(1, line.quantity)) * 100}%`, background: color }} />
        ))}
      </div>
      <span className="muted">{text}</span>
    </Tooltip>
  )
}
