import type { ErpConnector, PostingPlan } from '#connectors/port.ts'
import { postingKeyOf } from '#domain/keys.ts'
import type { StepContext } from './define-step.ts'
import { erp } from './erp.ts'
import { type Posted, postDocument } from './post-document.ts'
import { postingTimes } from './posting-times.ts'

/**
 * Brings the document that the step is for to its target state in the hub's ERP account, once.
 * @param content what the posting's key is bound to
 * @param plan under the reference that the posting has in the ERP
 * @throws what `postDocument` throws; BusinessError `NOT_SUPPORTED` when this ERP's API cannot write such a document
 */
export async function postForCase(
  { owner, endsAtMs, posting: name, movedDay }: StepContext,
  content: unknown,
  plan: (erp: ErpConnector, reference: string) => PostingPlan,
): Promise<Posted> {
  if (name === undefined) throw new Error(`A step that posts for ${owner.caseKey} does not say what`)
  const connector = await erp()
  const isSupported = !connector.facts.unsupported.includes(name.document)
  const key = postingKeyOf(owner.caseKey, name)
  return await postDocument({
    owner,
    name,
    content,
    plan: (reference) => (isSupported ? plan(connector, reference) : refusingPlan(connector.name, key)),
    referenceLength: connector.facts.referenceLength[name.document],
    system: connector.name,
    times: postingTimes(),
    endsAtMs,
    moved: movedDay(),
  })
}

/** Refuses as the ERP itself would, so that there is a posting for which a document entered by hand can be adopted. */
function refusingPlan(erpName: string, key: string): PostingPlan {
  const message = `The API of ${erpName} cannot write ${key}. Enter it there by hand, then adopt it.`
  const refusal = { code: 'NOT_SUPPORTED', message, owner: 'integration' } as const
  const send = async () => ({ kind: 'refused', refusal }) as const
  return { operations: [{ name: 'enter-by-hand', doubt: 'natural-key', send }], find: async () => [] }
}
