// Keys of the capture station: pages come in, are judged, put right and looked at closely.
import type { Station } from "../../station.svelte";
import { CROP_STEP, TILT_STEP } from "../desk/retouch.svelte";
import { MOST_KEYS } from "../scan/scanner.svelte";
import { ctrl, key, letter, shift, type Binding } from "./binding";
import { canBring, canEdit, canLook, canPlace, canTurn, cropping, hasPages } from "./when";

/** Something is being tried or asked on top of the pages. */
export const trying = (s: Station): boolean => s.desk.accepting || s.desk.routing !== null || s.retouch.trial !== null;

export function stopTrying(s: Station): void {
  if (s.desk.accepting) s.desk.accepting = false;
  else if (s.desk.routing !== null) s.desk.routing = null;
  else s.retouch.stop();
}

/** Something told above the pages, or a mark among them, can be put away. */
export const toPutAway = (s: Station): boolean =>
  s.scanner.turning !== null || s.scanner.uneven !== null || s.desk.opened.length > 0 || s.desk.mark !== null;

export function putAway(s: Station): void {
  if (s.scanner.turning !== null || s.scanner.uneven !== null) s.scanner.forget();
  else if (s.desk.opened.length > 0) s.desk.opened = [];
  else s.setMark(s.desk.mark);
}

const near = (s: Station): boolean => canLook(s) && s.zoom.near;
const far = (s: Station): boolean => canLook(s) && !s.zoom.near;
const FINE = CROP_STEP / 10;

const scans = Array.from({ length: MOST_KEYS }, (_, i): Binding => ({
  name: "scan", group: "capture", chords: [key(`F${i + 2}`)], caps: i === 0 ? ["F2–F9"] : [], inText: true,
  valid: (s) => canBring(s) && (s.scanner.unread || s.scanner.profiles[i] !== undefined),
  run: async (s) => {
    await s.ready;
    const profile = s.scanner.profiles[i];
    if (profile) await s.scanner.scan(profile);
  },
}));

export const CAPTURE_KEYS: Binding[] = [
  ...scans,
  { name: "rescan", group: "capture", chords: letter("r"), caps: ["R"], inText: false, valid: (s) => canEdit(s) && s.scanner.profiles.length > 0, run: (s) => s.scanner.again() },
  { name: "paste", group: "capture", chords: [ctrl("v")], caps: ["Ctrl+V"], inText: false, valid: canBring, run: (s) => s.desk.paste() },
  { name: "mark", group: "capture", chords: letter("i"), caps: ["I"], inText: false, valid: canLook, run: (s) => s.setMark() },
  { name: "accept", group: "capture", chords: letter("a"), caps: ["A"], inText: false, valid: (s) => canEdit(s) && s.desk.acceptable, run: (s) => (s.desk.accepting = !s.desk.accepting) },
  { name: "blank", group: "capture", chords: letter("b"), caps: ["B"], inText: false, valid: canEdit, run: (s) => s.desk.blank() },
  { name: "split", group: "pages", chords: letter("t"), caps: ["T"], inText: false, valid: canPlace, run: (s) => (s.desk.routing = "split") },
  { name: "merge", group: "pages", chords: letter("m"), caps: ["M"], inText: false, valid: canPlace, run: (s) => (s.desk.routing = "merge") },
  { name: "all", group: "pages", chords: [ctrl("a")], caps: ["Ctrl+A"], inText: false, valid: canLook, run: (s) => s.desk.all() },
  { name: "toggle", group: "pages", chords: [ctrl(" "), key("Insert")], caps: ["Ctrl+Space", "Insert"], inText: false, valid: canLook, run: (s) => s.desk.toggle() },
  { name: "lookBack", group: "pages", chords: [ctrl("ArrowLeft")], caps: ["Ctrl+←"], inText: false, valid: canLook, run: (s) => s.desk.look(-1) },
  { name: "lookOn", group: "pages", chords: [ctrl("ArrowRight")], caps: ["Ctrl+→"], inText: false, valid: canLook, run: (s) => s.desk.look(1) },
  { name: "rowUp", group: "pages", chords: [key("ArrowUp")], caps: ["↑"], inText: false, valid: canLook, run: (s) => s.desk.step(-s.desk.columns) },
  { name: "rowDown", group: "pages", chords: [key("ArrowDown")], caps: ["↓"], inText: false, valid: canLook, run: (s) => s.desk.step(s.desk.columns) },
  { name: "extendBack", group: "pages", chords: [shift("ArrowLeft")], caps: ["Shift+←"], inText: false, valid: far, run: (s) => s.desk.step(-1, true) },
  { name: "extend", group: "pages", chords: [shift("ArrowRight")], caps: ["Shift+→"], inText: false, valid: far, run: (s) => s.desk.step(1, true) },
  { name: "extendRow", group: "pages", chords: [shift("ArrowUp")], caps: ["Shift+↑ ↓"], inText: false, valid: far, run: (s) => s.desk.step(-s.desk.columns, true) },
  { name: "extendRow", group: "pages", chords: [shift("ArrowDown")], caps: [], inText: false, valid: far, run: (s) => s.desk.step(s.desk.columns, true) },
  { name: "straighten", group: "picture", chords: letter("s"), caps: ["S"], inText: false, valid: canTurn, run: (s) => s.desk.mend("straighten") },
  { name: "contrast", group: "picture", chords: letter("c"), caps: ["C"], inText: false, valid: canTurn, run: (s) => s.desk.mend("contrast") },
  { name: "crop", group: "picture", chords: letter("x"), caps: ["X"], inText: false, valid: canTurn, run: (s) => s.retouch.beginCrop() },
  { name: "tiltLeft", group: "picture", chords: [key(",")], caps: [","], inText: false, valid: canTurn, run: (s) => s.retouch.tilt(-TILT_STEP) },
  { name: "tiltRight", group: "picture", chords: [key(".")], caps: ["."], inText: false, valid: canTurn, run: (s) => s.retouch.tilt(TILT_STEP) },
  { name: "applyEdit", group: "picture", chords: [key("Enter")], caps: ["Enter"], inText: false, valid: (s) => hasPages(s) && s.retouch.trial !== null, run: (s) => s.retouch.apply() },
  { name: "nextEdge", group: "picture", chords: [key("Tab")], caps: ["Tab"], inText: false, valid: cropping, run: (s) => s.retouch.nextEdge() },
  ...([["ArrowLeft", "x", -1], ["ArrowRight", "x", 1], ["ArrowUp", "y", -1], ["ArrowDown", "y", 1]] as const).flatMap(([arrow, axis, by]): Binding[] => [
    { name: "moveEdge", group: "picture", chords: [key(arrow)], caps: arrow === "ArrowLeft" ? ["← → ↑ ↓"] : [], inText: false, valid: cropping, run: (s) => s.retouch.moveEdge(axis, by * CROP_STEP) },
    { name: "moveEdgeFine", group: "picture", chords: [shift(arrow)], caps: arrow === "ArrowLeft" ? ["Shift+← → ↑ ↓"] : [], inText: false, valid: cropping, run: (s) => s.retouch.moveEdge(axis, by * FINE) },
    { name: "pan", group: "picture", chords: [shift(arrow)], caps: arrow === "ArrowLeft" ? ["Shift+← → ↑ ↓"] : [], inText: false, valid: near, run: (s) => (axis === "x" ? s.zoom.pan(by, 0) : s.zoom.pan(0, by)) },
  ]),
  { name: "zoomIn", group: "picture", chords: [key("+"), key("=")], caps: ["+"], inText: false, valid: hasPages, run: (s) => s.zoom.in() },
  { name: "zoomOut", group: "picture", chords: [key("-")], caps: ["−"], inText: false, valid: hasPages, run: (s) => s.zoom.out() },
  { name: "zoomTurn", group: "picture", chords: letter("z"), caps: ["Z"], inText: false, valid: hasPages, run: (s) => s.zoom.turn() },
];
