import { type Command, CommanderError } from 'commander'
import { InputError } from './explain.ts'

/** Commander would end the process itself, with 1, which of many commands means that they have found something. */
export function leaveExitToUs(command: Command): void {
  command.exitOverride()
  for (const one of command.commands) leaveExitToUs(one)
}

/** 2: what was given is not what the command takes; 1: whatever else went wrong; 0: help that was asked for. */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return error instanceof InputError ? 2 : 1
}
