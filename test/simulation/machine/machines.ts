import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  InvalidExecutionInput,
  InvalidName,
  StateMachineDoesNotExist,
  ValidationException,
} from '@aws-sdk/client-sfn'
import { byteLength, parseJson } from '../json.ts'
import { type Definition, readDefinition } from './definition.ts'
import {
  type Execution,
  endRun,
  type Machine,
  redriveRefusal,
  type Snapshot,
  type Status,
  startRun,
  statusDetail,
} from './execution.ts'
import type { MachineSettings } from './settings.ts'
import { StateError } from './state-error.ts'
import { stepFunctionsLibrary } from './template.ts'
import { createTokens, maximumBytes, type Tokens } from './tokens.ts'
import { walk } from './walk.ts'

export type Machines = {
  /** A new definition under a known name: executions that run keep the one they started with. */
  define(name: string, definition: unknown): Machine
  start(machineArn: string, input: string, name?: string): Execution
  stop(executionArn: string, error?: string, cause?: string): Execution
  redrive(executionArn: string): Execution
  describe(executionArn: string): { readonly execution: Execution; readonly snapshot: Snapshot }
  find(executionArn: string): Execution
  /** Undefined where there is none. */
  known(executionArn: string): Execution | undefined
  executions(): readonly Execution[]
  readonly tokens: Tokens
}

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }
const fortnightMs = 14 * 86_400_000

export function createMachines(settings: MachineSettings): Machines {
  const { time, random } = settings
  const tokens = createTokens(settings.closedTokenIsForgotten ?? (() => false))
  const walker = { settings, tokens, library: stepFunctionsLibrary(time.nowMs, random) }
  const machines = new Map<string, Machine>()
  const executions = new Map<string, Execution>()
  const arn = (kind: string, name: string) =>
    `arn:aws:states:${settings.region ?? 'us-east-1'}:${settings.account ?? '000000000000'}:${kind}:${name}`

  const change = (execution: Execution, snapshot: Snapshot) => {
    execution.now = snapshot
    const before = execution.shown.at(-1)?.fromMs ?? 0
    execution.shown.push({ fromMs: Math.max(before, time.nowMs() + (settings.describeLagMs?.() ?? 0)), snapshot })
    settings.onStatusChange?.({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [execution.arn],
      detail: statusDetail(execution),
    })
  }

  const end = (execution: Execution, status: Status, more: Partial<Snapshot>) => {
    endRun(execution.run)
    const { redriveCount, redriveMs } = execution.now
    change(execution, {
      status,
      stopMs: time.nowMs(),
      redriveCount,
      ...(redriveMs !== undefined && { redriveMs }),
      ...more,
    })
  }

  const go = (execution: Execution) => {
    const { run } = execution
    const { timeoutSeconds } = execution.machine.definition
    if (timeoutSeconds !== undefined) {
      run.cleanups.add(
        time.after(timeoutSeconds * 1000, () => end(execution, 'TIMED_OUT', { error: 'States.Timeout' })),
      )
    }
    walk(walker, execution, run).then(
      (output) => {
        if (!run.isOver) end(execution, 'SUCCEEDED', { output: JSON.stringify(output) })
      },
      (error: unknown) => {
        if (!(error instanceof StateError)) time.fail(error)
        else if (!run.isOver) end(execution, 'FAILED', spoken(error))
      },
    )
  }

  const find = (executionArn: string) => {
    const execution = executions.get(executionArn)
    if (execution === undefined)
      throw new ExecutionDoesNotExist({ $metadata, message: `Execution Does Not Exist: '${executionArn}'` })
    return execution
  }

  const start: Machines['start'] = (machineArn, input, name = random.uuid()) => {
    const machine = machines.get(machineArn)
    if (machine === undefined)
      throw new StateMachineDoesNotExist({ $metadata, message: `State Machine Does Not Exist: '${machineArn}'` })
    const parsed = readInput(input)
    checkName(name)
    const executionArn = arn('execution', `${machine.name}:${name}`)
    const known = executions.get(executionArn)
    if (known !== undefined) {
      if (known.now.status === 'RUNNING' && known.input === input) return known
      throw new ExecutionAlreadyExists({ $metadata, message: `Execution Already Exists: '${executionArn}'` })
    }
    const now: Snapshot = { status: 'RUNNING', redriveCount: 0 }
    const place = { state: machine.definition.startAt, input: parsed, variables: {} }
    const execution: Execution = {
      arn: executionArn,
      name,
      machine,
      input,
      startMs: time.nowMs(),
      visits: [],
      now,
      shown: [],
      run: startRun(),
      place,
    }
    executions.set(executionArn, execution)
    change(execution, now)
    go(execution)
    return execution
  }

  const redrive: Machines['redrive'] = (executionArn) => {
    const execution = find(executionArn)
    const { stopMs = 0, redriveCount } = execution.now
    const isTooOld = time.nowMs() - stopMs > fortnightMs
    const refusal = redriveRefusal(execution.now) ?? (isTooOld ? 'Execution redrivable period exceeded' : undefined)
    if (refusal !== undefined)
      throw new ExecutionNotRedrivable({ $metadata, message: `Execution Not Redrivable: '${refusal}'` })
    execution.run = startRun()
    change(execution, { status: 'RUNNING', redriveCount: redriveCount + 1, redriveMs: time.nowMs() })
    go(execution)
    return execution
  }

  return {
    define: (name, definition) => {
      const machine = { name, arn: arn('stateMachine', name), definition: known(definition) }
      machines.set(machine.arn, machine)
      return machine
    },
    start,
    redrive,
    stop: (executionArn, error, cause) => {
      const execution = find(executionArn)
      if (execution.now.status === 'RUNNING') {
        end(execution, 'ABORTED', { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) })
      }
      return execution
    },
    describe: (executionArn) => {
      const execution = find(executionArn)
      const shown = execution.shown.findLast(({ fromMs }) => fromMs <= time.nowMs())
      if (shown === undefined)
        throw new ExecutionDoesNotExist({ $metadata, message: `Execution Does Not Exist: '${executionArn}'` })
      return { execution, snapshot: shown.snapshot }
    },
    find,
    known: (executionArn) => executions.get(executionArn),
    executions: () => [...executions.values()],
    tokens,
  }
}

/** What was left unsaid is not there. */
function spoken({ error, stateCause: cause }: StateError): Partial<Snapshot> {
  return { ...(error !== '' && { error }), ...(cause !== '' && { cause }) }
}

const definitions = new WeakMap<object, Definition>()

/** One object is read once, however many histories run it. */
function known(definition: unknown): Definition {
  if (typeof definition !== 'object' || definition === null) return readDefinition(definition)
  const read = definitions.get(definition) ?? readDefinition(definition)
  definitions.set(definition, read)
  return read
}

function readInput(input: string): unknown {
  if (byteLength(input) > maximumBytes) {
    throw new ValidationException({
      $metadata,
      message: "Value at 'input' failed to satisfy constraint: length at most 262144",
    })
  }
  try {
    return parseJson(input)
  } catch {
    throw new InvalidExecutionInput({ $metadata, message: "Invalid State Machine Execution Input: 'not JSON'" })
  }
}

function checkName(name: string): void {
  if (/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name)) return
  throw new InvalidName({ $metadata, message: `Invalid Name: '${name}'` })
}
