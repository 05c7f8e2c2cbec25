import type { ErpCosts } from '#domain/erp-limits.ts'
import type { ErpConnection, ErpConnector } from './port.ts'
import { connectTryton } from './tryton/connector.ts'
import { trytonCosts } from './tryton/costs.ts'

/**
 * Every ERP that the hub can talk to, by the name that the configuration uses. To add one: a folder and a line here.
 * A map, so that the simulation can add the ERP that it simulates.
 */
export const connectors = new Map<string, (connection: ErpConnection) => ErpConnector>([['tryton', connectTryton]])

/** What each of them costs its ERP, by the same name; no flow is deployed for one that was not measured. */
export const connectorCosts: Readonly<Record<string, ErpCosts>> = { tryton: trytonCosts }

/** Connects to an ERP; nothing is sent before the first call. */
export function createConnector(name: string, connection: ErpConnection): ErpConnector {
  const connect = connectors.get(name)
  if (!connect)
    throw new Error(`There is no connector for ${name}; there is one for ${[...connectors.keys()].join(', ')}`)
  return connect(connection)
}
