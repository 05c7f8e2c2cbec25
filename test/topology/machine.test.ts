import { describe, expect, it } from 'vitest'
import { processNames } from '#domain/processes.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { completeMachine, lambdasOf, readMachine } from '../../lib/state-machine.ts'
import { resourcesOf } from './resources.ts'

describe.each(processNames)('the machine of %s', async (process) => {
  const prod = await resourcesOf('prod', process)
  const machine = prod.Machine?.Properties ?? {}
  const written = readMachine(process)

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
    expect(prod.MachineLogs?.Properties.LogGroupName).toBe(`/aws/vendedlogs/states/postonce-${process}`)
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
