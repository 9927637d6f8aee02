// Keys act where they should, and nowhere else: not on text being typed, not on a composition.
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryClient } from "../../api/memory";
import { Station } from "../../station.svelte";
import { capsOf, isTextField, KEYMAP, press, rebind, validKeys } from "./keymap";
import { chordOf, ownKeys } from "./own.svelte";

let station: Station;
let client: MemoryClient;

beforeEach(async () => {
  client = new MemoryClient({ pages: 4 });
  station = new Station(client);
  await station.start();
});

function key(key: string, init: KeyboardEventInit = {}, target: HTMLElement = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  target.addEventListener("keydown", (seen) => press(station, seen as KeyboardEvent), { once: true });
  document.body.append(target === document.body ? "" : target);
  target.dispatchEvent(event);
  return event;
}

const input = (): HTMLInputElement => Object.assign(document.createElement("input"), { type: "text" });

describe("pages", () => {
  test("arrows, Home and End move; Shift extends", () => {
    key("ArrowRight");
    expect(station.desk.place).toBe(1);
    key("End");
    expect(station.desk.place).toBe(3);
    key("Home");
    key("ArrowRight", { shiftKey: true });
    expect(station.desk.selected).toEqual(["p1", "p2"]);
    key("ArrowLeft");
    expect(station.desk.selected, "moving without Shift selects one page").toEqual(["p1"]);
  });

  test("quick presses are done one after the other", async () => {
    key(">", { shiftKey: true });
    key(">", { shiftKey: true });
    key("]");
    await station.desk.read();
    expect(client.pages.map((page) => page.id)).toEqual(["p2", "p3", "p1", "p4"]);
    expect(client.pages[2]?.turns).toBe(1);
  });
});

describe("text", () => {
  test("keys typed into a field are text, and undo there is the field's own", async () => {
    for (const typed of ["[", "]", "<", "Delete", "ArrowRight", "Home", "?"]) {
      expect(key(typed, {}, input()).defaultPrevented, typed).toBe(false);
    }
    expect(key("z", { ctrlKey: true }, input()).defaultPrevented).toBe(false);
    await station.desk.read();
    expect(client.pages).toHaveLength(4);
    expect(station.desk.place).toBe(0);
    expect(station.keysShown).toBe(false);
  });

  test("Ctrl combinations work from a field too", () => {
    expect(key("3", { ctrlKey: true }, input()).defaultPrevented).toBe(true);
    expect(station.place).toBe("copies");
  });

  test("nothing acts while an input method is composing", async () => {
    key("Delete", { isComposing: true });
    key("]", { keyCode: 229 });
    key("3", { ctrlKey: true, isComposing: true });
    await station.desk.read();
    expect(client.pages.map((page) => page.turns)).toEqual([0, 0, 0, 0]);
    expect(station.place).toBe("desk");
  });

  test("checkboxes and buttons are not text fields", () => {
    expect(isTextField(Object.assign(input(), { type: "checkbox" }))).toBe(false);
    expect(isTextField(document.createElement("button"))).toBe(false);
    expect(isTextField(document.createElement("textarea"))).toBe(true);
    expect(isTextField(Object.assign(input(), { type: "password" }))).toBe(true);
  });
});

describe("validity", () => {
  test("the overlay shows what the handler would do: page keys only where there are pages", async () => {
    const names = (): string[] => validKeys(station).map((one) => one.name);
    expect(names()).toEqual(expect.arrayContaining(["turnLeft", "sign", "import"]));
    station.go("verify");
    expect(names()).not.toContain("turnLeft");
    expect(names()).toContain("chooseFile");
    await station.lock();
    expect(names(), "behind the lock only language and look can change").toEqual(["larger", "smaller", "theme", "language"]);
  });

  test("Ctrl+Shift combinations are left to Vietnamese input methods", () => {
    expect(KEYMAP.flatMap((one) => one.chords).filter((chord) => chord.ctrl && chord.shift)).toEqual([]);
    expect(key("L", { ctrlKey: true, shiftKey: true }).defaultPrevented).toBe(false);
  });

  test("Shift and a digit mean a result on every layout, where there is one", async () => {
    expect(validKeys(station).map((one) => one.name)).not.toContain("putOnResult");
    client = new MemoryClient({ results: 2 });
    station = new Station(client);
    await station.start();
    await station.desk.switchTo("dr");
    expect(validKeys(station).map((one) => one.name), "papers are no longer sorted here").not.toContain("putOnPaper");
    key("é", { shiftKey: true, code: "Digit2" });
    await station.desk.read();
    expect(station.desk.pages.map((page) => page.place)).toEqual([1002, 1002]);
  });

  test("no two bindings answer to one key at the same place", () => {
    for (const place of ["desk", "dossiers", "copies", "outbox", "verify"] as const) {
      station.go(place);
      const live = KEYMAP.filter((one) => one.valid(station)).flatMap((one) => one.chords.map((chord) => JSON.stringify(chord)));
      expect(live.length, place).toBe(new Set(live).size);
    }
  });

  test("a key that does nothing now still opens no browser dialog", () => {
    station.go("copies");
    expect(key("o", { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(client.calls.some((call) => call.name === "import_dialog")).toBe(false);
  });
});

describe("keys of the clerk's own", () => {
  const binding = (name: string) => KEYMAP.find((one) => one.name === name)!;
  const wish = (name: string, init: KeyboardEventInit) => {
    const event = new KeyboardEvent("keydown", init);
    return rebind(binding(name), chordOf(event)!, event);
  };

  test("a changed key acts, the old one no longer does, and it is remembered", async () => {
    expect(wish("turnRight", { key: "q" })).toBeNull();
    key("]");
    key("q");
    await station.desk.read();
    expect(client.pages[0]?.turns).toBe(1);
    expect(capsOf(binding("turnRight"))).toEqual(["Q"]);
    expect(localStorage.getItem("saoy.keys")).toContain("turnRight");
    ownKeys.reset();
    expect(capsOf(binding("turnRight"))).toEqual(["]"]);
  });

  test("what would collide, be typed, or belong to an input method is refused with its reason", () => {
    expect(wish("turnRight", { key: "[" })).toEqual({ why: "taken", by: "turnLeft" });
    expect(wish("sign", { key: "s" })).toEqual({ why: "typing" });
    expect(wish("sign", { key: "K", ctrlKey: true, shiftKey: true })).toEqual({ why: "inputMethod" });
    expect(wish("sign", { key: "z", altKey: true })).toEqual({ why: "inputMethod" });
    expect(wish("turnLeft", { key: "Enter" })).toEqual({ why: "reserved" });
    expect(wish("sign", { key: "s", ctrlKey: true })).toBeNull();
    ownKeys.reset();
  });
});
