import type { BrowserContext } from '@playwright/test';

/** What was refused in this worker's pages; it runs one test at a time. */
const refused: string[] = [];

/** Notes what the browser refuses in every page of it under the page's policy; trusted types are only watched. */
export async function watchPolicy(context: BrowserContext): Promise<void> {
  await context.exposeBinding('policyViolated', (_, what: string) => void refused.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      if (event.disposition !== 'enforce') return;
      const said = `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`;
      (window as unknown as { policyViolated(what: string): void }).policyViolated(said);
    });
  });
}

/** What was refused since it was last asked; whoever expects some takes them, else their test fails. */
export function takeViolations(): string[] {
  return refused.splice(0);
}
