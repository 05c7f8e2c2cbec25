import type { Environment } from './environment.ts'

/** What a function is told that calls the ERP: which account, how, what it allows and when. */
export function erpVariables({ erp }: Environment): Record<string, string> {
  return {
    ERP_ACCOUNT: erp.account,
    ERP_LIMITS: erp.limits,
    ERP_CONNECTOR: erp.connector,
    ERP_SECRET: erp.secretName,
    ...(erp.calendar && { ERP_CALENDAR: JSON.stringify(erp.calendar) }),
  }
}
