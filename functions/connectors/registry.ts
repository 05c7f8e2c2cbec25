import type { ErpConnection, ErpConnector } from './port.ts'
export function createConnector(_name: string, _connection: ErpConnection): ErpConnector {
  throw new Error('x')
}
