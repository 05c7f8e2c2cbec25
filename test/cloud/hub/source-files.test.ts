import { PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { buckets } from '#aws/clients/buckets.ts'
import { findReference, putCrossReference } from '#aws/cross-reference-store.ts'
import { readPosting } from '#aws/posting-store.ts'
import { commandLine, Groups } from './command-line.ts'
import { bus, hub, newNumber, publish, salesOrder, submitted, today } from './hub-under-test.ts'

const { postonce } = commandLine(hub.deadLetterQueueUrl)

const Files = z.object({
  files: z.array(
    z.object({ file: z.string(), became: z.string(), documents: z.int().optional(), differences: z.int().optional() }),
  ),
})
const Differences = z.object({
  differences: z.array(z.object({ difference: z.object({ class: z.string(), posting: z.string().optional() }) })),
})

/** A source of its own, since a file is whole for all that its source has had on its days. */
const source = newNumber('kiosk-').toLowerCase()
const put = async (name: string, rows: readonly string[]) => {
  const head = 'case,document,number,onDay,amount,currency'
  const Body = [head, ...rows].map((row) => `${row}\n`).join('')
  await buckets.send(new PutObjectCommand({ Bucket: hub.sourceBucket, Key: `${today()}/${name}`, Body }))
}
const row = (number: string, amount: string) =>
  `${source}/sales-order/${number},sales-order,${number},${today()},${amount},EUR`

const order = (number: string) => ({ document: 'sales-order', number }) as const

/** Those of this source. */
async function open() {
  const { differences } = await postonce(Differences, 'reconcile')
  return differences
    .map(({ difference }) => [difference.class, difference.posting])
    .filter(([, posting]) => posting?.startsWith(`${source}/`))
}

describe('a file that a source puts into the bucket', () => {
  it('is compared once with what the hub has posted, or refused as a dead letter, and what it tells goes when it is mended', async () => {
    for (const [kind, id] of [
      ['customer', 'C001'],
      ['item', 'P01'],
      ['item', 'P02'],
    ] as const) {
      const erpId = (await findReference('shop', kind, id, hub.erpAccount)) ?? ''
      await putCrossReference(source, kind, id, hub.erpAccount, erpId)
    }
    const [number, lost] = [newNumber('F'), newNumber('F')]
    await publish({ ...submitted(salesOrder(number)), source })
    await bus.until('SalesOrderCreated', number)
    const { amount = '' } = (await readPosting(`${source}/sales-order/${number}`, order(number)))?.document ?? {}
    await put('1.csv', [row(number, amount), row(lost, '1.00')])
    await put('2.csv', [row(number, 'much')])
    const { files } = await postonce(Files, 'reconcile', 'files')
    expect(files).toEqual([
      { file: `${today()}/1.csv`, became: 'compared', documents: 2, differences: 1 },
      expect.objectContaining({ file: `${today()}/2.csv`, became: 'refused' }),
    ])
    expect(await open()).toEqual([['missing-in-erp', `${source}/sales-order/${lost}/sales-order/${lost}`]])
    const { groups } = await postonce(Groups, 'dead-letters')
    expect(groups.filter(({ code }) => code === 'SOURCE_FILE_UNREADABLE')).toMatchObject([
      { count: 1, owner: 'integration' },
    ])
    expect(await postonce(Files, 'reconcile', 'files')).toEqual({ files: [] })
    // The source had never had it.
    await put('2.csv', [row(number, amount)])
    expect(await postonce(Files, 'reconcile', 'files')).toMatchObject({
      files: [{ became: 'compared', differences: 0 }],
    })
    expect(await open()).toEqual([])
  })
})
