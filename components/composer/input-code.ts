type InputCode = typeof import('./input-values');

let loaded: InputCode | null = null;

/** The form's arithmetic comes beside the plan that has the form, not with the page. */
export async function loadInputCode(): Promise<void> {
  loaded ??= await import('./input-values');
}

/** Null until it is loaded. */
export const inputCode = (): InputCode | null => loaded;
