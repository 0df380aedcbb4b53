import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as playwright, type Page } from 'playwright-core'

/** A real Chromium that came with npm. Its arguments are our own: those of its package are made for a function service. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--font-render-hinting=none',
]

/** For scripts: closed by who opened it. */
export const launchBrowser = async (more: readonly string[] = []): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: [...ARGS, ...more], headless: true })

export async function openBrowser(): Promise<Browser> {
  // Loaded here: a script that only launches a browser is no test run.
  const { after } = await import('node:test')
  const browser = await launchBrowser()
  after(async () => {
    await tellLeftOpen(browser)
    await browser.close()
  })
  return browser
}

const CALLS_MAX = 60
const calls = new WeakMap<Page, string[]>()

/** Keeps the latest writes, failures and complaints of a page, for {@link tellLeftOpen}. */
function listenTo(page: Page): void {
  const heard: string[] = []
  calls.set(page, heard)
  const hear = (text: string): void => {
    heard.push(text)
    if (heard.length > CALLS_MAX) heard.shift()
  }
  page.on('response', (answer) => {
    const method = answer.request().method()
    if (method !== 'GET' || answer.status() >= 400)
      hear(`${method} ${answer.url()} ${answer.status()} ${/session/.test(answer.url()) ? '' : (answer.request().postData() ?? '')}`)
  })
  page.on('requestfailed', (request) => hear(`${request.method()} ${request.url()} ${request.failure()?.errorText ?? 'failed'}`))
  page.on('pageerror', (error) => hear(error.message))
}

/** A test that failed has not closed its page: the log says what it shows and did, and a picture is kept. */
async function tellLeftOpen(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages())
  for (const [i, page] of pages.entries()) {
    const heard = calls.get(page)
    if (heard === undefined) continue
    const shown = await page.innerText('body', { timeout: 2000 }).catch(String)
    console.error(`left open: ${page.url()}\n${shown.slice(0, 2000)}\n${heard.join('\n')}`)
    await page.screenshot({ path: screenshotPath(`left-open-${process.pid}-${i}`), timeout: 5000 }).catch(console.error)
  }
}

export type Look = { readonly language: 'zh-CN' | 'en'; readonly theme: 'light' | 'dark' }
export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1440, height: 900 }

/** A page of the console, signed in, in a language and a theme. */
export async function signIn(
  browser: Browser,
  url: string,
  who: { readonly login: string; readonly password: string },
  look: Look,
  more: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: DESK,
    reducedMotion: 'reduce',
    ...more,
    locale: look.language,
    timezoneId: 'Asia/Shanghai',
  })
  await context.addInitScript(
    ([language, theme]) => {
      localStorage.setItem('fulcrum.language', language ?? 'en')
      localStorage.setItem('fulcrum.theme', theme ?? 'light')
    },
    [look.language, look.theme],
  )
  const page = await context.newPage()
  listenTo(page)
  await page.goto(url)
  await page.locator('input[autocomplete=username]').fill(who.login)
  await page.locator('input[autocomplete=current-password]').fill(who.password)
  await page.locator('button[type=submit]').click()
  await page.locator('header nav').waitFor()
  return page
}

/** Where pictures of pages are written, to be looked at; not part of the repository. */
export function screenshotPath(name: string): string {
  const folder = new URL('../screenshots', import.meta.url).pathname
  const target = existsSync(join(folder, '..')) ? folder : tmpdir()
  mkdirSync(target, { recursive: true })
  return join(target, `${name}.png`)
}
