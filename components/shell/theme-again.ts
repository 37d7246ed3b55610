/**
 * A page that answers 404 is drawn by the browser alone, and a script that React puts there does not run: the one of
 * app/layout.tsx is run once more, as the same text, which the content policy knows.
 */
export function themeAgain(): void {
  if (document.documentElement.dataset.theme) return;
  const script = document.createElement('script');
  script.textContent = document.querySelector('[data-theme-script]')?.textContent ?? '';
  document.head.append(script);
}
