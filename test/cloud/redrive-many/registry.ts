import type { ErpConnection, ErpConnector } from '#connectors/port.ts'
import { connectSimulatedErp } from '../../simulation/erp/connector.ts'
import { profilesWith } from '../../simulation/erp/profiles.ts'

/** Stands in for the product's registry in the bundles of this deployment: every account is the simulated ERP. */
export function createConnector(_name: string, connection: ErpConnection): ErpConnector {
  const profile = profilesWith(connection.settleMs)['natural-key']
  return connectSimulatedErp(() => profile)(connection)
}
