import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, ProblemAlert } from '../../ui/states.tsx'
import { useMay } from '../session/session.ts'
import { BodyView, laidOut } from './body-view.tsx'
import { IssueList } from './issue-list.tsx'
import { useReplay } from './use-replay.tsx'

type Body = Answer<'inbox.body'>

/** What a channel sent, with what is wrong marked in it; mended here and tried again. */
export function BodyDialog({ inboxId, onClose }: { readonly inboxId: string; readonly onClose: () => void }) {
  const t = useText()
  // Each look is written to the log: it is asked for once a dialog.
  const asked = useQuery({
    queryKey: ['inboxBody', inboxId],
    queryFn: () => hub.call('inbox.body', { params: { inboxId } }),
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Modal open width={960} title={t('inbox.body.title')} footer={null} onCancel={onClose}>
      <Loaded of={asked}>{(body) => <Content body={body} onClose={onClose} />}</Loaded>
    </Modal>
  )
}

function Content({ body, onClose }: { readonly body: Body; readonly onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const may = useMay()
  const [draft, edit] = useState<string>()
  const replay = useReplay(onClose)
  // A mended body that is no order either has problems of its own.
  const issues = replay.data?.find((one) => one.state === 'inbox')?.issues ?? body.issues
  const mayMend = may('inbox.write') && body.encoding === 'text' && body.state === 'open'
  return (
    <div className="stack">
      <div className="muted">
        {t('inbox.body.came', { at: format.at(body.receivedAt), size: format.number(body.bytes) })} {t('inbox.body.logged')}
      </div>
      <IssueList issues={issues} />
      {body.encoding === 'base64' && <Alert type="info" showIcon title={t('inbox.body.binary')} />}
      {draft === undefined ? (
        <BodyView text={body.body} issues={issues} label={t('inbox.body.title')} />
      ) : (
        <Input.TextArea
          className="body-text"
          aria-label={t('inbox.body.mended')}
          autoFocus
          spellCheck={false}
          autoSize={{ minRows: 12, maxRows: 24 }}
          value={draft}
          onChange={(event) => edit(event.target.value)}
        />
      )}
      {draft !== undefined && <div className="muted">{t('inbox.body.mend.effect')}</div>}
      {replay.data !== undefined && <Alert type="warning" showIcon role="status" title={t('inbox.replay.still')} />}
      {replay.error !== null && <ProblemAlert error={replay.error} />}
      <div className="row">
        {may('inbox.write') && (
          <Button type="primary" loading={replay.isPending} onClick={() => replay.mutate({ inboxId: body.inboxId, draft })}>
            {t(draft === undefined ? 'inbox.replay.asCame' : 'inbox.replay.mended')}
          </Button>
        )}
        {mayMend && draft === undefined && <Button onClick={() => edit(laidOut(body.body))}>{t('inbox.body.mend')}</Button>}
        {draft !== undefined && <Button onClick={() => edit(undefined)}>{t('inbox.body.unmend')}</Button>}
      </div>
    </div>
  )
}
