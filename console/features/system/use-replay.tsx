import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { type Answer, hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { useReason } from '../../ui/reason.ts'

type Result = Answer<'inbox.replay'>['results'][number]
type Try = { readonly inboxId: string; readonly draft?: string | undefined }

const SECONDS = 8

/** Tries an entry again, as it came or as it was mended, and says what became of it; `onOver` once nothing of it waits any more. */
export function useReplay(onOver?: () => void) {
  const tell = useTellResult()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ inboxId, draft }: Try) =>
      (await hub.call('inbox.replay', { params: { inboxId }, body: draft === undefined ? {} : { correctedBody: draft } })).results,
    onSuccess: (results) => {
      void queries.invalidateQueries({ queryKey: ['inbox'] })
      tell(results)
      if (results.every((one) => one.state !== 'inbox')) onOver?.()
    },
    onError: (error) => tell(error),
  })
}

/** Which order came of it, or that it is still none, or why it could not be tried. */
function useTellResult(): (came: readonly Result[] | Error) => void {
  const t = useText()
  const reasonOf = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  return (came) => {
    if (came instanceof Error) return void message.error(reasonOf(came))
    if (came.some((one) => one.state === 'inbox')) return void message.warning(t('inbox.replay.still'))
    const made = came.find((one) => one.orderId !== undefined)
    const orderId = made?.orderId
    if (orderId === undefined) return void message.success(t('inbox.replay.noOrder'))
    const content = (
      <span>
        {t(made?.state === 'review' ? 'inbox.replay.review' : 'inbox.replay.made')}{' '}
        <Button type="link" size="small" onClick={() => void navigate({ to: '/orders/$orderId', params: { orderId } })}>
          {made?.externalRef ?? orderId}
        </Button>
      </span>
    )
    return void message.success({ duration: SECONDS, content })
  }
}
