// One entry of the table of keys, and how its keys are written down.
import type { Station } from "../../station.svelte";
import type { Texts } from "../../texts/vi";
import type { Chord } from "./own.svelte";

export type Group = keyof Texts["keys"]["group"];
export type Binding = {
  name: keyof Texts["keys"]["key"];
  group: Group;
  chords: Chord[];
  /** On the key caps of the overlay. */
  caps: string[];
  /** Also acts while the cursor is in a text field. */
  inText: boolean;
  valid(station: Station): boolean;
  run(station: Station): unknown;
};

export const ctrl = (key: string): Chord => ({ key, ctrl: true });
export const key = (key: string): Chord => ({ key });
export const shift = (key: string): Chord => ({ key, shift: true });
/** A letter, also with Caps Lock on. */
export const letter = (sign: string): Chord[] => [key(sign), key(sign.toUpperCase())];
