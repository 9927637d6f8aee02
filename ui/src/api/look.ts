// Edits of a page as the picture's address names them. The core folds a page's list of edits into one
// (`Folded` in core/src/page/edit.rs); the window does the same for an edit a clerk is only trying.
import type { Edit } from "./generated";

export type Folded = {
  /** Clockwise, thousandths of a degree. */
  mdeg: number;
  /** What stays, ten-thousandths of the upright page's sides: left, top, right, bottom. */
  stays: [number, number, number, number];
  /** Black and white, steps of 255. */
  levels: [number, number];
};

/** Ten-thousandths of a side: all of it. */
export const WHOLE = 10_000;
/** Least that a crop leaves of a side. */
export const LEAST = 100;
/** Widest angle, thousandths of a degree. */
export const WIDEST = 45_000;

const between = (least: number, value: number, most: number): number => Math.max(least, Math.min(value, most));

/** A list of edits of the upright page as one. */
export function folded(edits: Edit[]): Folded {
  const all: Folded = { mdeg: 0, stays: [0, 0, WHOLE, WHOLE], levels: [0, 255] };
  for (const edit of edits) {
    if (edit.edit === "straighten") all.mdeg = between(-WIDEST, all.mdeg + edit.mdeg, WIDEST);
    else if (edit.edit === "contrast") all.levels = [edit.black, Math.max(edit.white, Math.min(edit.black + 1, 255))];
    else {
      const [l, t, r, b] = all.stays;
      const part = (side: number, by: number): number => Math.floor((side * Math.min(by, WHOLE)) / WHOLE);
      const left = Math.min(l + part(r - l, edit.left), WHOLE - LEAST);
      const top = Math.min(t + part(b - t, edit.top), WHOLE - LEAST);
      all.stays = [left, top, Math.max(r - part(r - l, edit.right), left + LEAST), Math.max(b - part(b - t, edit.bottom), top + LEAST)];
    }
  }
  return all;
}

/** The key of edits; empty when they come to nothing. */
export function lookOf(edits: Edit[]): string {
  const { mdeg, stays, levels } = folded(edits);
  const key = `e${[mdeg, ...stays, ...levels].join("-")}`;
  return key === `e0-0-0-${WHOLE}-${WHOLE}-0-255` ? "" : key;
}

/** Reads a key back, for a client that draws pages itself. */
export function parseLook(look: string): Folded {
  const [mdeg = 0, l = 0, t = 0, r = WHOLE, b = WHOLE, black = 0, white = 255] = (/^e(-?\d+.*)$/.exec(look)?.[1]?.match(/(?:^-)?\d+/g) ?? []).map(Number);
  return { mdeg, stays: [l, t, r, b], levels: [black, white] };
}

/** An edit of a page shown after `turns` clockwise quarter turns, as an edit of the upright page. */
export function upright(edit: Edit, turns: number): Edit {
  if (edit.edit !== "crop") return edit;
  let { left, top, right, bottom } = edit;
  // Turning clockwise brings the left side to the top.
  for (let turn = 0; turn < turns % 4; turn += 1) [left, top, right, bottom] = [top, right, bottom, left];
  return { edit: "crop", top, right, bottom, left };
}
