// The window names an edit being tried exactly as the core will name it once it is made.
import { expect, test } from "vitest";
import type { Edit } from "./generated";
import { folded, lookOf, parseLook, upright } from "./look";

const CROP: Edit = { edit: "crop", top: 1_000, right: 0, bottom: 5_000, left: 2_000 };
const tilt = (mdeg: number): Edit => ({ edit: "straighten", mdeg });

test("edits fold as in the core, and those that come to nothing have no key", () => {
  expect(lookOf([])).toBe("");
  expect(lookOf([tilt(900), tilt(-900)])).toBe("");
  expect(lookOf([tilt(-1_500)])).toBe("e-1500-0-0-10000-10000-0-255");
  expect(folded([tilt(2_000), CROP])).toMatchObject({ mdeg: 2_000, stays: [2_000, 1_000, 10_000, 5_000] });
  expect(folded([CROP, CROP]).stays, "a crop of a crop").toEqual([3_600, 1_400, 10_000, 3_000]);
  expect(lookOf([{ edit: "contrast", black: 200, white: 10 }]), "white is lighter than black").toBe("e0-0-0-10000-10000-200-201");
  const [l, t, r, b] = folded([{ edit: "crop", top: 9_000, right: 9_000, bottom: 9_000, left: 9_000 }]).stays;
  expect(r > l && b > t, "something always stays").toBe(true);
  expect(folded([tilt(40_000), tilt(40_000)]).mdeg).toBe(45_000);
});

test("a key is read back", () => {
  for (const edits of [[CROP], [tilt(-1_234), { edit: "contrast", black: 3, white: 250 } as Edit]]) {
    expect(parseLook(lookOf(edits))).toEqual(folded(edits));
  }
  expect(parseLook("")).toEqual(folded([]));
});

test("what is cut from the top of a turned page is its left side", () => {
  const shown: Edit = { edit: "crop", top: 1, right: 2, bottom: 3, left: 4 };
  expect(upright(shown, 1)).toEqual({ edit: "crop", left: 1, top: 2, right: 3, bottom: 4 });
  expect(upright(shown, 4)).toEqual(shown);
  expect(upright(tilt(700), 3), "an angle is the same however the page is turned").toEqual(tilt(700));
});
