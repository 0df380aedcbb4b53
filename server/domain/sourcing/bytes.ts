/** Appends numbers to a growing byte array: unsigned and signed (zigzag) varints of safe integers, 7 bits a byte, low first. */
export class ByteWriter {
  private bytes = new Uint8Array(1024)
  private length = 0

  clear(): void {
    this.length = 0
  }

  uint(value: number): void {
    if (this.length + 10 > this.bytes.length) this.grow(10)
    let rest = value
    while (rest >= 0x8000_0000) {
      this.bytes[this.length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest >= 128) {
      this.bytes[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  raw(bytes: Uint8Array, length: number): void {
    if (this.length + length > this.bytes.length) this.grow(length)
    this.bytes.set(length === bytes.length ? bytes : bytes.subarray(0, length), this.length)
    this.length += length
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  private grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + by))
    larger.set(this.bytes)
    this.bytes = larger
  }
}

/** Reads what {@link ByteWriter} wrote; undefined beyond the end becomes NaN, which the decoder refuses. */
export class ByteReader {
  private readonly bytes: Uint8Array
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  uint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) return Number.NaN
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }

  byte(): number {
    return this.bytes[this.at++] ?? Number.NaN
  }
}
