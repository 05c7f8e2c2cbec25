import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { requestOfMachines } from '../../../simulation/machine/commands.ts'
import { createMachines, type Machines } from '../../../simulation/machine/machines.ts'
import type { StatusChange, TaskAttempt } from '../../../simulation/machine/settings.ts'
import { seededRandom } from '../../../simulation/random.ts'
import { SimulationError } from '../../../simulation/simulation-error.ts'
import { createVirtualTime } from '../../../simulation/virtual-time.ts'
import { type Play, playScript, type Stage } from './script.ts'
import { lambdaTimeoutSeconds, type Story } from './story.ts'
import { comparable, type Telling } from './telling.ts'

/** Tells the story in this process, under the names that its machine and its execution have on the local cloud. */
export async function tellInProcess(
  story: Story,
  machineName: string,
  name: string,
): Promise<{ telling: Telling; play: Play }> {
  const time = createVirtualTime()
  const attempts: { state: string; parameters: unknown }[] = []
  const changes: StatusChange[] = []
  const stage: Stage = {
    nowMs: time.nowMs,
    sleep: time.sleep,
    answerToken: async (taskToken, answer) =>
      send('error' in answer ? failure(taskToken, answer) : success(taskToken, answer)),
    stop: async (executionArn, stop) => send(new StopExecutionCommand({ executionArn, ...stop })),
  }
  const play = playScript(story, stage)
  const machines: Machines = createMachines({
    time,
    random: seededRandom(story.title),
    onStatusChange: (change) => {
      changes.push(change)
      const { status, redriveCount } = change.detail
      const isOver = status === 'RUNNING' || status === 'SUCCEEDED' || Number(redriveCount) >= (story.redrives ?? 0)
      if (!isOver) time.after(redriveDelayMs, () => machines.redrive(String(change.detail.executionArn)))
    },
    integrations: {
      'arn:aws:states:::events:putEvents': async (parameters, { state }) => {
        attempts.push({ state, parameters })
        // No bus takes what pretends to come from AWS.
        if (JSON.stringify(parameters).includes('"Source":"aws.')) throw named('EventBridge.FailedEntry', '')
        return { Entries: [{ EventId: 'published' }], FailedEntryCount: 0 }
      },
    },
    invokeLambda: async (FunctionName, Payload, info) => {
      attempts.push({ state: info.state, parameters: { FunctionName, Payload } })
      checkLine(story, play, info)
      return invoke(play, Payload, time.sleep)
    },
  })
  const send = (command: object) => requestOfMachines(machines, command)()
  const { arn } = machines.define(machineName, story.definition)
  const execution = machines.start(arn, JSON.stringify(story.input ?? {}), name)
  await time.run()
  const { $metadata: _, ...described } = Object(send(new DescribeExecutionCommand({ executionArn: execution.arn })))
  const visits = execution.visits.map(({ enteredAtMs: _, exits: __, ...visit }) => visit)
  return {
    telling: comparable({ visits, attempts, changes: changes.map(({ detail }) => detail), described }, play),
    play,
  }
}

/** About what the local cloud takes to tell of an end, so that what comes late meets the run that follows. */
const redriveDelayMs = 50

async function invoke(play: Play, payload: unknown, sleep: Stage['sleep']): Promise<{ payload: unknown }> {
  const { returns, throws, breaks } = await play.call(payload)
  if (breaks === 'timeout') await sleep(lambdaTimeoutSeconds * 1000)
  if (breaks !== undefined) throw named(breaks === 'exit' ? 'Runtime.ExitError' : 'Sandbox.Timedout', '')
  if (throws !== undefined) throw named(throws.name, throws.message)
  return { payload: returns }
}

/** A story that does not say what its machine does is a mistake in the story. */
function checkLine({ title }: Story, play: Play, { state }: TaskAttempt): void {
  const [expected] = play.next() ?? ['the end']
  if (expected !== state) throw new SimulationError(`"${title}" expects ${expected}, and ${state} is called`)
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

function success(taskToken: string, { output }: { readonly output: unknown }) {
  return new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })
}

function failure(taskToken: string, { error, cause }: { readonly error: string; readonly cause: string }) {
  return new SendTaskFailureCommand({ taskToken, error, cause })
}
