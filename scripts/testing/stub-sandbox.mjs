// Stands in for the simulated providers in the launcher's tests.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ strict: false, options: { port: { type: 'string' } } });
createServer((_request, response) => response.end('{}')).listen(Number(values.port), '127.0.0.1', () => {
  console.log(`listening ${values.port}`);
});
