import { theme } from 'antd'
import { useText } from '../../i18n/language.tsx'

/** Whether more of something is better, worse, or neither. */
export type Good = 'more' | 'less' | 'neither'

type Props = {
  readonly now: number | undefined
  readonly before: number | undefined
  readonly good: Good
  /** The difference as people read it, with its unit; always positive. */
  readonly say: (difference: number) => string
  /** The range it is compared with, as words; undefined where there is none. */
  readonly span: string | undefined
}

/** How a figure differs from the range before, in words; colour and arrow only repeat what the words say. */
export function Delta({ now, before, good, say, span }: Props) {
  const t = useText()
  const { token } = theme.useToken()
  if (span === undefined) return null
  if (now === undefined || before === undefined) return <span className="muted">{t('report.delta.none', { span })}</span>
  const by = say(Math.abs(now - before))
  if (by === say(0)) return <span className="muted">{t('report.delta.same', { span })}</span>
  const isMore = now > before
  const verdict = good === 'neither' ? undefined : (good === 'more') === isMore ? 'better' : 'worse'
  return (
    <span
      {...(verdict === undefined
        ? { className: 'muted' }
        : { style: { color: verdict === 'better' ? token.colorSuccess : token.colorError } })}
    >
      <span aria-hidden>{isMore ? '▲ ' : '▼ '}</span>
      {t(isMore ? 'report.delta.more' : 'report.delta.less', { by, span })}
      {verdict !== undefined && <span className="unseen"> ({t(`report.delta.${verdict}`)})</span>}
    </span>
  )
}
