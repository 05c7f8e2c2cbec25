import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import type { BookRecord, Side } from './record.ts'

/**
 * What reconciliation finds, the gravest first. A document has one difference, of the gravest class that fits; its facets
 * say all that differs.
 */
export const differenceClasses = [
  /** It counts twice on one side. */
  'duplicate',
  /** Somebody has asked for it, or the hub has posted it, and the ERP does not have it. */
  'missing-in-erp',
  /** The ERP has it, and the hub does not know of it. */
  'extra',
  /** The hub has posted it, and the source says that it never asked. */
  'missing-in-source',
  /** It counts on one side and is taken back, or only a draft, on another. */
  'status',
  'quantity',
  'amount',
  /** It is on its way for longer than its flow allows. */
  'late',
] as const
export type DifferenceClass = (typeof differenceClasses)[number]

/** What can be done about a difference. */
export const repairs = {
  replay:
    'the hub looks once more, and posts under the same key what is missing or stands half-way; what is there it takes',
  adopt: "the ERP is right: the hub's posting takes over what stands there",
  cancel: 'the hub cancels in the ERP what is too much, by a posting of its own',
  adjust: 'somebody corrects it in the ERP or in the source, and the next run sees that all agree',
  ignore: 'it stays as it is, with the reason, and is told no more for as long as it stays the same',
} as const
export type Repair = keyof typeof repairs

/** What may be chosen for each class; the first is what is proposed. */
export const repairsOf: Readonly<Record<DifferenceClass, readonly [Repair, ...Repair[]]>> = {
  duplicate: ['cancel', 'adjust', 'ignore'],
  'missing-in-erp': ['replay', 'adjust', 'adopt', 'ignore'],
  extra: ['adjust', 'cancel', 'ignore'],
  'missing-in-source': ['adjust', 'ignore'],
  status: ['adjust', 'replay', 'adopt', 'ignore'],
  quantity: ['adjust', 'adopt', 'ignore'],
  amount: ['adjust', 'adopt', 'ignore'],
  late: ['replay', 'ignore'],
}

/** What the hub can do without anybody; the rest is a person's to do or to say. */
const byItself: readonly Repair[] = ['replay', 'adopt', 'cancel']
const isRepair = (name: string): name is Repair => Object.hasOwn(repairs, name)
const repairNames = Object.keys(repairs).filter(isRepair)

/**
 * Which classes are repaired by the hub itself, and how; every other one goes to the inbox. By itself only what is under
 * way for too long is taken up again, which posts nothing that it did not want to post anyway.
 */
export const SelfRepair = z
  .partialRecord(z.enum(differenceClasses), z.enum(repairNames))
  .superRefine((chosen, context) => {
    for (const name of differenceClasses) {
      const repair = chosen[name]
      const allowed = repairsOf[name].filter((one) => byItself.includes(one))
      if (repair === undefined || allowed.includes(repair)) continue
      const message =
        allowed.length === 0
          ? `is no class that the hub can repair by itself (was "${repair}")`
          : `must be ${allowed.join(' or ')}, which the hub can do by itself (was "${repair}")`
      context.addIssue({ code: 'custom', path: [name], message })
    }
  })
export type SelfRepair = z.output<typeof SelfRepair>

/** One thing that the sides do not agree on, with what each says; a side that says nothing of it is left out. */
export type Facet = { readonly what: string } & { readonly [side in Side]?: string | undefined }

/** Whether nobody is to be told of it yet. */
export const isTooEarly = ({ told }: Pick<Difference, 'told'>): boolean => told?.isTooEarly === true

export interface Difference {
  readonly class: DifferenceClass
  readonly key: string
  readonly document: DocumentKind
  /** The posting's key, where somebody knows it. */
  readonly posting?: string | undefined
  readonly onDay: string
  readonly company: string
  readonly currency?: string | undefined
  readonly facets: readonly Facet[]
  /** By how much the ERP has too much or, negative, too little; none where it is not about money. */
  readonly amount?: string | undefined
  /** The ERP's own ids of what stands there. */
  readonly erpIds: readonly string[]
  /** What the source says of it, in a difference between the source and the hub. */
  readonly told?:
    | {
        readonly file?: string | undefined
        /** When the file came. */
        readonly atMs?: number | undefined
        readonly records: readonly BookRecord[]
        /** It is none yet: the hub has it under way, and whether it posts what the source says is to be seen. */
        readonly isTooEarly?: boolean | undefined
      }
    | undefined
  readonly repairs: readonly Repair[]
}
