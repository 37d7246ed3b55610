#!/usr/bin/env node
// Puts the text of scripts/build-record.mjs into the blueprints, which are made in a browser too and read no files.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const FILE = path.resolve(HERE, '..', 'lib', 'blueprints', 'model', 'build-record-script.generated.ts');
const HEADER = '// Written by `npm run gen` from scripts/build-record.mjs. Do not edit.\n';

const text = readFileSync(path.join(HERE, 'build-record.mjs'), 'utf8');
writeFileSync(FILE, `${HEADER}export const BUILD_RECORD_SCRIPT = ${JSON.stringify(text)};\n`);
