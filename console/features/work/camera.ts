/** The part of the browsers' BarcodeDetector that is used (W3C Accelerated Shape Detection); it is not in TypeScript's library. */
type Detector = { detect(image: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> }
type DetectorMaker = new () => Detector

const LOOK_MS = 150
/** The same label in front of the lens is one scan. */
const SAME_MS = 1500

function makerHere(): DetectorMaker | undefined {
  const found: unknown = Reflect.get(globalThis, 'BarcodeDetector')
  return typeof found === 'function' ? (found as DetectorMaker) : undefined
}

/** Whether this browser can read barcodes with a camera; asks for no permission. */
export const canScanByCamera = (): boolean =>
  makerHere() !== undefined && 'mediaDevices' in navigator && typeof navigator.mediaDevices.getUserMedia === 'function'

/** Tells one scan from the next: the same code again within a moment is the same label. */
export class SeenCodes {
  #last = ''
  #at = Number.NEGATIVE_INFINITY

  isNew(code: string, atMs: number): boolean {
    const isSame = code === this.#last && atMs - this.#at < SAME_MS
    this.#last = code
    this.#at = atMs
    return !isSame
  }
}

/**
 * Shows the camera in `video` and gives each code that comes before it, until the returned function is called. This is what asks for
 * the permission. Throws where it is refused or no camera is there.
 */
export async function scanByCamera(video: HTMLVideoElement, onCode: (code: string) => void): Promise<() => void> {
  const Maker = makerHere()
  if (Maker === undefined) throw new Error('no BarcodeDetector')
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  video.srcObject = stream
  await video.play()
  const detector = new Maker()
  const seen = new SeenCodes()
  let isOn = true
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = async (): Promise<void> => {
    // A frame that cannot be read is followed by another.
    const found = await detector.detect(video).catch(() => [])
    if (!isOn) return
    for (const { rawValue } of found) if (seen.isNew(rawValue, performance.now())) onCode(rawValue)
    timer = setTimeout(() => void look(), LOOK_MS)
  }
  void look()
  return () => {
    isOn = false
    clearTimeout(timer)
    video.srcObject = null
    for (const track of stream.getTracks()) track.stop()
  }
}
