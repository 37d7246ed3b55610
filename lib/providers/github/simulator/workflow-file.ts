import { load } from 'js-yaml';

export interface DeclaredInput {
  name: string;
  type: string;
  required: boolean;
  default: string | null;
  options: string[];
}

export interface DeclaredStep {
  name: string | null;
  uses: string | null;
  run: string | null;
  if: string | null;
  with: Record<string, string>;
}

export interface DeclaredJob {
  key: string;
  name: string;
  needs: string[];
  if: string | null;
  environment: string | null;
  steps: DeclaredStep[];
}

export interface WorkflowFile {
  name: string;
  runName: string | null;
  triggers: string[];
  inputs: DeclaredInput[];
  /** Group of the whole run, with its expressions. */
  concurrency: string | null;
  jobs: DeclaredJob[];
}

type Mapping = Record<string, unknown>;

const cache = new Map<string, WorkflowFile>();

/**
 * Reads what the simulator needs from a workflow file.
 * @throws YAMLException when the text is not YAML.
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */
export function parseWorkflow(text: string, path: string): WorkflowFile {
  const cached = cache.get(text);
  if (cached) return cached;
  const document = mapping(load(text, { maxAliases: 0 }));
  const on = document.on;
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(mapping(on));
  const file = {
    name: typeof document.name === 'string' ? document.name : path,
    runName: textOf(document['run-name']),
    triggers,
    inputs: Object.entries(mapping(mapping(mapping(on).workflow_dispatch).inputs)).map(declaredInput),
    concurrency: textOf(mapping(document.concurrency).group ?? textOnly(document.concurrency)),
    jobs: Object.entries(mapping(document.jobs)).map(declaredJob),
  };
  cache.set(text, file);
  return file;
}

/** As `parseWorkflow`; null for a file that is not YAML. GitHub takes such a push and runs nothing. */
export function readableWorkflow(text: string, path: string): WorkflowFile | null {
  try {
    return parseWorkflow(text, path);
  } catch {
    return null;
  }
}

function declaredInput([name, value]: [string, unknown]): DeclaredInput {
  const input = mapping(value);
  return {
    name,
    type: textOf(input.type) ?? 'string',
    required: input.required === true,
    default: input.default === undefined || input.default === null ? null : String(input.default),
    options: Array.isArray(input.options) ? input.options.map(String) : [],
  };
}

function declaredJob([key, value]: [string, unknown]): DeclaredJob {
  const job = mapping(value);
  const needs = typeof job.needs === 'string' ? [job.needs] : Array.isArray(job.needs) ? job.needs.map(String) : [];
  const steps = Array.isArray(job.steps) ? job.steps.map(mapping) : [];
  return {
    key,
    name: textOf(job.name) ?? key,
    needs,
    if: textOf(job.if),
    environment: textOf(
      mapping(job.environment).name ?? (typeof job.environment === 'string' ? job.environment : null),
    ),
    steps: steps.map((step) => ({
      name: textOf(step.name),
      uses: textOf(step.uses),
      run: textOf(step.run),
      if: textOf(step.if),
      with: Object.fromEntries(Object.entries(mapping(step.with)).map(([name, value]) => [name, textOf(value) ?? ''])),
    })),
  };
}

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

function textOnly(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

/** What `${{ … }}` may speak of here. */
export interface ExpressionScope {
  inputs: Record<string, string>;
  github: Record<string, string>;
}

/** Fills the `${{ … }}` of a text: names, literals, `||`, `==`, `!=` and `!` only. */
export function interpolate(text: string, scope: ExpressionScope): string {
  return text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_whole, expression: string) => evaluate(expression, scope));
}

/** Whether an `if:` lets a job or step run. */
export function permits(condition: string | null, scope: ExpressionScope): boolean {
  if (condition === null) return true;
  const bare = condition.replace(/^\$\{\{\s*(.+?)\s*\}\}$/, '$1');
  return !['', 'false', '0'].includes(evaluate(bare, scope));
}

function evaluate(expression: string, scope: ExpressionScope): string {
  for (const alternative of expression.split('||')) {
    const value = comparison(alternative.trim(), scope);
    if (value !== '' && value !== 'false') return value;
    if (value === 'false' && !expression.includes('||')) return value;
  }
  return '';
}

function comparison(expression: string, scope: ExpressionScope): string {
  const sides = /^(.+?)\s*(==|!=)\s*(.+)$/.exec(expression);
  if (sides?.[1] && sides[3]) {
    const equal = operand(sides[1], scope) === operand(sides[3], scope);
    return String(sides[2] === '==' ? equal : !equal);
  }
  if (expression.startsWith('!')) return String(['', 'false'].includes(operand(expression.slice(1), scope)));
  return operand(expression, scope);
}

function operand(expression: string, scope: ExpressionScope): string {
  const literal = /^'(.*)'$/.exec(expression);
  if (literal) return literal[1] ?? '';
  const [context, ...rest] = expression.split('.');
  const name = rest.join('.');
  if (context === 'inputs' || context === 'github') return scope[context][name] ?? '';
  return '';
}
