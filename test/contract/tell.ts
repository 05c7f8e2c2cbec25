import type { PostingPlan } from '#connectors/port.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { bringToTarget, type Hooks } from './bring-to-target.ts'

/** The books of whoever a story is about. */
export interface Books {
  readonly amounts: Readonly<Record<string, string>>
  /** Of the items of the story's order. */
  readonly stock: readonly string[]
  /** Whether debit and credit of the whole ledger are the same. */
  readonly balances: boolean
}

/** What a story has changed in the books so far: each amount by its name, `stock`, and whether the ledger `balances`. */
export type Change = Readonly<Record<string, string | boolean | readonly string[]>>

/** Brings a document to its target; `of` tells its operations from those of another that are called alike. */
export type Bring = (plan: PostingPlan, of?: string) => Promise<PostedDocument>
export type Story<T> = (bring: Bring, look: () => Promise<void>) => Promise<T>

/** Tells a story, and what the books were like each time it looked. */
export async function tell<T>(read: () => Promise<Books>, hooks: Hooks, story: Story<T>) {
  const before = await read()
  const changes: Change[] = []
  const sent: string[] = []
  const posted: { readonly plan: PostingPlan; readonly document: PostedDocument }[] = []
  const bring: Bring = async (plan, of = '') => {
    const journey = await bringToTarget(plan, hooks, of)
    sent.push(...journey.sent.map(({ operation }) => operation))
    posted.push({ plan, document: journey.document.document })
    return journey.document.document
  }
  const look = async () => {
    changes.push(changeOf(before, await read()))
  }
  const result = await story(bring, look)
  return { result, sent, changes, posted }
}

function changeOf(before: Books, after: Books): Change {
  const minus = (one: string, other: string, digits: number) => (Number(one) - Number(other)).toFixed(digits)
  const amounts = Object.entries(after.amounts).map(([name, amount]) => [
    name,
    minus(amount, before.amounts[name] ?? '0', 2),
  ])
  return {
    ...Object.fromEntries(amounts),
    stock: after.stock.map((quantity, index) => minus(quantity, before.stock[index] ?? '0', 0)),
    balances: after.balances,
  }
}
