/** A request as raw as it goes over the wire; `target` stands in the request line. */
export interface RawRequest {
  name: string;
  method?: string;
  target: string;
  headers?: Record<string, string>;
  body?: string;
}

const action = (body: string, type = 'text/plain;charset=UTF-8'): Pick<RawRequest, 'method' | 'headers' | 'body'> => ({
  method: 'POST',
  headers: { 'next-action': '7f'.padEnd(42, '0'), 'content-type': type },
  body,
});
const form = (value: string) =>
  action(
    `--x\r\nContent-Disposition: form-data; name="0"\r\n\r\n${value}\r\n--x--\r\n`,
    'multipart/form-data; boundary=x',
  );

/** D11: ways around or into the framework, by somebody who is signed out. None may open a page, fail or lead elsewhere. */
export const FRAMEWORK: RawRequest[] = [
  ...[
    'middleware',
    'src/middleware',
    'middleware:middleware:middleware:middleware:middleware',
    'proxy:proxy:proxy:proxy:proxy',
    'pages/_middleware',
  ].map((value) => ({ name: `subrequest ${value}`, target: '/now', headers: { 'x-middleware-subrequest': value } })),
  { name: 'the payload of a page', target: '/now.rsc' },
  { name: 'the payload by header', target: '/now?_rsc=abc', headers: { rsc: '1' } },
  { name: 'a prefetch', target: '/now', headers: { rsc: '1', 'next-router-prefetch': '1' } },
  { name: 'a prefetch of a segment', target: '/now', headers: { rsc: '1', 'next-router-segment-prefetch': '/_tree' } },
  { name: 'a segment as a file', target: '/now.segments/_tree.segment.rsc' },
  { name: 'a router state that is none', target: '/now', headers: { rsc: '1', 'next-router-state-tree': '%5B%22' } },
  {
    name: 'a router state of 8 KB',
    target: '/now',
    headers: { rsc: '1', 'next-router-state-tree': `["${'x'.repeat(8_000)}"]` },
  },
  {
    name: 'a resumed rendering',
    method: 'POST',
    target: '/now',
    headers: { 'next-resume': '1' },
    body: 'x'.repeat(1_000),
  },
  { name: 'data of another router', target: '/_next/data/build/now.json', headers: { 'x-nextjs-data': '1' } },
  { name: 'the data header', target: '/now', headers: { 'x-nextjs-data': '1' } },
  { name: 'a rewrite by header', target: '/', headers: { 'x-middleware-rewrite': '/now', 'x-rewrite-url': '/now' } },
  { name: 'an address of another site', target: 'http://evil.example/now' },
  {
    name: 'an upgrade',
    target: '/now',
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'eA==',
      'sec-websocket-version': '13',
    },
  },
  {
    name: 'an upgrade to another site',
    target: 'http://169.254.169.254/latest',
    headers: { connection: 'Upgrade', upgrade: 'websocket' },
  },
  { name: 'dots, encoded twice', target: '/%252e%252e/now' },
  { name: 'dots, encoded once', target: '/x/%2e%2e/now' },
  { name: 'two slashes', target: '//now' },
  { name: 'two slashes and a site', target: '//evil.example/now' },
  { name: 'a backslash', target: '/\\evil.example/now' },
  { name: 'a NUL, encoded', target: '/now%00' },
  { name: 'a broken escape', target: '/now%zz' },
  { name: 'capital letters', target: '/NOW' },
  { name: 'a slash at the end', target: '/now/' },
  { name: 'another host', target: '/now', headers: { host: 'evil.example' } },
  {
    name: 'another forwarded host',
    target: '/now',
    headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' },
  },
  { name: 'an action that nobody has', target: '/now', ...action('[]') },
  { name: 'an action whose values hold themselves', target: '/sign-in', ...form('["$@0","$0"]') },
  { name: 'an action with brackets 10,000 deep', target: '/sign-in', ...form('['.repeat(10_000)) },
  {
    name: 'an action with a prototype',
    target: '/sign-in',
    ...form('{"__proto__":{"a":1},"constructor":{"prototype":{}}}'),
  },
  { name: 'an action with 3 MB', target: '/sign-in', ...form('x'.repeat(3 * 1024 * 1024)) },
  { name: 'a picture from another site', target: '/_next/image?url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75' },
  { name: 'a picture with a script', target: '/_next/image?url=%2Ficon.svg&w=64&q=75' },
];
