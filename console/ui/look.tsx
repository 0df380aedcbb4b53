import { App, ConfigProvider, theme } from 'antd'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'

type Look = { readonly isDark: boolean; readonly turn: () => void }
const Context = createContext<Look>({ isDark: false, turn: () => undefined })
export const useLook = (): Look => useContext(Context)

const KEY = 'fulcrum.theme'

/** Our own colours on Ant Design: deep green for what can be done, amber for what waits, red only for what is wrong. */
/** The reader's own fonts first; ours is fetched, slice by slice, only where none of them has the glyphs. */
const fontFamily = `system-ui, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans SC', sans-serif`
const tokens = {
  fontFamily,
  colorPrimary: '#0b6e5f',
  colorInfo: '#1d63b8',
  colorSuccess: '#1f7a3d',
  colorWarning: '#985600',
  colorError: '#b3261e',
  borderRadius: 6,
  fontSize: 14,
}
const lightTokens = {
  ...tokens,
  // Ant's own greys for hints are too faint to read (WCAG 2.2 AA asks for 4.5 to 1).
  colorTextPlaceholder: '#66706d',
  colorTextDescription: '#56605d',
  colorTextSecondary: '#4a5451',
  colorTextTertiary: '#56605d',
  colorTextQuaternary: '#66706d',
  colorTextDisabled: '#66706d',
  colorSuccessBg: '#e7f5eb',
  colorSuccessBorder: '#b5dcc0',
  colorWarningBg: '#fdf1df',
  colorWarningBorder: '#f0d2a4',
  colorErrorBg: '#fdecea',
  colorErrorBorder: '#f3bdb8',
}
const darkTokens = {
  ...tokens,
  colorPrimary: '#3fb8a3',
  colorInfo: '#6aa8f0',
  colorTextPlaceholder: '#a3adaa',
  colorTextDescription: '#b3bcb9',
  colorTextSecondary: '#b9c2bf',
  colorTextTertiary: '#b3bcb9',
  colorTextQuaternary: '#a3adaa',
  colorTextDisabled: '#a3adaa',
  colorSuccess: '#5cc47f',
  colorWarning: '#e0a04a',
  colorError: '#f28b82',
}

/** Who asked their system for less motion gets none: where nothing moves, nothing may wait for the end of a movement either. */
const isStill = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches === true

export function LookProvider({ children }: { readonly children: ReactNode }) {
  const { words } = useLanguage()
  const [isDark, setDark] = useState(() => {
    const kept = localStorage.getItem(KEY)
    return kept === null ? matchMedia('(prefers-color-scheme: dark)').matches : kept === 'dark'
  })
  useEffect(() => {
    localStorage.setItem(KEY, isDark ? 'dark' : 'light')
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light'
    document.body.style.background = isDark ? '#101413' : '#f4f6f5'
    document.body.style.color = isDark ? 'rgba(255,255,255,.88)' : 'rgba(0,0,0,.88)'
  }, [isDark])
  const look = useMemo(() => ({ isDark, turn: () => setDark((was) => !was) }), [isDark])
  return (
    <Context value={look}>
      <ConfigProvider
        locale={words.components}
        theme={{
          algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
          token: { ...(isDark ? darkTokens : lightTokens), motion: !isStill },
          components: isDark ? { Button: { primaryColor: '#06231e' } } : {},
        }}
        button={{ autoInsertSpace: false }}
      >
        <App>{children}</App>
      </ConfigProvider>
    </Context>
  )
}
