import type { Call, Fault, FaultPlan } from './faults.ts'

/**
 * Every step fails once in each way that its Retry knows, and every publication once: its Lambda is not started, dies
 * unseen, is refused by the table, and finds that the ERP wants fewer calls, so that the next attempt waits for that.
 */
export function failEach(): FaultPlan {
  const counts = new Map<string, number>()
  const nth = (name: string) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count
  }
  return {
    decide: ({ service, operation, functionName, point }: Call): Fault | undefined => {
      if (service === 'lambda') return [throttled, unavailable][nth(operation) - 1]
      if (service === 'events') return nth('events') % 2 === 1 ? throttled : undefined
      if (service === 'erp') return nth(`${functionName} erp`) <= 8 ? throttled : undefined
      const isFirst = functionName !== undefined && point.endsWith(' 1') && service === 'dynamodb'
      return isFirst && nth(`${functionName} table`) === 1 ? throttled : undefined
    },
  }
}

const throttled: Fault = { kind: 'throttled', times: 3 }
const unavailable: Fault = { kind: 'unavailable', times: 3 }
