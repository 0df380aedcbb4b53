import { useMutation } from '@tanstack/react-query'
import { Button, Drawer, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useCarriers } from '../network/facts.ts'
import { AddedLines, EditedLines } from './change-lines.tsx'
import { Settle } from './change-card.tsx'
import { type Address, editsOf, visibleAddress, type Wish } from './change-edits.ts'
import { ChangePreview } from './change-preview.tsx'
import type { Order } from './order.ts'
import { useSettleChange, useShown } from './use-change.ts'

const addressFields = ['name', 'phone', 'countryCode', 'region', 'city', 'district', 'postalCode', 'line1', 'line2'] as const
const NOTHING: Wish = { lines: {}, added: [] }

/** Edits an order: what is wished for is previewed by the hub, then confirmed in one step or discarded. */
export function ChangeEditor({ order, onClose }: { readonly order: Order; readonly onClose: () => void }) {
  const t = useText()
  const [wish, setWish] = useState<Wish>(NOTHING)
  const [changeId, setChangeId] = useState<string>()
  const show = useShown(order.orderId)
  const edits = editsOf(order.lines, wish)
  const propose = useMutation({
    mutationFn: () =>
      hub.call('order.proposeChange', { params: { orderId: order.orderId }, body: edits ?? {} }, { ifMatch: order.version }),
    onSuccess: (after) => {
      show(after)
      setChangeId(after.changes?.at(-1)?.changeId)
    },
  })
  const change = order.changes?.find((one) => one.changeId === changeId && one.state === 'proposed')
  const put = (part: Partial<Wish>) => setWish((was) => ({ ...was, ...part }))
  return (
    <Drawer open width="min(820px, 100vw)" title={t('change.title', { ref: order.externalRef })} onClose={onClose}>
      {change === undefined ? (
        <div className="stack">
          <EditedLines order={order} wishes={wish.lines} onChange={(lines) => put({ lines })} />
          <AddedLines order={order} added={wish.added} onChange={(added) => put({ added })} />
          <ServiceWish wish={wish} onChange={setWish} />
          <AddressWish order={order} address={wish.address} onChange={(address) => setWish(withAddress(wish, address))} />
          <label className="stack" style={{ gap: 4 }}>
            {t('order.action.note')}
            <Input.TextArea rows={2} maxLength={500} value={wish.note ?? ''} onChange={(event) => put({ note: event.target.value })} />
          </label>
          {propose.error !== null && <ProblemAlert error={propose.error} />}
          <div className="row">
            <Button type="primary" disabled={edits === undefined} loading={propose.isPending} onClick={() => propose.mutate()}>
              {t('change.preview')}
            </Button>
            {edits === undefined && <span className="muted">{t('change.nothing')}</span>}
          </div>
        </div>
      ) : (
        <div className="stack">
          <h2 style={{ margin: 0, fontSize: 16 }}>{t('change.preview.title')}</h2>
          <ChangePreview order={order} change={change} />
          <Settle order={order} change={change} onSettled={onClose} />
          <EditAgain order={order} changeId={change.changeId} onDone={() => setChangeId(undefined)} />
        </div>
      )}
    </Drawer>
  )
}

function withAddress({ address: _, ...rest }: Wish, address: Partial<Address> | undefined): Wish {
  return address === undefined ? rest : { ...rest, address }
}

/** Discards the preview and keeps what was typed. */
function EditAgain(props: { readonly order: Order; readonly changeId: string; readonly onDone: () => void }) {
  const t = useText()
  const settle = useSettleChange(props.order, props.onDone)
  const change = props.order.changes?.find((one) => one.changeId === props.changeId)
  return (
    <Button
      type="link"
      style={{ alignSelf: 'flex-start', paddingInline: 0 }}
      loading={settle.isPending}
      onClick={() => change !== undefined && settle.mutate({ change, how: 'decline' })}
    >
      {t('change.again')}
    </Button>
  )
}

function ServiceWish({ wish, onChange }: { readonly wish: Wish; readonly onChange: (wish: Wish) => void }) {
  const t = useText()
  const carriers = useCarriers().data ?? []
  const options = carriers.flatMap(({ carrierId, name, services }) =>
    services.map((service) => ({ value: `${carrierId}\n${service.serviceId}`, label: `${name} · ${service.name}` })),
  )
  if (options.length === 0) return null
  return (
    <label className="stack" style={{ gap: 4 }}>
      {t('change.service')}
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('change.service.same')}
        options={options}
        value={wish.service === undefined ? null : `${wish.service.carrierId}\n${wish.service.serviceId}`}
        onChange={(value: string | null | undefined) => {
          const { service: _, ...rest } = wish
          const [carrierId, serviceId] = value?.split('\n') ?? []
          onChange(carrierId === undefined || serviceId === undefined ? rest : { ...rest, service: { carrierId, serviceId } })
        }}
      />
    </label>
  )
}

function AddressWish(props: {
  readonly order: Order
  readonly address: Partial<Address> | undefined
  readonly onChange: (address: Partial<Address> | undefined) => void
}) {
  const t = useText()
  const { address, onChange } = props
  return (
    <div className="stack" style={{ gap: 8 }}>
      <label className="row">
        <Switch
          checked={address !== undefined}
          aria-label={t('change.address')}
          onChange={(isOn) => onChange(isOn ? visibleAddress(props.order.shipTo) : undefined)}
        />
        {t('change.address')}
      </label>
      {address !== undefined && (
        <>
          <span className="muted">{t('change.address.hint')}</span>
          <div className="change-address">
            {addressFields.map((field) => (
              <label key={field} className="stack" style={{ gap: 4 }}>
                {t(`change.address.${field}`)}
                <Input value={address[field] ?? ''} onChange={(event) => onChange({ ...address, [field]: event.target.value })} />
              </label>
            ))}
          </div>
        </>
      )}
    </div>
  )
}
