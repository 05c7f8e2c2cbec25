// The command line: `npx postonce <verb>`. One file a verb in bin/commands/.
import { Command, CommanderError } from 'commander'
import { auditCommand } from './commands/audit.ts'
import { casesCommand } from './commands/cases.ts'
import { crossReferenceCommand } from './commands/cross-reference.ts'
import { deadLettersCommand } from './commands/dead-letters.ts'
import { decideCommand } from './commands/decide.ts'
import { doctorCommand } from './commands/doctor.ts'
import { flowsCommand } from './commands/flows.ts'
import { inboxCommand } from './commands/inbox.ts'
import { matchCommand } from './commands/match.ts'
import { pauseCommand } from './commands/pause.ts'
import { pausesCommand } from './commands/pauses.ts'
import { publishCommand } from './commands/publish.ts'
import { reconcileCommand } from './commands/reconcile.ts'
import { redriveCommand } from './commands/redrive.ts'
import { replayCommand } from './commands/replay.ts'
import { resumeCommand } from './commands/resume.ts'
import { schemasCommand } from './commands/schemas.ts'
import { statusCommand } from './commands/status.ts'
import { exitCodeOf, leaveExitToUs } from './commands/terminal/exit-code.ts'
import { explain } from './commands/terminal/explain.ts'
import { traceCommand } from './commands/trace.ts'
import { ublCommand } from './commands/ubl.ts'

const program = new Command('postonce')
  .description(
    'Posts every document exactly once: publish events, follow each order through its case, and decide what needs a person.',
  )
  .showHelpAfterError('(postonce --help lists what there is)')
const commands = [
  publishCommand(),
  traceCommand(),
  statusCommand(),
  doctorCommand(),
  casesCommand(),
  inboxCommand(),
  decideCommand(),
  reconcileCommand(),
  auditCommand(),
  deadLettersCommand(),
  redriveCommand(),
  replayCommand(),
  crossReferenceCommand(),
  matchCommand(),
  ublCommand(),
  flowsCommand(),
  pauseCommand(),
  resumeCommand(),
  pausesCommand(),
  schemasCommand(),
]
for (const command of commands) program.addCommand(command)
leaveExitToUs(program)

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said it.
  if (!(error instanceof CommanderError)) process.stderr.write(`postonce: ${explain(error)}\n`)
  process.exitCode = exitCodeOf(error)
}
