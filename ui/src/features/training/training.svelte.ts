// The drill being done: which steps are behind the clerk and how long it has taken. Best times are
// kept on this machine.
import { keep, kept } from "../../kept";
import type { Station } from "../../station.svelte";
import { before, DRILLS, type Before, type Drill, type DrillName } from "./drills";

/** A drill is meant to be done in this time, seconds. */
export const GOAL_S = 60;

function remembered(): Partial<Record<DrillName, number>> {
  try {
    const stored: unknown = JSON.parse(kept("drills") ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, seconds]) => typeof seconds === "number"));
  } catch {
    return {}; // Nonsense was kept: nothing is best yet.
  }
}

export class Training {
  shown = $state(false);
  drill = $state.raw<Drill | null>(null);
  /** Steps done. */
  done = $state(0);
  seconds = $state(0);
  best = $state<Partial<Record<DrillName, number>>>(remembered());
  readonly finished = $derived(this.drill !== null && this.done === this.drill.steps.length);
  #began = 0;
  #before: Before = { pages: [], desk: "" };
  #timer: ReturnType<typeof setInterval> | undefined;

  start(name: DrillName, station: Station): void {
    const drill = DRILLS.find((one) => one.name === name);
    if (!drill) return;
    this.stop();
    this.drill = drill;
    this.done = 0;
    this.seconds = 0;
    this.#began = Date.now();
    this.#before = before(station);
    this.#timer = setInterval(() => (this.seconds = Math.floor((Date.now() - this.#began) / 1000)), 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.drill = null;
  }

  /** Looks at the window and goes on by a step when it is done. Called whenever something changed. */
  look(station: Station): void {
    const step = this.drill?.steps[this.done];
    if (!this.drill || !step || !step.done(station, this.#before)) return;
    this.done += 1;
    this.#before = before(station);
    if (this.done < this.drill.steps.length) return;
    clearInterval(this.#timer);
    this.seconds = Math.max(1, Math.round((Date.now() - this.#began) / 1000));
    const { name } = this.drill;
    this.best = { ...this.best, [name]: Math.min(this.seconds, this.best[name] ?? this.seconds) };
    keep("drills", JSON.stringify(this.best));
  }
}
