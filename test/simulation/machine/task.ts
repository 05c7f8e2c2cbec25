import { isRecord, throughJson } from '../json.ts'
import { notKnown, SimulationError } from '../simulation-error.ts'
import type { Run } from './execution.ts'
import type { Integration, MachineSettings, TaskAttempt } from './settings.ts'
import { integrationError, lambdaError, StateError } from './state-error.ts'
import type { TokenAnswer, Tokens } from './tokens.ts'

const lambdaInvoke = 'arn:aws:states:::lambda:invoke'
const waitSuffix = '.waitForTaskToken'

export function waitsForToken(resource: string): boolean {
  return resource.endsWith(waitSuffix)
}

/**
 * One attempt at a task: it ends by its result, its error, its token's answer or its time, whichever comes first; what
 * comes after that finds nobody. A Lambda's error ends it even where a token is waited for.
 */
export function attemptTask(settings: MachineSettings, tokens: Tokens, run: Run, task: Attempt): Promise<unknown> {
  const { resource, parameters, timeoutSeconds, info } = task
  const { taskToken } = info
  return new Promise((resolve, reject) => {
    let isSettled = false
    const close = () => {
      isSettled = true
      cancelTimer()
      if (taskToken !== undefined) tokens.close(taskToken)
      run.cleanups.delete(close)
    }
    const settle = (conclude: () => void) => {
      if (isSettled || run.isOver) return
      close()
      conclude()
    }
    const cancelTimer = settings.time.after(timeoutSeconds * 1000, () =>
      settle(() => reject(new StateError('States.Timeout', ''))),
    )
    run.cleanups.add(close)
    if (taskToken !== undefined) {
      const answered = (answer: TokenAnswer) =>
        settle(() => ('failure' in answer ? reject(answer.failure) : resolve(answer.output)))
      tokens.open(taskToken, answered)
    }
    call(settings, resource, parameters, info).then(
      (result) => {
        if (taskToken === undefined) settle(() => resolve(result))
      },
      (error: unknown) => settle(() => reject(error)),
    )
  })
}

export type Attempt = {
  readonly resource: string
  readonly parameters: unknown
  readonly timeoutSeconds: number
  readonly info: TaskAttempt
}

async function call(
  settings: MachineSettings,
  resource: string,
  parameters: unknown,
  info: TaskAttempt,
): Promise<unknown> {
  const name = waitsForToken(resource) ? resource.slice(0, -waitSuffix.length) : resource
  if (name === lambdaInvoke) return invoke(settings, parameters, info)
  const integration: Integration | undefined = settings.integrations?.[name]
  if (integration === undefined) throw stop(settings, notKnown(`Resource ${resource}`))
  try {
    return throughJson(await integration(parameters, info))
  } catch (error) {
    if (error instanceof SimulationError) throw stop(settings, error)
    throw integrationError(error)
  }
}

async function invoke(settings: MachineSettings, parameters: unknown, info: TaskAttempt): Promise<unknown> {
  if (!isRecord(parameters)) throw new StateError('States.Runtime', 'lambda:invoke needs Arguments')
  const { FunctionName: name, Payload: payload = {}, ...others } = parameters
  if (typeof name !== 'string') throw new StateError('States.Runtime', 'lambda:invoke needs a FunctionName')
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw stop(settings, notKnown(`lambda:invoke's ${unknown}`))
  try {
    const answer = await settings.invokeLambda(name, payload, info)
    return { ExecutedVersion: '$LATEST', Payload: throughJson(answer.payload) ?? null, StatusCode: 200 }
  } catch (error) {
    if (error instanceof SimulationError) throw stop(settings, error)
    throw lambdaError(error)
  }
}

function stop({ time }: MachineSettings, error: SimulationError): SimulationError {
  time.fail(error)
  return error
}
