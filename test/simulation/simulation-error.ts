/**
 * Something that nobody taught the simulation, or a mistake in it. It must never pass for an error of the system that is
 * simulated: whoever catches one stops the clock with it.
 */
export class SimulationError extends Error {
  override readonly name = 'SimulationError'
}

/** A machine goes round for ever: no mistake of the simulation, but a history that breaks a law. */
export class EndlessError extends SimulationError {}

export function notKnown(what: string): SimulationError {
  return new SimulationError(`${what} is not known to the simulation`)
}
