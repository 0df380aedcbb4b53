import { Tag } from 'antd'
import { useText } from '../../i18n/language.tsx'

export function OpenTag({ closed }: { readonly closed: boolean | undefined }) {
  const t = useText()
  return closed === true ? <Tag color="error">{t('network.closed')}</Tag> : <Tag color="success">{t('network.open')}</Tag>
}
