/** A refusal of the agent: an HTTP status, a code for programs, and a sentence that says what to do. */
export class Refusal extends Error {
  constructor(status, code, sentence) {
    super(sentence);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** Why a deployment failed: the step it failed in is added by the pipeline. */
export class StepFailure extends Error {
  constructor(sentence) {
    super(sentence);
    this.name = 'StepFailure';
  }
}
