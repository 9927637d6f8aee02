// Keys the clerk chose instead of ours: kept on this machine, never in the counter.
import { keep, kept } from "../../kept";

export type Chord = { key: string; ctrl?: true; shift?: true };

function remembered(): Record<string, Chord> {
  try {
    const stored: unknown = JSON.parse(kept("keys") ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    const chords = Object.entries(stored).filter(([, chord]) => typeof chord?.key === "string" && chord.key !== "");
    return Object.fromEntries(chords.map(([name, { key, ctrl, shift }]) => [name, chord(key, ctrl === true, shift === true)]));
  } catch {
    // Nonsense was kept: our own keys hold.
    return {};
  }
}

const chord = (key: string, ctrl: boolean, shift: boolean): Chord => ({ key, ...(ctrl ? { ctrl } : {}), ...(shift ? { shift } : {}) });

class OwnKeys {
  chosen = $state<Record<string, Chord>>(remembered());

  choose(name: string, chosen: Chord): void {
    this.chosen = { ...this.chosen, [name]: chosen };
    this.#keep();
  }

  reset(): void {
    this.chosen = {};
    this.#keep();
  }

  #keep(): void {
    keep("keys", JSON.stringify(this.chosen));
  }
}

export const ownKeys = new OwnKeys();

/** The chord of a key press; `null` for a modifier alone. */
export function chordOf(event: KeyboardEvent): Chord | null {
  if (["Control", "Shift", "Alt", "Meta", "AltGraph", "Dead", "Process", "Unidentified"].includes(event.key)) return null;
  const sign = event.key.length === 1;
  const key = sign && event.ctrlKey ? event.key.toLowerCase() : event.key;
  // Shift is in the sign already.
  return chord(key, event.ctrlKey, event.shiftKey && !sign);
}

const CAPS: Record<string, string> = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", PageUp: "PgUp", PageDown: "PgDn", " ": "Space",
};

/** As it stands on a key cap. */
export function capOf({ key, ctrl, shift }: Chord): string {
  const cap = CAPS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return `${ctrl ? "Ctrl+" : ""}${shift ? "Shift+" : ""}${cap}`;
}
