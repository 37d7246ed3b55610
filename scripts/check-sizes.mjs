import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '@swc/core';
import { isMain, listSourceFiles, reportAlone } from './source-files.mjs';

const FILE_LINES = 300;
const FUNCTION_LINES = 50;
const ROUTE_LINES = 60;
const COMPONENT_LINES = 80;

const CODE = /\.(ts|tsx|mjs|cjs|js|css)$/;
const PLACES = /^(app|components|lib|scripts|e2e|bench)\/|^[^/]+$/;
const EXEMPT = /\.generated\.ts$|\.d\.m?ts$|\/migrations\/|\/fixtures\/|\/spec\/|^lib\/sandbox\/repository\//;
const TEST = /\.test\.tsx?$|^e2e\/|\/testing\/|\/conformance\//;
const ROUTE = /(^|\/)(route|actions)(\.server)?\.tsx?$/;

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'MethodProperty',
  'Constructor',
]);

/** Files of at most 300 lines; functions of at most 50 (route handlers and actions 60, components 80). */
export async function checkSizes(root) {
  const problems = [];
  for (const file of listSourceFiles(root)) {
    if (!CODE.test(file) || !PLACES.test(file) || EXEMPT.test(file)) {
      continue;
    }
    const text = readFileSync(path.join(root, file), 'utf8');
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    if (lines > FILE_LINES) {
      problems.push(`${file}: ${lines} lines, at most ${FILE_LINES}`);
    }
    if (/\.(tsx?|mjs)$/.test(file) && !TEST.test(file)) {
      problems.push(...(await longFunctions(file, text)));
    }
  }
  return problems;
}

async function longFunctions(file, text) {
  // Spans are in bytes and begin at 1.
  const bytes = Buffer.from(text);
  const module = await parse(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'esnext' });
  const found = [];
  visit(module, undefined, (node, name) => {
    const first = lineAt(bytes, node.span.start - 1);
    const lines = lineAt(bytes, node.span.end - 1) - first + 1;
    const limit = limitOf(file, name);
    if (lines > limit) {
      found.push(`${file}:${first}: ${name ?? 'a function'} has ${lines} lines, at most ${limit}`);
    }
  });
  return found;
}

function limitOf(file, name) {
  if (file.endsWith('.tsx') && /^[A-Z]/.test(name ?? '')) {
    return COMPONENT_LINES;
  }
  return ROUTE.test(file) ? ROUTE_LINES : FUNCTION_LINES;
}

function visit(node, name, onFunction) {
  if (Array.isArray(node)) {
    for (const child of node) {
      visit(child, name, onFunction);
    }
    return;
  }
  if (!node || typeof node !== 'object') {
    return;
  }
  if (FUNCTIONS.has(node.type)) {
    onFunction(node, node.identifier?.value ?? node.key?.value ?? name);
  }
  const inner = nameGivenBy(node) ?? (FUNCTIONS.has(node.type) ? undefined : name);
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'span' && typeof child === 'object') {
      visit(child, inner, onFunction);
    }
  }
}

function nameGivenBy(node) {
  if (node.type === 'VariableDeclarator') {
    return node.id?.value;
  }
  return node.type === 'KeyValueProperty' ? node.key?.value : undefined;
}

function lineAt(bytes, offset) {
  let line = 1;
  for (let index = bytes.indexOf(10); index !== -1 && index < offset; index = bytes.indexOf(10, index + 1)) {
    line += 1;
  }
  return line;
}

if (isMain(import.meta.url)) {
  await reportAlone('sizes', checkSizes);
}
