// Results of dossiers in memory: when they come, how they stand, the code they get.
import type { AddResult, DossierView, Outcome, PageView, ResultState, ResultView } from "./generated";
import { fault } from "./memory-fault";

/** Places above this are those of results. */
const RESULTS = 1000;

/** Which result of its dossier lies at a place, from 1; null for a paper. */
export const resultNumber = (place: number): number | null => (place > RESULTS ? place - RESULTS : null);

/** The dossier with one more result. */
export function entered(dossier: DossierView, outcomes: Outcome[], { code, name }: Omit<AddResult, "desk">): DossierView {
  const component = code.trim();
  const named = name.trim() || (outcomes.find((one) => one.code === component)?.name ?? "");
  if (named === "" || component === "") throw fault("result_unknown", { code: component });
  if (dossier.provisional) throw fault("number_missing", { dossier: dossier.code });
  if (!["in_progress", "fee_asked", "done", "returned"].includes(dossier.state)) throw fault("no_result_yet", { state: dossier.state, dossier: dossier.code });
  const number = dossier.results.length + 1;
  const result: ResultView = {
    number, state: "awaited", code: null, place: RESULTS + number, component, name: named, required: false, submission: "original", count: 1, record: null,
    note: "", left_out: "",
  };
  return { ...dossier, results: [...dossier.results, result] };
}

/** The code an electronic result is stored under. */
export const resultCode = (dossier: DossierView, number: number): string => `${dossier.code}-KQ${number}`;

/** The dossier with its results as they stand, by the pages that lie on its desk. */
export function withResults(dossier: DossierView, pages: PageView[]): DossierView {
  const state = ({ place, record, left_out }: ResultView): ResultState => {
    if (record !== null) return "signed";
    if (!pages.some((page) => page.place === place && !page.blank)) return "awaited";
    return left_out === "" ? "scanned" : "left_out";
  };
  return { ...dossier, results: dossier.results.map((one) => ({ ...one, state: state(one) })) };
}
