// The rows of the light table: how many pages stand beside each other, how high a row is, and which
// cells are near what is seen. Only those are drawn.

/** In rem, as the styles of the light table and its pages have them. */
const LEAST = 7.25;
const GAP = 0.5;
const EDGE = 0.625;
/** Around the picture of a page: padding and border, and its two lines of words. */
const AROUND = 1;
const FOOT = 2.875;
/** A page's height by its width, a little more than A4 has. */
const TALL = 1.34;
/** Rows drawn beyond what is seen, each way. */
const SPARE = 2;

export type Rows = { columns: number; cell: number; gap: number; edge: number };

/** All in px but `columns`. */
export function rowsOf(width: number, rem: number): Rows {
  const [gap, edge] = [GAP * rem, EDGE * rem];
  const inner = Math.max(LEAST * rem, width - 2 * edge);
  const columns = Math.max(1, Math.floor((inner + gap) / (LEAST * rem + gap)));
  const wide = (inner - gap * (columns - 1)) / columns;
  return { columns, cell: Math.round((wide - AROUND * rem) * TALL + (AROUND + FOOT) * rem), gap, edge };
}

export const topOf = (rows: Rows, row: number): number => rows.edge + row * (rows.cell + rows.gap);

export function heightOf(rows: Rows, cells: number): number {
  const count = Math.ceil(cells / rows.columns);
  return 2 * rows.edge + count * (rows.cell + rows.gap) - (count > 0 ? rows.gap : 0);
}

/** The cells to draw while `height` px from `top` on are seen. */
export function near(rows: Rows, top: number, height: number, cells: number): { from: number; to: number } {
  const row = rows.cell + rows.gap;
  const first = Math.max(0, Math.floor((top - rows.edge) / row) - SPARE);
  const last = Math.ceil((top + height - rows.edge) / row) + SPARE;
  return { from: Math.min(first * rows.columns, cells), to: Math.min(last * rows.columns, cells) };
}
