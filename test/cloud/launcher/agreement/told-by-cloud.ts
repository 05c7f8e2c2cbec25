import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateStateMachineCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { isRecord, parseJson } from '../../../simulation/json.ts'
import type { Drill } from '../drill.ts'
import { readHistory } from './history.ts'
import { executionArnIn, type Play, playScript, type Stage } from './script.ts'
import { lambdaTimeoutSeconds, type Story } from './story.ts'
import { comparable, type Telling } from './telling.ts'

export type Told = {
  readonly telling: Telling
  readonly play: Play
  readonly machineName: string
  readonly name: string
}

/** One Lambda asks this process what to do, and one queue hears of every change of an execution. */
export async function openStage(drill: Drill) {
  const plays = new Map<string, Play>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const payload = parseJson(Buffer.concat(parts).toString())
      const answer = await plays.get(executionArnIn(payload))?.call(payload)
      response.end(JSON.stringify(answer ?? { throws: { name: 'NobodyPlays', message: '' } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const functionArn = await drill.createFunction(lambda(portOf(server.address())), {
    timeoutSeconds: lambdaTimeoutSeconds,
  })
  const queue = await drill.createQueue()
  await drill.rule({ source: ['aws.states'] }, { Arn: queue.arn })

  const changes = new Map<string, Record<string, unknown>[]>()
  const listening = new AbortController()
  const listen = async () => {
    while (!listening.signal.aborted) {
      const command = new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 })
      const { Messages = [] } = await drill.sqs.send(command)
      for (const { Body } of Messages) {
        const { detail } = JSON.parse(String(Body))
        changes.set(detail.executionArn, [...(changes.get(detail.executionArn) ?? []), detail])
      }
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
      if (Entries.length > 0) await drill.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }))
    }
  }
  const listened = listen()

  const endsOf = (executionArn: string) =>
    (changes.get(executionArn) ?? []).filter(({ status }) => status !== 'RUNNING').length
  const hasEnded = (executionArn: string, times: number) =>
    drill.eventually(async () => (endsOf(executionArn) >= times ? true : undefined), 90)

  const stage: Stage = {
    nowMs: () => Date.now(),
    sleep: (milliseconds) => sleep(milliseconds),
    answerToken: (taskToken, answer) =>
      'error' in answer
        ? drill.sfn.send(new SendTaskFailureCommand({ taskToken, error: answer.error, cause: answer.cause }))
        : drill.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer.output) })),
    stop: (executionArn, stop) => drill.sfn.send(new StopExecutionCommand({ executionArn, ...stop })),
  }

  const machines = new Map<object, Promise<string>>()
  const machineOf = (definition: object): Promise<string> => {
    const arn =
      machines.get(definition) ??
      drill.sfn
        .send(
          new CreateStateMachineCommand({
            name: drill.newName(),
            roleArn: drill.roleArn,
            definition: JSON.stringify(definition),
          }),
        )
        .then(({ stateMachineArn }) => String(stateMachineArn))
    machines.set(definition, arn)
    return arn
  }

  return {
    functionArn,
    async tell(story: Story): Promise<Told> {
      const machineArn = await machineOf(story.definition)
      const [name, machineName] = [drill.newName(), machineArn.slice(machineArn.lastIndexOf(':') + 1)]
      const play = playScript(story, stage)
      plays.set(`${machineArn.replace(':stateMachine:', ':execution:')}:${name}`, play)
      const executionArn = await drill.start(machineArn, story.input ?? {}, name)
      await hasEnded(executionArn, 1)
      for (let redrive = 1; redrive <= (story.redrives ?? 0); redrive++) {
        await drill.sfn.send(new RedriveExecutionCommand({ executionArn }))
        await hasEnded(executionArn, redrive + 1)
      }
      await play.settled()
      const { $metadata: _, ...described } = await drill.describe(executionArn)
      const told = {
        ...readHistory(await drill.history(executionArn)),
        described,
        changes: changes.get(executionArn) ?? [],
      }
      return { telling: comparable(told, play), play, machineName, name }
    },
    async close() {
      listening.abort()
      await listened
      server.closeAllConnections()
      server.close()
    },
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (!isRecord(address) || typeof address.port !== 'number') throw new Error('The server has no port')
  return address.port
}

function lambda(port: number): string {
  return `
    const answer = await fetch('http://127.0.0.1:${port}', { method: 'POST', body: JSON.stringify(event) })
    const { returns, throws, breaks } = await answer.json()
    if (breaks === 'exit') process.exit(1)
    if (breaks === 'timeout') await new Promise(() => setInterval(() => {}, 1_000))
    if (throws) throw Object.assign(new Error(throws.message), { name: throws.name })
    return returns`
}
