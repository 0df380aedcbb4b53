/**
 * A text that was drawn before the slice of our font with its glyphs came keeps its boxes in Chromium: how a word was shaped is kept by
 * font, and the font is the same. After every load the page takes another name for the same font: a feature that no font has.
 */
export function reshapeWhenFontsCome(): void {
  let loads = 0
  document.fonts.addEventListener('loadingdone', () => {
    loads = (loads + 1) % 1000
    document.documentElement.style.fontFeatureSettings = `"z${String(loads).padStart(3, '0')}"`
  })
}
