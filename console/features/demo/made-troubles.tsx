import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Card, Tag } from 'antd'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import { useFactNames } from '../network/facts.ts'
import { type Trouble, useTroubles } from './demo.ts'

const SHOWN = 8
const ORDERS_SHOWN = 3
const tones = { asked: 'processing', made: 'error', impossible: 'default' } as const

/** What went wrong lately, and the way to where it can be seen. */
export function MadeTroubles() {
  const t = useText()
  return (
    <Card size="small" title={t('demo.made')}>
      <Loaded of={useTroubles()}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('demo.made.none')} hint={t('demo.made.none.hint')} />
          ) : (
            <ul className="made" aria-live="polite">
              {items.slice(0, SHOWN).map((trouble) => (
                <li key={trouble.troubleId}>
                  <Made trouble={trouble} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function Made({ trouble }: { readonly trouble: Trouble }) {
  const { t, language } = useLanguage()
  const format = useFormat()
  const names = useFactNames()
  const { nodeId, sku, orderIds } = trouble
  return (
    <>
      <div className="between">
        <strong>{t(`trouble.${trouble.kind}`)}</strong>
        <Tag color={tones[trouble.state]}>{t(`demo.state.${trouble.state}`)}</Tag>
      </div>
      <div className="muted">
        {format.at(trouble.madeAt ?? trouble.askedAt)}
        {trouble.note !== undefined && ` · ${trouble.note[language === 'en' ? 'en' : 'zh']}`}
      </div>
      <div className="row">
        {orderIds.slice(0, ORDERS_SHOWN).map((orderId) => (
          <OrderLink key={orderId} orderId={orderId} />
        ))}
        {orderIds.length > ORDERS_SHOWN && <span className="muted">{t('demo.more', { n: orderIds.length - ORDERS_SHOWN })}</span>}
        {nodeId !== undefined && (
          <Link to="/work" search={{ nodeId }}>
            {names.nodes.get(nodeId) ?? nodeId}
          </Link>
        )}
        {sku !== undefined && (
          <Link to="/stock" search={{ sku }}>
            {sku}
          </Link>
        )}
      </div>
    </>
  )
}

/** An order by the name its channel gave it. */
function OrderLink({ orderId }: { readonly orderId: string }) {
  const { data } = useQuery({
    queryKey: ['order', orderId, 'now'],
    queryFn: () => hub.call('order.get', { params: { orderId }, query: {} }),
  })
  return (
    <Link to="/orders/$orderId" params={{ orderId }}>
      {data?.externalRef ?? '…'}
    </Link>
  )
}
