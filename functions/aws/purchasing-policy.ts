import { PurchasingPolicy } from '#domain/purchasing-policy.ts'
import { parse } from '#domain/schema.ts'
import { required } from './environment.ts'

let read: PurchasingPolicy | undefined

/** The buyer's policy, as the deployment gives it to the functions of purchases; parsed once. */
export function purchasingPolicy(): PurchasingPolicy {
  read ??= parse(PurchasingPolicy, JSON.parse(required('PURCHASING')), 'PURCHASING in the environment of the function')
  return read
}
