import { hash } from 'node:crypto'

/** JSON with sorted keys and without undefined: the same content always gives the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Identifies the content of a canonical document; never computed of a wire payload. */
export function fingerprint(content: unknown): string {
  return hash('sha256', canonicalJson(content), 'hex')
}

const base32 = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789'

/**
 * A reference for the ERP: letters and digits that every ERP takes, derived from the posting key, so that a repeat
 * finds it again. Sixteen characters hold 80 bits, which makes a collision of two keys less likely than one in a billion among a
 * million documents; if one happens, the document found differs from the one sent, and that is a conflict, not a match.
 */
export function referenceOf(postingKey: string, length: number): string {
  const digest = hash('sha256', postingKey, 'buffer')
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of digest) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32[(held >> bits) & 31]
      held &= (1 << bits) - 1
    }
  }
  return text.slice(0, Math.min(length, longest))
}

const longest = 32

/** Whether a text in the ERP has the form of `referenceOf` under this length: then the hub has written that document. */
export function isReference(text: string, length: number): boolean {
  return text.length === Math.min(length, longest) && [...text].every((letter) => base32.includes(letter))
}
