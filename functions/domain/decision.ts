import * as z from 'zod'
import { choices } from './inbox.ts'

/** What a person has decided about one question of the inbox: the data of `DecisionMade`. */
export const Decision = z.strictObject({
  /** The question's id. */
  item: z.string().regex(/^[a-z]{9}$/, 'must be the id of an inbox item, nine letters'),
  /** Key of its case. */
  case: z.string().min(1).max(256),
  choice: z.enum(choices),
  /** For the audit trail. */
  reason: z.string().trim().min(1, 'must say why').max(500),
  /** Who decides. The hub believes it: who may put events on the bus is a matter of IAM. */
  by: z.string().min(1).max(200),
  /** Of `adopt`: the number or id that the document has in the ERP. */
  document: z.string().min(1).max(80).optional(),
  /** When the question was asked that the person had before him; the same id may be asked anew. */
  openedAtMs: z.int().positive(),
})
export type Decision = z.output<typeof Decision>

export const decisionEvent = 'DecisionMade'
/** Under which the command line publishes decisions. Not the hub's own, so that the archive keeps who decided what. */
export const decisionSource = 'postonce-inbox'
