import type { Environment } from './environment.ts'

/** What a function is told that calls the ERP: which account, how, what it allows and when. */
export function erpVariables(environment: Environment): Record<string, string> {
  const { connector, secretName } = environment.erp
  return { ...accountVariables(environment), ERP_CONNECTOR: connector, ERP_SECRET: secretName }
}

/** What a function is told that asks whether the account takes calls. */
export function accountVariables({ erp }: Environment): Record<string, string> {
  return {
    ERP_ACCOUNT: erp.account,
    ERP_LIMITS: erp.limits,
    ...(erp.calendar && { ERP_CALENDAR: JSON.stringify(erp.calendar) }),
  }
}
