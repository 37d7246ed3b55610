import {
  Binary,
  type ContextAccess,
  type Expr,
  type ExprVisitor,
  FunctionCall,
  type Grouping,
  IndexAccess,
  Literal,
  type Logical,
  Star,
  Unary,
} from '@actions/expressions/ast';
import {
  BooleanData,
  Dictionary,
  type ExpressionData,
  Null,
  NumberData,
  StringData,
} from '@actions/expressions/data/index';
import { Evaluator } from '@actions/expressions/evaluator';
import { wellKnownFunctions } from '@actions/expressions/funcs';
import { type Token, TokenType } from '@actions/expressions/lexer';
import { falsy, truthy } from '@actions/expressions/result';
import type { Effort } from '../port';
import { pathOf, writtenText } from './expression-tree';

/** What an expression may come to: one of `values`, or, where it is `open`, anything else as well. */
export interface Possible {
  values: readonly ExpressionData[];
  open: boolean;
}

/** What a property of a context is, by its names in small letters, such as `github`, `ref_name`; or a function of a run, `always()`. */
export type Contexts = (path: readonly string[]) => Possible;

export const ANYTHING: Possible = { values: [], open: true };
export const oneOf = (...values: readonly (string | boolean | number | null)[]): Possible => ({
  values: values.map(datum),
  open: false,
});

/** Only so much is worked out; all beyond is unknown. */
const MAX_VALUES = 32;
const MAX_DEPTH = 200;
/** Characters that are read or made, for one expression. */
const MAX_EFFORT = 1_000_000;
/** To ask GitHub's evaluator takes as long as so many characters. */
const ASKED = 20;

/**
 * What an expression may come to, by GitHub's own rules, where not all that it asks about is known. `effort`: what several may
 * cost together; below zero, it was given up.
 */
export function possible(expr: Expr, contexts: Contexts, effort: Effort = { left: MAX_EFFORT }): Possible {
  const start = Math.min(MAX_EFFORT, effort.left);
  const reader = new Reader(contexts, start);
  const found = reader.read(expr);
  effort.left -= start - reader.left;
  return found;
}

/** Whether a value of it passes for true; null = it may and may not. */
export function isTrue({ values, open }: Possible): boolean | null {
  if (open || values.length === 0) return null;
  return values.every(truthy) ? true : values.every(falsy) ? false : null;
}

function datum(value: string | boolean | number | null): ExpressionData {
  if (value === null) return new Null();
  if (typeof value === 'boolean') return new BooleanData(value);
  return typeof value === 'number' ? new NumberData(value) : new StringData(value);
}

/** All that passes for false. */
const FALSE = oneOf(false, '', 0, null).values;
const EITHER = oneOf(true, false);

class Reader implements ExprVisitor<Possible> {
  private depth = 0;

  constructor(
    private readonly contexts: Contexts,
    public left: number,
  ) {}

  read(expr: Expr): Possible {
    if (this.depth >= MAX_DEPTH || --this.left < 0) return ANYTHING;
    this.depth++;
    try {
      return few(expr.accept(this));
    } finally {
      this.depth--;
    }
  }

  visitLiteral(literal: Literal): Possible {
    const text = writtenText(literal);
    return { values: [text === null ? literal.literal : new StringData(text)], open: false };
  }

  visitGrouping({ group }: Grouping): Possible {
    return this.read(group);
  }

  visitContextAccess({ name }: ContextAccess): Possible {
    return this.contexts([name.lexeme.toLowerCase()]);
  }

  visitUnary({ operator, expr }: Unary): Possible {
    const { values, open } = this.read(expr);
    return open ? EITHER : this.settled([values], ([each]) => new Unary(operator, literal(each, operator)), EITHER);
  }

  visitBinary({ operator, left, right }: Binary): Possible {
    const [one, other] = [this.read(left), this.read(right)];
    if (one.open || other.open) return EITHER;
    const isEquality = operator.type === TokenType.EQUAL_EQUAL || operator.type === TokenType.BANG_EQUAL;
    const build = ([a, b]: readonly ExpressionData[]) => {
      const sides = isEquality && farApart(a, b) ? [new StringData(''), new StringData('x')] : [a, b];
      return new Binary(literal(sides[0], operator), operator, literal(sides[1], operator));
    };
    const cost = (each: readonly ExpressionData[]) => (isEquality && farApart(each[0], each[1]) ? 1 : total(each));
    return this.settled([one.values, other.values], build, EITHER, cost);
  }

  visitLogical({ operator, args }: Logical): Possible {
    const stops = operator.type === TokenType.OR ? truthy : falsy;
    const values: ExpressionData[] = [];
    let open = false;
    for (const [at, arg] of args.entries()) {
      const each = this.read(arg);
      if (at === args.length - 1) return { values: [...values, ...each.values], open: open || each.open };
      values.push(...each.values.filter(stops));
      if (each.open && stops === truthy) open = true;
      if (each.open && stops === falsy) values.push(...FALSE);
      if (!each.open && each.values.every(stops)) break;
    }
    return { values, open };
  }

  visitIndexAccess(access: IndexAccess): Possible {
    const path = pathOf(access);
    if (path) return this.contexts(path.map((name) => name.toLowerCase()));
    if (access.index instanceof Star) return ANYTHING;
    const [of, index] = [this.read(access.expr), this.read(access.index)];
    if (of.open || index.open) return ANYTHING;
    const token = { type: TokenType.STRING, lexeme: '', range: NOWHERE };
    return this.settled(
      [of.values, index.values],
      ([a, b]) => new IndexAccess(literal(a, token), literal(b, token)),
      ANYTHING,
    );
  }

  visitFunctionCall({ functionName, args }: FunctionCall): Possible {
    const name = functionName.lexeme.toLowerCase();
    if (!Object.hasOwn(wellKnownFunctions, name)) return this.contexts([`${name}()`]);
    if (name === 'case') return this.cases(args);
    const read = args.map((each) => this.read(each));
    if (read.some(({ open }) => open)) return ANYTHING;
    const build = (each: readonly ExpressionData[]) =>
      new FunctionCall(
        functionName,
        each.map((one) => literal(one, functionName)),
      );
    return this.settled(
      read.map(({ values }) => values),
      build,
      ANYTHING,
      name === 'format' || name === 'join' ? multiplied : total,
    );
  }

  /** `case(asked, value, …, otherwise)`. */
  private cases(args: readonly Expr[]): Possible {
    const found: Possible[] = [];
    for (let at = 0; at + 1 < args.length; at += 2) {
      const [asked, value] = [args[at], args[at + 1]];
      if (!asked || !value) return ANYTHING;
      const is = isTrue(this.read(asked));
      if (is !== false) found.push(this.read(value));
      if (is === true) return either(found);
    }
    const last = args.at(-1);
    return last ? either([...found, this.read(last)]) : ANYTHING;
  }

  /** Each combination of known values, by GitHub's own evaluator. `cost`: characters that one of them takes at most. */
  private settled(
    sides: readonly (readonly ExpressionData[])[],
    build: (values: readonly ExpressionData[]) => Expr,
    otherwise: Possible,
    cost: (values: readonly ExpressionData[]) => number = total,
  ): Possible {
    const values: ExpressionData[] = [];
    for (const each of combinations(sides) ?? [null]) {
      if (!each) return otherwise;
      this.left -= ASKED + cost(each);
      if (this.left < 0) return otherwise;
      try {
        values.push(new Evaluator(build(each), new Dictionary()).evaluate());
      } catch {
        // The run fails there, and goes nowhere.
        return otherwise;
      }
    }
    return { values, open: false };
  }
}

const NOWHERE = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };
const literal = (value: ExpressionData | undefined, token: Token) => new Literal(value ?? new Null(), token);

function either(all: readonly Possible[]): Possible {
  return { values: all.flatMap(({ values }) => values), open: all.some(({ open }) => open) };
}

/** Without doubles. */
function few({ values, open }: Possible): Possible {
  const kept = new Map(values.map((each, at) => [each.primitive ? `${each.kind}:${each.coerceString()}` : at, each]));
  return kept.size > MAX_VALUES ? ANYTHING : { values: [...kept.values()], open };
}

function combinations(sides: readonly (readonly ExpressionData[])[]): ExpressionData[][] | null {
  let made: ExpressionData[][] = [[]];
  for (const side of sides) {
    made = made.flatMap((each) => side.map((one) => [...each, one]));
    if (made.length > MAX_VALUES) return null;
  }
  return made;
}

/** Texts of such lengths are equal in no capitals, so that a long one costs nothing to compare. */
function farApart(a: ExpressionData | undefined, b: ExpressionData | undefined): boolean {
  if (!(a instanceof StringData) || !(b instanceof StringData)) return false;
  const [one, other] = [a.value.length, b.value.length];
  return Math.max(one, other) > 1_000 && Math.max(one, other) > 3 * Math.min(one, other);
}

function weight(value: ExpressionData): number {
  if (value instanceof StringData) return value.value.length;
  if (!('values' in value)) return 1;
  return value.values().reduce((sum, each) => sum + (each instanceof StringData ? each.value.length : 1), 1);
}

const total = (values: readonly ExpressionData[]) => values.reduce((sum, each) => sum + weight(each), 1);

/** Of `format` and `join`, which repeat one text as often as another one says. */
function multiplied([first, ...rest]: readonly ExpressionData[]): number {
  return first ? (weight(first) + 1) * (1 + Math.max(0, ...rest.map(weight))) : 1;
}
