import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultProxy } from '../../../bin/local/erp/fault-proxy.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import type { Random } from '../../simulation/random.ts'

const isWrite =
  /\.(create|write|delete|quote|confirm|process|do|pick|pack|assign_try|wait|post|receive|cancel|draft|execute)$/

/**
 * Loses answers and requests of the ERP's writes from now on, and seldom of its reads; the function ends it and counts.
 * Each of them holds the ERP's one slot until the ERP has settled, so they are rare.
 */
export function loseAnswers(proxy: FaultProxy, random: Random): () => number {
  const stops = [
    proxy.inject({
      matches: ({ method }) => random.chance(isWrite.test(method) ? 0.005 : 0.001),
      fault: { kind: 'lose-answer' },
    }),
    proxy.inject({
      matches: ({ method }) => isWrite.test(method) && random.chance(0.002),
      fault: { kind: 'lose-request' },
    }),
  ]
  return () => stops.reduce((count, stop) => count + stop(), 0)
}

/** Kills the ERP's server again and again, at moments that nobody can foresee, until the signal ends it. */
export async function keepKilling(
  environment: LocalEnvironment,
  random: Random,
  signal: AbortSignal,
  onKill: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sleep(random.integer(6_000, 25_000), undefined, { signal })
    } catch {
      return
    }
    killErpServer(environment)
    onKill()
  }
}

/** The server below this environment's own supervisor, which starts it again. */
export function killErpServer({ erpPid }: Pick<LocalEnvironment, 'erpPid'>): void {
  killChildrenOf(erpPid)
}

/** What this environment's own process keeps running; whatever has ended meanwhile needs no killing. */
export function killChildrenOf(pid: number): void {
  const list = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).stdout
  for (const child of list.split('\n').map(Number).filter(Boolean)) {
    try {
      process.kill(child, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}
