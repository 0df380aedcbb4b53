import { App, Button } from 'antd'
import { useText } from '../i18n/language.tsx'
import { useReason } from './reason.ts'

/** Seconds in which somebody may still think better of it. */
const SECONDS = 8

/** Says that something was done and offers to take it back, where the trade allows that: what is given does it. */
export function useUndo(): (what: string, undo: () => Promise<unknown>) => void {
  const t = useText()
  const reasonOf = useReason()
  const { message } = App.useApp()
  return (what, undo) => {
    const key = `undo-${what}`
    const back = async (): Promise<void> => {
      message.destroy(key)
      try {
        await undo()
        void message.success(t('undo.undone'))
      } catch (error) {
        void message.error(reasonOf(error))
      }
    }
    void message.success({
      key,
      duration: SECONDS,
      content: (
        <span>
          {t('undo.done', { what })}{' '}
          <Button type="link" size="small" onClick={() => void back()}>
            {t('undo.do')}
          </Button>
        </span>
      ),
    })
  }
}
