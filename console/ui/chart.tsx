import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { bringHere } from '../api/bring.ts'
import { useLook } from './look.tsx'

/** What a chart draws; left to ECharts, which checks it when it draws. */
export type ChartOption = EChartsCoreOption

/** A chart in the theme of the page. It says its name alone: whoever cannot see it reads the table that stands beside it. */
export function Chart({ label, option, height }: { readonly label: string; readonly option: ChartOption; readonly height: number }) {
  const { isDark } = useLook()
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(option)
  const chart = useRef<EChartsType>(undefined)
  useEffect(() => {
    const node = place.current
    if (node === null) return
    const left = new AbortController()
    const sized = new ResizeObserver(() => chart.current?.resize())
    void bringHere(() => import('./echarts.ts'), { signal: left.signal }).then((echarts) => {
      if (echarts === undefined) return
      chart.current = echarts.init(node, isDark ? 'dark' : undefined, { renderer: 'svg' })
      chart.current.setOption(dressed(latest.current, node))
      sized.observe(node)
    })
    return () => {
      left.abort()
      sized.disconnect()
      chart.current?.dispose()
      chart.current = undefined
    }
  }, [isDark])
  useEffect(() => {
    latest.current = option
    if (place.current !== null) chart.current?.setOption(dressed(option, place.current), { notMerge: true })
  }, [option])
  return <div ref={place} role="img" aria-label={label} style={{ width: '100%', height }} />
}

const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches === true

/** Labels are measured before they are drawn, so the font must be one by name. */
const dressed = (option: ChartOption, node: HTMLElement): ChartOption => ({
  backgroundColor: 'transparent',
  animation: !still,
  textStyle: { fontFamily: getComputedStyle(node).fontFamily },
  ...option,
})
