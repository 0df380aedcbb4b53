import { useMutation } from '@tanstack/react-query'
import { App, Button, Modal, Typography } from 'antd'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { useReason } from '../../ui/reason.ts'

/** A link for who bought it, to be copied into a message. */
export function TrackLink({ orderId }: { readonly orderId: string }) {
  const t = useText()
  const reasonOf = useReason()
  const format = useFormat()
  const { message } = App.useApp()
  const make = useMutation({
    mutationFn: () => hub.call('order.trackLink', { params: { orderId } }),
    onError: (error) => void message.error(reasonOf(error)),
  })
  const link = make.data
  const url = link === undefined ? '' : `${location.origin}${link.path}`
  return (
    <>
      <Button loading={make.isPending} onClick={() => make.mutate()}>
        {t('track.link')}
      </Button>
      {link !== undefined && (
        <Modal open title={t('track.link')} footer={null} onCancel={() => make.reset()}>
          <p>{t('track.link.hint', { at: format.at(link.expiresAt) })}</p>
          <Typography.Paragraph className="mono" copyable={{ text: url }} style={{ overflowWrap: 'anywhere' }}>
            <a href={url} target="_blank" rel="noreferrer">
              {url}
            </a>
          </Typography.Paragraph>
        </Modal>
      )}
    </>
  )
}
