// How a dossier's results stand, in words and numbers. Unsigned ones are no electronic results.
import type { ResultState, ResultView } from "../../api/generated";
import { words } from "../../texts/index.svelte";

/** Places above this are those of results. */
const RESULTS = 1000;

/** What a place is called: the number of a paper, or KQ1 for the first result. */
export const placeName = (place: number): string => (place > RESULTS ? words.t.results.short(place - RESULTS) : String(place));

export const SHAPES: Record<ResultState, string> = { awaited: "○", scanned: "▲", left_out: "■", signed: "●" };

const count = (results: ResultView[], state: ResultState): number => results.filter((one) => one.state === state).length;

/** "1 kết quả: đã quét, chưa ký"; of several in different states each with its number. */
export function standing(results: ResultView[]): string {
  const { state, count: said } = words.t.results;
  const states = (Object.keys(SHAPES) as ResultState[]).filter((one) => count(results, one) > 0);
  const each = states.map((one) => (states.length === 1 ? state[one] : `${count(results, one)} ${state[one]}`));
  return `${said(results.length)}: ${each.join("; ")}`;
}

export const electronic = (results: ResultView[]): string => words.t.results.electronic(count(results, "signed"), results.length);
