import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../lib/environment.ts'
import { completeMachine, lambdasOf, readMachine } from '../../lib/state-machine.ts'
import { resourcesOf } from './resources.ts'

const prod = await resourcesOf('prod')
const machine = prod.Machine?.Properties ?? {}
const written = readMachine('order-to-cash')

describe('the machine of order-to-cash', () => {
  it('is a Standard one, since it waits for weeks and never runs a step twice by itself', () => {
    // Standard is what an absent type means.
    expect(machine.StateMachineType ?? 'STANDARD').toBe('STANDARD')
  })

  it('logs every state but nothing that a state carries, and is traced', () => {
    expect(machine).toMatchObject({
      LoggingConfiguration: {
        Level: 'ALL',
        IncludeExecutionData: false,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: '<MachineLogs>' } }],
      },
      TracingConfiguration: { Enabled: true },
    })
    // Log groups of this prefix share one resource policy, whose size is limited.
    expect(prod.MachineLogs?.Properties.LogGroupName).toBe('/aws/vendedlogs/states/postonce-order-to-cash')
  })

  it('is deployed as it is written, with the standard Retry entries', () => {
    const deployed: unknown = JSON.parse(String(machine.DefinitionString))
    expect(deployed).toEqual(completeMachine(written, readEnvironment('prod').times))
  })

  it('has every name substituted: the bus, and for each state its Lambda', () => {
    const names = [...String(machine.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
    expect(machine.DefinitionSubstitutions).toEqual({
      BusName: '<Bus>',
      ...Object.fromEntries(lambdasOf(written).map((name) => [name, `<${name}Function>`])),
    })
    expect(Object.keys(machine.DefinitionSubstitutions ?? {}).sort()).toEqual([...new Set(names)].sort())
  })
})
