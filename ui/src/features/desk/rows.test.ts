// The rows of the light table: what is drawn covers what is seen, and the heights add up.
import { expect, test } from "vitest";
import { heightOf, near, rowsOf, topOf } from "./rows";

test("a wider table or smaller letters have more columns; a narrow one has at least one", () => {
  expect(rowsOf(420, 16).columns).toBe(3);
  expect(rowsOf(420, 32).columns).toBe(1);
  expect(rowsOf(10, 16).columns).toBe(1);
  expect(rowsOf(1_280, 16).columns).toBe(10);
});

test("what is drawn covers what is seen, a little more, and never goes beyond the pages", () => {
  const rows = rowsOf(420, 16);
  for (const top of [0, 1, 999, 50_000, heightOf(rows, 2_000) - 600]) {
    const { from, to } = near(rows, top, 600, 2_000);
    expect(topOf(rows, from / rows.columns) <= Math.max(top, rows.edge), `from, at ${top}`).toBe(true);
    expect(to === 2_000 || topOf(rows, to / rows.columns) >= top + 600, `to, at ${top}`).toBe(true);
    expect(to - from).toBeLessThan(40);
  }
  expect(near(rows, 0, 600, 2)).toEqual({ from: 0, to: 2 });
  expect(near(rows, 90_000, 600, 2), "scrolled beyond the end: nothing, not a fault").toEqual({ from: 2, to: 2 });
});

test("the height is that of all rows and the edges", () => {
  const rows = rowsOf(420, 16);
  expect(heightOf(rows, 0)).toBe(2 * rows.edge);
  expect(heightOf(rows, 7)).toBe(topOf(rows, 2) + rows.cell + rows.edge);
});
