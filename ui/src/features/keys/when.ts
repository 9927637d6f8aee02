// When keys are valid: what the clerk is at, and whether anything is on its way.
import type { Station } from "../../station.svelte";

export const open = (s: Station): boolean => s.session.phase === "open";
export const free = (s: Station): boolean => open(s) && !s.review.running;
export const atDesk = (s: Station): boolean => free(s) && s.place === "desk" && s.review.view === null;
export const hasPages = (s: Station): boolean => atDesk(s) && s.desk.pages.length > 0;
export const cropping = (s: Station): boolean => hasPages(s) && s.retouch.frame !== null;
/** The arrows go from page to page. */
export const canLook = (s: Station): boolean => hasPages(s) && s.retouch.frame === null;
export const canEdit = (s: Station): boolean => canLook(s) && !s.fixed;
export const canTurn = (s: Station): boolean => canEdit(s) && !s.desk.draft?.signed_whole;
export const canStep = (s: Station): boolean => atDesk(s) && !s.desk.importing;
/** Pages may come. */
export const canBring = (s: Station): boolean => canStep(s) && s.retouch.frame === null;

export const atCase = (s: Station): boolean => atDesk(s) && s.desk.case !== null && !s.case.working;
export const hasPapers = (s: Station): boolean => atCase(s) && (s.desk.case?.papers.length ?? 0) > 0;
/** The clerk is at a paper, not at a result. */
export const onPaper = (s: Station): boolean => s.desk.case?.papers.some((one) => one.place === s.desk.paper && one.result === null) === true;
export const atPaper = (s: Station): boolean => atCase(s) && s.desk.takes(s.desk.paper);
export const canPlace = (s: Station): boolean => canEdit(s) && s.desk.case !== null;
