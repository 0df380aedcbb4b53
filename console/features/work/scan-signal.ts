const TONES = {
  right: [[880, 0.08]],
  wrong: [
    [220, 0.18],
    [160, 0.25],
  ],
} as const satisfies Record<string, readonly (readonly [number, number])[]>
const SHAKES = { right: [30], wrong: [160, 80, 160] } as const

let audio: AudioContext | undefined

/** Says right or wrong to ear and hand, where the device has a speaker or shakes; whoever looks reads it as well. */
export function signal(what: 'right' | 'wrong'): void {
  if ('vibrate' in navigator) navigator.vibrate([...SHAKES[what]])
  if (!('AudioContext' in globalThis)) return
  audio ??= new AudioContext()
  void audio.resume()
  let at = audio.currentTime
  for (const [hertz, seconds] of TONES[what]) {
    const tone = audio.createOscillator()
    const loudness = audio.createGain()
    tone.frequency.value = hertz
    loudness.gain.value = 0.15
    tone.connect(loudness).connect(audio.destination)
    tone.start(at)
    tone.stop(at + seconds)
    at += seconds
  }
}
