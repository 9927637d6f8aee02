// The six drills of a training counter. A step is done when the window shows that it is: nothing is
// ticked by hand, and nothing is done for the clerk.
import citizens from "../../../../assets/training/citizens.json";
import type { Station } from "../../station.svelte";
import type { Texts } from "../../texts/vi";

/** Fictitious people whose cards a drill holds under the reader. */
export const CITIZENS: { name: string; card: string }[] = citizens;

export type DrillName = keyof Texts["training"]["drill"];
export type StepName = keyof Texts["training"]["step"];

/** What was true when a step began. */
export type Before = { pages: string[]; desk: string };
export type Step = { name: StepName; caps: string[]; done(station: Station, before: Before): boolean };
export type Drill = { name: DrillName; citizen: number; steps: Step[] };

export const before = (station: Station): Before => ({ pages: station.desk.pages.map((page) => page.id), desk: station.desk.id });

const owner = (citizen: number): string => CITIZENS[citizen]?.card.split("|")[0] ?? "";
const states = (s: Station): string[] => s.desk.case?.papers.map((one) => one.state) ?? [];
const placed = (s: Station): number => s.desk.pages.filter((page) => page.place > 0).length;
const turned = (s: Station): boolean => s.desk.pages.some((page) => page.turns !== 0);
const same = (a: string[], b: string[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);

const pagesIn: Step = { name: "importPages", caps: ["Ctrl+O"], done: (s) => s.desk.pages.length > 0 && !s.desk.importing };
const opened: Step = { name: "openDossier", caps: ["Ctrl+N"], done: (s) => s.desk.case !== null && s.case.received === null };
const chosen: Step = { name: "chooseProcedure", caps: ["Enter"], done: (s) => states(s).length > 0 };
const known = (citizen: number): Step => ({
  name: "holdCard", caps: [], done: (s) => s.desk.case?.request.owner.number === owner(citizen) && s.desk.case.request.owner.name !== "",
});

export const DRILLS: Drill[] = [
  {
    name: "pages", citizen: 0,
    steps: [
      { ...pagesIn, name: "importTwo", done: (s) => s.desk.pages.length > 1 && !s.desk.importing },
      { name: "turn", caps: ["]"], done: turned },
      { name: "undo", caps: ["Ctrl+Z"], done: (s) => !turned(s) },
      {
        name: "movePage", caps: ["<", ">"],
        done: (s, was) => s.desk.pages.length === was.pages.length && !same(s.desk.pages.map((page) => page.id), was.pages),
      },
    ],
  },
  {
    name: "single", citizen: 0,
    steps: [
      pagesIn,
      { name: "fillFields", caps: ["Tab"], done: (s) => s.fields.typed.owner === owner(0) && s.fields.typed.name !== "" && s.fields.typed.paper_type !== "" },
      { name: "signOne", caps: ["Ctrl+K", "Space", "PIN", "Enter"], done: (s) => s.review.papers.some((one) => one.state === "signed") },
    ],
  },
  {
    name: "dossier", citizen: 1,
    steps: [opened, chosen, known(1), { name: "leaveDesk", caps: ["Ctrl+PgUp"], done: (s, was) => s.desk.id !== was.desk }],
  },
  {
    name: "sort", citizen: 2,
    steps: [
      opened, chosen, pagesIn,
      { name: "putOnPaper", caps: ["1", "2", "3"], done: (s) => placed(s) > 0 },
      { name: "undo", caps: ["Ctrl+Z"], done: (s) => placed(s) === 0 && s.desk.pages.length > 0 },
      { name: "putAgain", caps: ["1", "2", "3"], done: (s) => placed(s) > 0 },
    ],
  },
  {
    name: "exempt", citizen: 0,
    steps: [
      opened, chosen, known(0),
      { name: "exempt", caps: ["Ctrl+↓"], done: (s) => states(s).includes("exempt") },
      { name: "reuse", caps: ["Ctrl+R"], done: (s) => states(s).includes("reused") },
    ],
  },
  {
    name: "whole", citizen: 3,
    steps: [
      opened, chosen, known(3),
      { name: "complete", caps: ["Ctrl+↓", "Ctrl+O"], done: (s) => states(s).length > 0 && s.desk.case?.missing.length === 0 },
      { name: "receive", caps: ["Ctrl+Enter"], done: (s) => s.case.received !== null },
      { name: "signAll", caps: ["Ctrl+K", "Space", "PIN", "Enter"], done: (s) => states(s).includes("copied") && s.review.waiting.length === 0 },
      { name: "handOver", caps: ["Ctrl+E"], done: (s) => s.case.handedOver !== null },
    ],
  },
];
