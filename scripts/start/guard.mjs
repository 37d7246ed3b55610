// Reads from the launcher which processes belong to it. When the pipe closes, the launcher is gone, whatever ended
// it, and what is still on the list is ended.
import { createInterface } from 'node:readline';
import { endAll } from './end-process.mjs';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {});
}
let members = [];
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  members = JSON.parse(line).members;
});
lines.on('close', () => endAll(members));
