// Stands in for the built app in the launcher's tests: answers the health question and writes one line.
import { createServer } from 'node:http';

const { PORT, HOSTNAME, AETHERSTACK_MODE: mode, STUB_APP_CRASH: crash } = process.env;
const server = createServer((request, response) => {
  if (request.url === '/crash') {
    console.error('stub: asked to crash');
    process.exit(7);
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ready: true, setupNeeded: true, mode }));
});
if (crash) {
  console.error(crash);
  process.exit(3);
}
server.listen(Number(PORT), HOSTNAME, () => console.log('stub app listens'));
