/** A piece of a job’s log, and where the next one begins. */
export interface LogView {
  jobId: string;
  text: string;
  cursor: string | null;
  /** Set while there is nothing to show yet: says why and when it comes. */
  notice: string | null;
}
