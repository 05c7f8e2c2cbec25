/** One machine, one input, and what its Lambdas do: told by the runner of the simulation and by the local cloud alike. */
export type Story = {
  readonly title: string
  /** One object for each machine: it is created once. */
  readonly definition: object
  readonly input?: unknown
  /** In the order of the calls; every call hands over which execution it belongs to. */
  readonly script?: readonly Line[]
  /** How often it is redriven after it has ended without success. */
  readonly redrives?: number
}

export type Line = readonly [state: string, answer: Answer]

/** What a Lambda does when it is called. */
export type Answer = {
  readonly returns?: unknown
  readonly throws?: { readonly name: string; readonly message: string }
  /** How long it takes; longer than its Task may, when nobody is to hear it. */
  readonly afterSeconds?: number
  /** Its process ends, or runs out of the Lambda's own time. */
  readonly breaks?: 'exit' | 'timeout'
  /** Answers to the token that it was given, each so long after the one before, whatever becomes of the Lambda. */
  readonly token?: readonly TokenAnswer[]
  /** The execution is stopped, at once or some time later. */
  readonly stops?: { readonly afterSeconds?: number; readonly error?: string; readonly cause?: string }
}

export type TokenAnswer = { readonly afterSeconds: number } & (
  | { readonly output: unknown }
  | { readonly error: string; readonly cause: string }
)

export const returns = (value: unknown): Answer => ({ returns: value })
export const fails = (name: string): Answer => ({ throws: { name, message: `${name} happened` } })
export const wakes = (afterSeconds: number, output: unknown = {}): Answer => ({ token: [{ afterSeconds, output }] })

/** The Lambda's own time-out, which is longer than any Task's that is to time out. */
export const lambdaTimeoutSeconds = 7

/** Who calls, in the Payload of every Lambda. */
export const execution = "{% $states.context.Execution.{ 'arn': Id, 'redriveCount': RedriveCount } %}"
