/** A page of rows; `nextCursor` is opaque and null on the last page. */
export interface Page<T> {
  rows: T[];
  nextCursor: string | null;
}
