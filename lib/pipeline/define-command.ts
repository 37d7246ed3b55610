import type { z } from 'zod';
import type { ActionDefinition } from './run-action';

/**
 * A change as data: lib/<domain>/commands.ts holds them, the Server Action and the API route are made from the same one.
 * It does nothing by itself; it keeps the types of input and answer together.
 */
export function defineCommand<S extends z.ZodType, O>(definition: ActionDefinition<S, O>): ActionDefinition<S, O> {
  return definition;
}
