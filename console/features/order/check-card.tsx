import { Card, Tag } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { VerdictTag } from '../../ui/tags.tsx'
import { useRuleNames } from '../network/facts.ts'
import { type Detail, rulesIn, sentencesOf } from './check-detail.ts'
import type { Order } from './order.ts'
import { useReasonWords } from './reason-words.ts'

/** What the four checks found and when, and why where it is not simply well: what has changed since is not theirs to say. */
export function Checks({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  const reasonWords = useReasonWords()
  return (
    <Card size="small" title={t('order.checks')}>
      <div className="stack">
        {(['stock', 'credit', 'tax', 'compliance'] as const).map((check) => {
          const { verdict, reason, detail, at } = order.checks[check]
          return (
            <div key={check}>
              <div className="between">
                <span>{t(`order.check.${check}`)}</span>
                <VerdictTag verdict={verdict} />
              </div>
              {verdict !== 'notApplicable' && reason !== 'hidden' && (
                <div className="muted">
                  {reasonWords(reason)} · {format.at(at)}
                </div>
              )}
              {detail !== undefined && (verdict !== 'pass' || reason === 'backordered') && <Worked order={order} detail={detail} />}
            </div>
          )
        })}
        {order.reviewReasons.length > 0 && (
          <div className="row">
            {order.reviewReasons.map((reason) => (
              <Tag key={reason} color="warning" className="wraps">
                {reasonWords(reason)}
              </Tag>
            ))}
          </div>
        )}
      </div>
    </Card>
  )
}

function Worked({ order, detail }: { readonly order: Order; readonly detail: Detail }) {
  const t = useText()
  const format = useFormat()
  const reasonWords = useReasonWords()
  const ruleName = useRuleNames(rulesIn(detail).length > 0)
  return (
    <ul className="worked">
      {sentencesOf(detail, order, { t, format, comma: t('list.comma'), ruleName, reasonWords }).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
