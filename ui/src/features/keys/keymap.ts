// The keys: one table that the handler acts on and the overlay shows. A key without Ctrl acts only
// outside text fields, and no key acts while an input method is composing.
import { words } from "../../texts/index.svelte";
import { look } from "../look/look.svelte";
import type { Station } from "../../station.svelte";
import { ctrl, key, letter, shift, type Binding } from "./binding";
import { CAPTURE_KEYS, putAway, stopTrying, toPutAway, trying } from "./capture";
import { capOf, ownKeys, type Chord } from "./own.svelte";
import { atCase, atDesk, atPaper, canBring, canEdit, canLook, canPlace, canStep, canTurn, free, hasPapers, onPaper, open } from "./when";

export type { Binding, Group } from "./binding";

const PAPER_KEYS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
/** Where pages of a result lie; 0 = there is no such result. */
const resultPlace = (s: Station, number: number): number => s.desk.case?.papers.find((one) => one.result === number)?.place ?? 0;
const inReview = (s: Station): boolean => free(s) && s.place === "desk" && s.review.view !== null && s.review.asking === null;
/** A page of the paper under review is shown. */
const onPages = (s: Station): boolean => inReview(s) && (s.review.paper?.picture ?? "") !== "";
/** The mark may be moved. */
const canMark = (s: Station): boolean => inReview(s) && s.review.movable;

/** Copies are made to last, and the clerk looks on. */
const stopsLasting = (s: Station): boolean => s.place === "copies" && s.copies.extending !== null;

const toCancel = (s: Station): boolean =>
  s.session.backup !== null || s.keysShown || s.results.typed !== null || s.case.forwarding !== null || s.case.reusable !== null || s.case.handedOver !== null || s.review.running || stopsLasting(s) || (s.review.view !== null && s.place === "desk") || (s.keyring.form !== null && s.place === "keys") || s.desk.importing || s.desk.refused.length > 0 || s.notices.list.length > 0 || trying(s) || toPutAway(s);

function closeTopmost(s: Station): unknown {
  if (s.keysShown) return (s.keysShown = false);
  if (s.results.typed) return s.results.close();
  if (s.case.forwarding) return (s.case.forwarding = null);
  if (s.case.reusable) return (s.case.reusable = null);
  if (s.review.running) return s.review.cancel();
  if (s.review.asking !== null) return s.review.stopAsking();
  if (s.desk.importing) return s.cancel("arrival");
  if (s.session.backup) return s.cancel("backup");
  if (stopsLasting(s)) return s.cancel("lasting");
  if (s.review.view !== null && s.place === "desk") return s.review.close();
  if (s.keyring.form !== null && s.place === "keys") return s.keyring.closeForm();
  if (trying(s)) return stopTrying(s);
  if (s.notices.list.length > 0) return s.notices.dismissLast();
  if (s.desk.refused.length > 0) return (s.desk.refused = []);
  if (s.case.handedOver) return (s.case.handedOver = null);
  return putAway(s);
}

/** Goes to the paper or result before or after; its choice of what was handed in gets the cursor, or else its row. */
async function stepPaper(s: Station, by: -1 | 1): Promise<void> {
  const papers = (s.desk.case?.papers ?? []).filter((one) => s.desk.atCounter || one.result !== null);
  const at = papers.findIndex((one) => one.place === s.desk.paper);
  const next = papers[at < 0 ? (by > 0 ? 0 : papers.length - 1) : at + by];
  if (!next) return;
  await s.choosePaper(next.place);
  const row = document.querySelector<HTMLElement>(`li[data-place='${next.place}']`);
  (row?.querySelector<HTMLElement>("select:enabled") ?? row?.querySelector("button"))?.focus();
}

const canFind = (s: Station): boolean => free(s) && (s.place === "dossiers" || s.place === "copies" || (atCase(s) && s.case.received === null));

function find(s: Station): void {
  const place = s.place === "dossiers" ? "[data-testid='dossier-search']" : "[data-testid='procedure-search'], [data-testid='copies-search']";
  document.querySelector<HTMLElement>(place)?.focus();
}

/** While papers are reviewed. */
const REVIEW_KEYS: Binding[] = [
  { name: "reviewNext", group: "review", chords: [key(" ")], caps: ["Space"], inText: false, valid: inReview, run: (s) => s.review.next() },
  { name: "resize", group: "review", chords: letter("z"), caps: ["Z"], inText: false, valid: onPages, run: (s) => s.review.reading.turn() },
  { name: "zoomIn", group: "review", chords: [key("+"), key("=")], caps: ["+"], inText: false, valid: onPages, run: (s) => s.review.reading.resize(1) },
  { name: "zoomOut", group: "review", chords: [key("-")], caps: ["−"], inText: false, valid: onPages, run: (s) => s.review.reading.resize(-1) },
  ...([["ArrowLeft", -1, 0], ["ArrowRight", 1, 0], ["ArrowUp", 0, -1], ["ArrowDown", 0, 1]] as const).map(([arrow, x, y]): Binding => ({
    name: "pan", group: "review", chords: [shift(arrow)], caps: arrow === "ArrowLeft" ? ["Shift+← → ↑ ↓"] : [], inText: false,
    valid: (s) => onPages(s) && s.review.reading.near, run: (s) => s.review.reading.pan(x, y),
  })),
  { name: "reviewBack", group: "review", chords: [shift(" "), key("Backspace")], caps: ["Shift+Space"], inText: false, valid: inReview, run: (s) => s.review.back() },
  { name: "leaveOut", group: "review", chords: [key("x"), key("X")], caps: ["X"], inText: false, valid: inReview, run: (s) => s.review.toggleLeaving() },
  { name: "reviewDown", group: "review", chords: [key("PageDown")], caps: ["PgDn"], inText: false, valid: inReview, run: (s) => s.review.step(1) },
  { name: "reviewUp", group: "review", chords: [key("PageUp")], caps: ["PgUp"], inText: false, valid: inReview, run: (s) => s.review.step(-1) },
  { name: "markLeft", group: "review", chords: [key("ArrowLeft")], caps: ["←"], inText: false, valid: canMark, run: (s) => s.review.nudge("left") },
  { name: "markRight", group: "review", chords: [key("ArrowRight")], caps: ["→"], inText: false, valid: canMark, run: (s) => s.review.nudge("right") },
  { name: "markUp", group: "review", chords: [key("ArrowUp")], caps: ["↑"], inText: false, valid: canMark, run: (s) => s.review.nudge("up") },
  { name: "markDown", group: "review", chords: [key("ArrowDown")], caps: ["↓"], inText: false, valid: canMark, run: (s) => s.review.nudge("down") },
  { name: "markHome", group: "review", chords: [key("Home")], caps: ["Home"], inText: false, valid: canMark, run: (s) => s.review.nudge("automatic") },
  { name: "otherKind", group: "review", chords: [ctrl("u")], caps: ["Ctrl+U"], inText: true, valid: (s) => inReview(s) && (s.review.view?.others ?? 0) > 0, run: (s) => s.review.turn() },
  { name: "lookAgain", group: "review", chords: [ctrl("k")], caps: ["Ctrl+K"], inText: true, valid: (s) => inReview(s) && s.review.stale, run: (s) => s.review.begin() },
  { name: "typePin", group: "review", chords: [ctrl("k")], caps: ["Ctrl+K"], inText: true, valid: (s) => inReview(s) && !s.review.stale, run: (s) => s.review.focusPin() },
];

export const KEYMAP: Binding[] = [
  { name: "desk", group: "everywhere", chords: [ctrl("1")], caps: ["Ctrl+1"], inText: true, valid: free, run: (s) => s.go("desk") },
  { name: "dossiers", group: "everywhere", chords: [ctrl("2")], caps: ["Ctrl+2"], inText: true, valid: free, run: (s) => s.go("dossiers") },
  { name: "copies", group: "everywhere", chords: [ctrl("3")], caps: ["Ctrl+3"], inText: true, valid: free, run: (s) => s.go("copies") },
  { name: "outbox", group: "everywhere", chords: [ctrl("4"), ctrl("g")], caps: ["Ctrl+4", "Ctrl+G"], inText: true, valid: free, run: (s) => s.go("outbox") },
  { name: "verify", group: "everywhere", chords: [ctrl("5")], caps: ["Ctrl+5"], inText: true, valid: free, run: (s) => s.go("verify") },
  { name: "keys", group: "everywhere", chords: [ctrl("6")], caps: ["Ctrl+6"], inText: true, valid: free, run: (s) => s.go("keys") },
  { name: "help", group: "everywhere", chords: [key("F1")], caps: ["F1", "?"], inText: true, valid: open, run: (s) => (s.keysShown = !s.keysShown) },
  { name: "help", group: "everywhere", chords: [key("?")], caps: [], inText: false, valid: open, run: (s) => (s.keysShown = !s.keysShown) },
  { name: "backUp", group: "everywhere", chords: [key("F12")], caps: ["F12"], inText: true, valid: (s) => free(s) && !s.desk.importing, run: (s) => s.backUp() },
  { name: "drills", group: "everywhere", chords: [ctrl("b")], caps: ["Ctrl+B"], inText: true, valid: (s) => free(s) && s.session.status?.training === true, run: (s) => (s.training.shown = !s.training.shown) },
  { name: "larger", group: "everywhere", chords: [ctrl("="), ctrl("+")], caps: ["Ctrl++"], inText: true, valid: () => true, run: () => look.resize(1) },
  { name: "smaller", group: "everywhere", chords: [ctrl("-")], caps: ["Ctrl+−"], inText: true, valid: () => true, run: () => look.resize(-1) },
  { name: "plainSize", group: "everywhere", chords: [ctrl("0")], caps: ["Ctrl+0"], inText: true, valid: () => look.size !== 100, run: () => look.resize(0) },
  { name: "theme", group: "everywhere", chords: [ctrl("d")], caps: ["Ctrl+D"], inText: true, valid: () => true, run: () => look.turn() },
  { name: "language", group: "everywhere", chords: [key("F10")], caps: ["F10"], inText: true, valid: () => true, run: () => words.toggle() },
  { name: "lock", group: "everywhere", chords: [ctrl("l")], caps: ["Ctrl+L"], inText: true, valid: free, run: (s) => s.lock() },
  { name: "close", group: "everywhere", chords: [key("Escape")], caps: ["Esc"], inText: true, valid: toCancel, run: closeTopmost },
  { name: "import", group: "work", chords: [ctrl("o")], caps: ["Ctrl+O"], inText: true, valid: canBring, run: (s) => s.desk.import() },
  { name: "chooseFile", group: "work", chords: [ctrl("o")], caps: ["Ctrl+O"], inText: true, valid: (s) => free(s) && s.place === "verify", run: (s) => s.verifying.choose() },
  { name: "sign", group: "work", chords: [ctrl("k")], caps: ["Ctrl+K"], inText: true, valid: atDesk, run: (s) => s.review.begin() },
  ...REVIEW_KEYS,
  { name: "newDossier", group: "work", chords: [ctrl("n")], caps: ["Ctrl+N"], inText: true, valid: free, run: (s) => s.leaveDesk(() => s.desk.open()) },
  { name: "nextDesk", group: "work", chords: [ctrl("PageDown")], caps: ["Ctrl+PgDn"], inText: true, valid: (s) => atDesk(s) && s.desk.lines.length > 1, run: (s) => (s.desk.opened.length > 0 ? s.goToOpened() : s.leaveDesk(() => s.desk.next(1))) },
  { name: "previousDesk", group: "work", chords: [ctrl("PageUp")], caps: ["Ctrl+PgUp"], inText: true, valid: (s) => atDesk(s) && s.desk.lines.length > 1, run: (s) => s.leaveDesk(() => s.desk.next(-1)) },
  { name: "closeDesk", group: "work", chords: [ctrl("w")], caps: ["Ctrl+W"], inText: true, valid: atCase, run: (s) => s.leaveDesk(() => s.desk.close()) },
  { name: "receive", group: "work", chords: [ctrl("Enter")], caps: ["Ctrl+Enter"], inText: true, valid: (s) => atCase(s) && s.case.received === null, run: (s) => s.case.receive() },
  { name: "forward", group: "work", chords: [ctrl("e")], caps: ["Ctrl+E"], inText: true, valid: (s) => atCase(s) && s.case.received?.moves.includes("forward") === true && s.desk.case?.missing.length === 0, run: (s) => s.case.prepareForward() },
  { name: "addResult", group: "work", chords: [ctrl("u")], caps: ["Ctrl+U"], inText: true, valid: (s) => atCase(s) && s.results.typed === null && s.results.why === undefined, run: (s) => s.results.begin() },
  { name: "nextPaper", group: "work", chords: [ctrl("ArrowDown")], caps: ["Ctrl+↓"], inText: true, valid: hasPapers, run: (s) => stepPaper(s, 1) },
  { name: "previousPaper", group: "work", chords: [ctrl("ArrowUp")], caps: ["Ctrl+↑"], inText: true, valid: hasPapers, run: (s) => stepPaper(s, -1) },
  { name: "cardOnPage", group: "work", chords: [ctrl("i")], caps: ["Ctrl+I"], inText: true, valid: (s) => atCase(s) && s.case.received === null && s.desk.cursor !== null, run: (s) => s.case.cardOnPage() },
  { name: "note", group: "work", chords: [ctrl("m")], caps: ["Ctrl+M"], inText: true, valid: (s) => hasPapers(s) && onPaper(s), run: () => document.getElementById("paper-note")?.focus() },
  { name: "nameDossier", group: "work", chords: [ctrl("m")], caps: ["Ctrl+M"], inText: true, valid: (s) => free(s) && s.place === "dossiers" && s.dossiers.current?.provisional === true, run: () => document.getElementById("dossier-number")?.focus() },
  { name: "reuse", group: "work", chords: [ctrl("r")], caps: ["Ctrl+R"], inText: true, valid: (s) => atPaper(s) && onPaper(s), run: (s) => s.case.lookUp() },
  { name: "printReceipt", group: "work", chords: [ctrl("p")], caps: ["Ctrl+P"], inText: true, valid: (s) => atCase(s) && s.case.received !== null, run: (s) => s.case.print("receipt", s.case.received?.dossier ?? "") },
  { name: "find", group: "work", chords: [ctrl("f")], caps: ["Ctrl+F", "/"], inText: true, valid: canFind, run: find },
  { name: "find", group: "work", chords: [key("/")], caps: [], inText: false, valid: canFind, run: find },
  { name: "undo", group: "work", chords: [ctrl("z")], caps: ["Ctrl+Z"], inText: false, valid: canStep, run: (s) => s.desk.undo() },
  { name: "redo", group: "work", chords: [ctrl("y")], caps: ["Ctrl+Y"], inText: false, valid: canStep, run: (s) => s.desk.redo() },
  ...PAPER_KEYS.map((place): Binding => ({
    name: "putOnPaper", group: "pages", chords: [key(String(place))], caps: place === 1 ? ["1–9"] : [], inText: false,
    valid: (s) => canPlace(s) && s.desk.atCounter, run: (s) => (s.desk.routing === null ? s.desk.put(place) : s.desk.route(place)),
  })),
  ...PAPER_KEYS.map((number): Binding => ({
    name: "putOnResult", group: "pages", chords: [shift(String(number))], caps: number === 1 ? ["Shift+1–9"] : [], inText: false,
    valid: (s) => canPlace(s) && resultPlace(s, number) > 0,
    run: (s) => (s.desk.routing === null ? s.desk.put(resultPlace(s, number)) : s.desk.route(resultPlace(s, number))),
  })),
  { name: "putBack", group: "pages", chords: [key("0")], caps: ["0"], inText: false, valid: canPlace, run: (s) => (s.desk.routing === null ? s.desk.put(0) : s.desk.route(0)) },
  { name: "previous", group: "pages", chords: [key("ArrowLeft"), key("PageUp")], caps: ["←", "PgUp"], inText: false, valid: canLook, run: (s) => s.desk.step(-1) },
  { name: "next", group: "pages", chords: [key("ArrowRight"), key("PageDown")], caps: ["→", "PgDn"], inText: false, valid: canLook, run: (s) => s.desk.step(1) },
  { name: "first", group: "pages", chords: [key("Home")], caps: ["Home"], inText: false, valid: canLook, run: (s) => s.desk.show(0) },
  { name: "last", group: "pages", chords: [key("End")], caps: ["End"], inText: false, valid: canLook, run: (s) => s.desk.show(s.desk.pages.length - 1) },
  { name: "turnLeft", group: "pages", chords: [key("[")], caps: ["["], inText: false, valid: canTurn, run: (s) => s.desk.rotate(-1) },
  { name: "turnRight", group: "pages", chords: [key("]")], caps: ["]"], inText: false, valid: canTurn, run: (s) => s.desk.rotate(1) },
  { name: "moveEarlier", group: "pages", chords: [key("<")], caps: ["<"], inText: false, valid: canTurn, run: (s) => s.desk.move(-1) },
  { name: "moveLater", group: "pages", chords: [key(">")], caps: [">"], inText: false, valid: canTurn, run: (s) => s.desk.move(1) },
  { name: "remove", group: "pages", chords: [key("Delete")], caps: ["Delete"], inText: false, valid: canEdit, run: (s) => s.desk.remove() },
  ...CAPTURE_KEYS,
];

const SCROLLING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);
const NOT_TEXT = new Set(["button", "checkbox", "radio", "submit", "reset", "range", "color", "file", "image"]);

/** Whether keys typed at this element are text. */
export function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLElement && target.isContentEditable === true;
}

// The shifted signs < > ? need Shift on most layouts; for them it says nothing.
const SIGNS = new Set(["<", ">", "?", "[", "]", "+", "="]);

function matches(chord: Chord, event: KeyboardEvent): boolean {
  // With Shift a digit gives another sign on each layout: the key itself is meant.
  if (chord.shift && /^\d$/.test(chord.key)) return event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey && event.code === `Digit${chord.key}`;
  if (event.altKey || event.metaKey || event.ctrlKey !== (chord.ctrl ?? false)) return false;
  const pressed = chord.ctrl && event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return pressed === chord.key && (SIGNS.has(chord.key) || event.shiftKey === (chord.shift ?? false));
}

/** Keys that stay: they mean the same in every program, or stand for several at once. */
const FIXED = new Set<Binding["name"]>([
  "close", "putOnPaper", "putOnResult", "putBack", "language", "scan", "extendRow", "applyEdit", "nextEdge", "moveEdge", "moveEdgeFine", "pan",
]);

export const canChange = (binding: Binding): boolean => !FIXED.has(binding.name);

const own = (binding: Binding): Chord | undefined =>
  binding.caps.length > 0 && canChange(binding) ? ownKeys.chosen[binding.name] : undefined;

/** The chords of a binding: the clerk's own, or ours. */
export function chordsOf(binding: Binding): Chord[] {
  const chosen = own(binding);
  return chosen ? [chosen] : binding.chords;
}

export function capsOf(binding: Binding): string[] {
  const chosen = own(binding);
  return chosen ? [capOf(chosen)] : binding.caps;
}

export type Refusal = { why: "taken"; by: Binding["name"] } | { why: "typing" | "inputMethod" | "reserved" };

/** Gives a binding another key; says why when that key cannot be. */
export function rebind(binding: Binding, chord: Chord, event: KeyboardEvent): Refusal | null {
  if (event.altKey || event.metaKey || (chord.ctrl && event.shiftKey)) return { why: "inputMethod" };
  if (["Escape", "Tab", "Enter", " ", "Backspace"].includes(chord.key) && !chord.ctrl) return { why: "reserved" };
  const reachesText = chord.key.length === 1 && !chord.ctrl;
  if (reachesText && binding.inText) return { why: "typing" };
  const same = (other: Chord): boolean => other.key === chord.key && other.ctrl === chord.ctrl && other.shift === chord.shift;
  const holder = KEYMAP.find((one) => one.name !== binding.name && chordsOf(one).some(same));
  if (holder) return { why: "taken", by: holder.name };
  ownKeys.choose(binding.name, chord);
  return null;
}

/** Acts on a key. True when it was one of ours. */
export function press(station: Station, event: KeyboardEvent): boolean {
  // 229: an input method has the key, also where isComposing is not told.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return false;
  const reader = station.place === "desk" && station.desk.case !== null ? station.reader : null;
  if (reader && !isTextField(event.target)) reader.key(event);
  // In the middle of a card's burst its digits are no commands.
  if (reader?.reading) return false;
  // Enter at a button presses it.
  if (event.key === "Enter" && !event.ctrlKey && event.target instanceof HTMLButtonElement) return false;
  const inText = isTextField(event.target);
  // A region that scrolls takes the keys that scroll.
  if (SCROLLING.has(event.key) && !event.ctrlKey && !event.shiftKey && event.target instanceof HTMLElement && event.target.closest("[data-scrolls]")) return false;
  const binding = KEYMAP.find(
    (one) =>
      (one.inText || !inText) && (one.group === "everywhere" || !station.keysShown) && chordsOf(one).some((chord) => matches(chord, event)) && one.valid(station),
  );
  if (!binding) {
    // Ctrl+O, F5… belong to this window even when they do nothing now: no browser dialog opens.
    const ours = (event.ctrlKey || /^F\d/.test(event.key)) && KEYMAP.some((one) => (one.inText || !inText) && chordsOf(one).some((chord) => matches(chord, event)));
    if (ours) event.preventDefault();
    return false;
  }
  event.preventDefault();
  void binding.run(station);
  return true;
}

/** What the overlay shows: keys valid here and now. */
export const validKeys = (station: Station): Binding[] =>
  KEYMAP.filter((one) => one.caps.length > 0 && one.valid(station));
