import type { Call, Fault, FaultPlan } from './faults.ts'

/**
 * The ERP is down from the first call of that step on, until somebody has asked so often whether it is back. Meanwhile going to
 * sleep fails in each way that its Retry knows; or, with `freezes`, is held up just before the token is stored.
 */
export function erpDownAt(step: string, asks: number, { freezes = false } = {}): FaultPlan {
  let isDown: boolean | undefined
  let asked = 0
  const started: Fault[] = freezes ? [] : [throttled, unavailable]
  const stored: Fault[] = freezes ? [{ kind: 'frozen-before', forMs: 30_000 }] : [throttled]
  const isSleep = (name = '') => name.endsWith('AwaitEvent')
  return {
    decide: ({ service, functionName, operation }: Call) => {
      if (service === 'erp' && functionName === step) isDown ??= true
      if (isDown !== true) return undefined
      if (service === 'lambda') return isSleep(operation) ? started.shift() : undefined
      if (service === 'dynamodb')
        return isSleep(functionName) && operation === 'TransactWrite' ? stored.shift() : undefined
      if (service !== 'erp') return undefined
      if (functionName === 'WatchErp') isDown = ++asked < asks
      return unavailable
    },
  }
}

const throttled: Fault = { kind: 'throttled', times: 3 }
const unavailable: Fault = { kind: 'unavailable', times: 3 }
