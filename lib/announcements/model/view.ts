/** “GitHub was told: …” of one deployment. */
export interface ToldView {
  /** How the provider is called. */
  to: string;
  tone: 'good' | 'neutral' | 'warn';
  sentence: string;
  url: string | null;
  at: string | null;
}
