import type { z } from 'zod';
import type { Query } from '@/lib/pipeline/define-query';
import type { ActionDefinition } from '@/lib/pipeline/run-action';
import type { QueryDefinition } from '@/lib/pipeline/run-query';
import type { ANSWERS, AnswerName } from './answers';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

// biome-ignore lint/suspicious/noExplicitAny: the table holds verbs of every input; each parses its own.
type AnyCommand = ActionDefinition<z.ZodType, any>;

interface Place {
  method: Method;
  /** Below /api/v1, with its parameters: `/deployments/{deploymentId}`. */
  path: string;
  /** One sentence for the document. */
  says: string;
  /** Parameter of the path → field of the input, where they differ. */
  rename: Record<string, string>;
}

export interface ReadRoute extends Place {
  kind: 'read';
  definition: QueryDefinition<z.ZodType, unknown>;
  answer: AnswerName;
}

/** A body that is sent as it is read. */
export interface FileAnswer {
  name: string;
  /** Content type. */
  type: string;
  body: ReadableStream<Uint8Array>;
}

export interface FileRoute extends Place {
  kind: 'file';
  definition: QueryDefinition<z.ZodType, FileAnswer>;
  types: readonly string[];
}

export interface ChangeRoute extends Place {
  kind: 'change';
  command: AnyCommand;
  /** Null = 204 without a body. */
  answer: AnswerName | null;
  status: 200 | 201 | 204;
  /** `own`: the header is also the key of the deployment that is made. */
  key: 'own' | 'required' | 'optional';
  /** The answer holds something that is shown only once, so it is not kept for a repeat. */
  shownOnce: boolean;
  /** The body holds something that must not be guessed from its digest. */
  sealed: boolean;
}

/** A change whose body is a file, read as it comes. */
export interface UploadRoute extends Place {
  kind: 'upload';
  command: AnyCommand;
  answer: AnswerName;
  status: 201;
}

export type ApiRoute = ReadRoute | FileRoute | ChangeRoute | UploadRoute;

/** The verb behind a line: its name, its permission and its input. */
export const verbOf = (route: ApiRoute) => ('command' in route ? route.command : route.definition);

/** The names of answers that say everything a verb answers. A view that gains a field stops this from compiling. */
type AnswerFor<O> = { [K in AnswerName]: z.output<(typeof ANSWERS)[K]> extends O ? K : never }[AnswerName];

export function read<I, O, K extends AnswerFor<O>>(
  path: string,
  query: Query<I, O>,
  answer: K,
  says: string,
  rename: Record<string, string> = {},
): ReadRoute {
  const definition = query.definition as unknown as ReadRoute['definition'];
  return { kind: 'read', method: 'GET', path, definition, answer, says, rename };
}

export function file<I>(path: string, query: Query<I, FileAnswer>, types: readonly string[], says: string): FileRoute {
  const definition = query.definition as unknown as FileRoute['definition'];
  return { kind: 'file', method: 'GET', path, definition, types, says, rename: {} };
}

export function upload<S extends z.ZodType, O, K extends AnswerFor<O>>(
  methodAndPath: `POST /${string}`,
  command: ActionDefinition<S, O>,
  answer: K,
  says: string,
): UploadRoute {
  const path = methodAndPath.slice('POST '.length);
  return {
    kind: 'upload',
    method: 'POST',
    path,
    says,
    rename: {},
    command: command as unknown as AnyCommand,
    answer,
    status: 201,
  };
}

interface ChangeOptions {
  rename?: Record<string, string>;
  status?: 200 | 201;
  key?: 'own' | 'required';
  shownOnce?: boolean;
  sealed?: boolean;
}

export function change<S extends z.ZodType, O, K extends (O extends void ? null : AnswerFor<O>) | null>(
  methodAndPath: `${Exclude<Method, 'GET'>} /${string}`,
  command: ActionDefinition<S, O>,
  answer: K,
  says: string,
  { rename = {}, status = 200, key, shownOnce = false, sealed = false }: ChangeOptions = {},
): ChangeRoute {
  const [method, path = ''] = methodAndPath.split(' ');
  return {
    kind: 'change',
    method: method as Method,
    path,
    says,
    rename,
    command: command as unknown as AnyCommand,
    answer,
    status: answer === null ? 204 : status,
    key: key ?? 'optional',
    shownOnce,
    sealed,
  };
}
