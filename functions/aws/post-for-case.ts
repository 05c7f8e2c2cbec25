import type { ErpConnector, PostingPlan } from '#connectors/port.ts'
import { BusinessError } from '#domain/errors.ts'
import { type PostingName, postingKeyOf } from '#domain/keys.ts'
import type { StepContext } from './define-step.ts'
import { erp } from './erp.ts'
import { type Posted, postDocument } from './post-document.ts'
import { postingTimes } from './posting-times.ts'

/**
 * Brings one document of the step's case to its target state in the hub's ERP account, once.
 * @param content what the posting's key is bound to
 * @param plan under the reference that the posting has in the ERP
 * @throws what `postDocument` throws; BusinessError `NOT_SUPPORTED` when this ERP's API cannot write such a document
 */
export async function postForCase(
  { owner, endsAtMs }: StepContext,
  name: PostingName,
  content: unknown,
  plan: (erp: ErpConnector, reference: string) => PostingPlan,
): Promise<Posted> {
  const connector = await erp()
  if (connector.facts.unsupported.includes(name.document))
    throw notSupported(connector, postingKeyOf(owner.caseKey, name))
  return await postDocument({
    owner,
    name,
    content,
    plan: (reference) => plan(connector, reference),
    referenceLength: connector.facts.referenceLength[name.document],
    system: connector.name,
    times: postingTimes(),
    endsAtMs,
  })
}

function notSupported({ name }: ErpConnector, key: string): BusinessError {
  const message = `The API of ${name} cannot write ${key}. Enter it there by hand, then adopt it.`
  return new BusinessError({ code: 'NOT_SUPPORTED', message, owner: 'integration' }, { document: key, system: name })
}
