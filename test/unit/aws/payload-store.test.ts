import { describe, expect, it } from 'vitest'
import { heldByItem, PayloadReference, readHeld, readPayload, storePayload } from '#aws/payload-store.ts'
import { replaceBucket } from './payloads.ts'

const objects = replaceBucket()

describe('a payload', () => {
  it('has a name that its content decides, so that the same again is the same object', async () => {
    const reference = await storePayload('{"a":1}')
    expect(await storePayload('{"a":1}')).toEqual(reference)
    expect(await storePayload('{"a":2}')).not.toEqual(reference)
    expect(await readPayload(reference)).toEqual({ a: 1 })
  })

  it('is not taken for what was stored when it is something else', async () => {
    const { payload } = await storePayload('{"amount":"1"}')
    objects.set(payload, '{"amount":"2"}')
    await expect(readPayload({ payload })).rejects.toThrow(`The payload ${payload} is not what was stored`)
  })

  it('that has expired says what to do', async () => {
    const payload = 'ab'.repeat(32)
    await expect(readPayload({ payload })).rejects.toThrow(
      `The payload ${payload} has expired; publish its event again`,
    )
  })
})

describe('an item', () => {
  const ofBytes = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) })

  it('holds a content of up to 300 KB itself', async () => {
    const before = objects.size
    expect(await heldByItem(ofBytes(300_000))).toEqual(ofBytes(300_000))
    expect(await readHeld(ofBytes(300_000))).toEqual(ofBytes(300_000))
    expect(objects.size).toBe(before)
  })

  it('refers to a larger one, counted in bytes', async () => {
    for (const content of [ofBytes(300_001), { text: 'ä'.repeat(150_000) }, ofBytes(1_047_552)]) {
      const held = await heldByItem(content)
      expect(PayloadReference.strict().parse(held)).toEqual(held)
      expect(await readHeld(held)).toEqual(content)
    }
  })
})
