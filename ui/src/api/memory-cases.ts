// Dossiers of the counter in memory: a sample procedure, how papers stand, how a dossier moves.
import { fold } from "../texts/format";
import type {
  CardView,
  CasePaper, CaseView, DossierView, Exemption, FieldIssue, Fields, Move, Outcome, PageView, Paper, PaperState, ProcedureLine, Request, Step,
  Submission,
} from "./generated";
import { entered, resultNumber, withResults } from "./memory-results";

type Sample = ProcedureLine & { term: string; fee: string; papers: [name: string, required: boolean][]; results: Outcome[] };

export const PROCEDURES: Sample[] = [
  {
    code: "1.001193", name: "Đăng ký khai sinh", field: "Hộ tịch", term: "trong ngày", fee: "Không",
    papers: [
      ["Tờ khai đăng ký khai sinh", true], ["Giấy chứng sinh", true], ["Giấy tờ tùy thân của người yêu cầu", true],
      ["Giấy chứng nhận kết hôn của cha, mẹ", true], ["Văn bản ủy quyền", false],
    ],
    results: [{ code: "KQ.G15.000031", name: "Giấy khai sinh" }, { code: "KQ.G15.000034", name: "Trích lục khai sinh" }],
  },
  {
    code: "1.004873", name: "Cấp Giấy xác nhận tình trạng hôn nhân", field: "Hộ tịch", term: "3 ngày làm việc", fee: "15.000 đồng",
    papers: [["Tờ khai", true], ["Giấy tờ tùy thân của người yêu cầu", true]],
    results: [{ code: "KQ.G15.000040", name: "Giấy xác nhận tình trạng hôn nhân" }],
  },
];

/** Names of papers for a dossier of any size. */
export const SAMPLE_PAPERS = [
  "Tờ khai đăng ký khai sinh", "Giấy chứng sinh", "Giấy chứng nhận kết hôn", "Đơn đề nghị cấp bản sao trích lục hộ tịch",
  "Giấy xác nhận tình trạng hôn nhân", "Giấy chứng nhận quyền sử dụng đất", "Bằng tốt nghiệp trung học phổ thông", "Văn bản ủy quyền",
];

export const noParty = { kind: null, number: "", name: "", birth: "", sex: "", address: "", phone: "", email: "" };
export const noRequest: Request = {
  procedure: "", channel: "in_person", owner: noParty, submitter: null, abstract_text: "", sets: 1, way_of_return: null,
};

export type DeskStep = { pages: PageView[]; papers: Paper[]; procedure: string };

export type DeskState = {
  pages: PageView[];
  papers: Paper[];
  undo: DeskStep[];
  redo: DeskStep[];
  fields: Record<number, Fields>;
  request: Request;
  dossier: DossierView | null;
};

export const freshDesk = (): DeskState => ({
  pages: [], papers: [], undo: [], redo: [], fields: {}, request: structuredClone(noRequest), dossier: null,
});

export const stepOf = ({ pages, papers, request }: DeskState): DeskStep => ({ pages, papers, procedure: request.procedure });

export function seek(text: string): ProcedureLine[] {
  const sought = fold(text.trim());
  return PROCEDURES.filter((one) => fold(`${one.code} ${one.name} ${one.field}`).includes(sought)).map(({ code, name, field }) => ({ code, name, field }));
}

export const papersOf = (procedure: string): Paper[] =>
  (PROCEDURES.find((one) => one.code === procedure)?.papers ?? []).map(([name, required], i) => ({
    place: i + 1, component: `${procedure}.0${i + 1}`, name, required, submission: null, count: 1, record: null, note: "", left_out: "",
  }));

const EXEMPT: Partial<Record<Submission, Exemption>> = {
  certified_copy: "certified_copy", photocopy: "photocopy", shown: "shown", in_store: "in_store", secret: "secret",
};
export const exemption = (paper: Paper): Exemption | null => (paper.submission && EXEMPT[paper.submission]) ?? null;

export function stateOf(paper: Paper): PaperState {
  if (paper.submission === null) return paper.required ? "missing" : "not_given";
  if (paper.submission === "in_store") return paper.record ? "reused" : "missing";
  if (paper.submission === "secret") return "refused";
  if (exemption(paper)) return "exempt";
  return paper.record ? "copied" : "to_copy";
}

export function requestIssues(request: Request): FieldIssue[] {
  const issues: FieldIssue[] = [];
  if (request.procedure === "") issues.push({ field: "procedure", kind: "required", severity: "blocking" });
  if (request.owner.name.trim() === "") issues.push({ field: "owner_name", kind: "required", severity: "blocking" });
  if (request.owner.birth !== "" && !/^\d{4}(-\d\d){0,2}$/.test(request.owner.birth)) {
    issues.push({ field: "owner_birth", kind: "bad_date", severity: "blocking" });
  }
  return issues;
}

export function caseView(state: DeskState, issuesOf: (fields: Fields) => FieldIssue[], none: Fields): CaseView {
  const request = state.dossier ? { ...state.dossier } : state.request;
  const procedure = PROCEDURES.find((one) => one.code === request.procedure);
  const all: Paper[] = [...(state.dossier?.papers ?? state.papers), ...(state.dossier?.results ?? [])];
  const papers = all.map((paper): CasePaper => {
    const lying = state.pages.filter((page) => page.place === paper.place && !page.blank);
    const pages = lying.length;
    const fields = { ...none, ...state.fields[paper.place], owner: request.owner.number, paper_type: paper.component };
    const filled = { ...fields, name: fields.name || paper.name };
    const plain = stateOf(paper);
    return {
      ...paper, pages, fields: filled, field_issues: issuesOf(filled), findings: [], signed_whole: lying.some((page) => page.findings.some((found) => found.kind === "already_signed")), code: null,
      result: resultNumber(paper.place),
      state: pages > 0 && (plain === "missing" || plain === "not_given") ? "to_copy" : plain, exemption: exemption(paper),
    };
  });
  const open = papers.filter((one) => one.result === null);
  return {
    dossier: state.dossier && withResults(state.dossier, state.pages), request: pick(request), issues: requestIssues(request), procedure_name: procedure?.name ?? "",
    field: procedure?.field ?? "", term: procedure?.term ?? "", fee: procedure?.fee ?? "",
    due_at: procedure ? "2026-11-27T17:00:00+07:00" : null, papers, outcomes: outcomesOf(request.procedure),
    missing: open.filter((one) => one.state === "missing" || (one.state === "to_copy" && one.pages === 0) || (one.pages > 0 && one.submission === null)).map((one) => one.place),
  };
}

export const outcomesOf = (procedure: string): Outcome[] => PROCEDURES.find((one) => one.code === procedure)?.results ?? [];

const pick = ({ procedure, channel, owner, submitter, abstract_text, sets, way_of_return }: Request): Request => ({
  procedure, channel, owner, submitter, abstract_text, sets, way_of_return,
});

export function received(state: DeskState, id: string, clerk: string): DossierView {
  const procedure = PROCEDURES.find((one) => one.code === state.request.procedure);
  const step: Step = { at: "2026-11-24T09:41:07+07:00", move: "receive", by: clerk, reason: "" };
  return standing({
    ...pick(state.request), dossier: id, code: `TAM-7K3Q-00000${id.slice(1)}`, provisional: true, procedure_name: procedure?.name ?? "",
    field: procedure?.field ?? "", catalogue: 1, term: procedure?.term ?? "", received_at: step.at, due_at: "2026-11-27T17:00:00+07:00",
    due: "in_term", receiver: clerk, unit: "", holder: "counter", state: "received", state_number: 2, missing: [], moves: [],
    papers: state.papers.map((paper) => ({ ...paper, state: stateOf(paper), exemption: exemption(paper), code: null })), results: [], steps: [step],
  });
}

/** The dossier with what follows from its papers and state. */
export function standing(dossier: DossierView): DossierView {
  const papers = dossier.papers.map((paper) => ({ ...paper, state: stateOf(paper), exemption: exemption(paper) }));
  const MOVES: Partial<Record<DossierView["state"], Move[]>> = {
    received: ["ask_supplement", "ask_fee", "forward", "withdraw", "stop"], supplement_asked: ["supplement", "withdraw", "stop"],
    in_progress: ["ask_supplement", "ask_fee", "withdraw", "stop", "finish"], done: ["return"],
  };
  return {
    ...dossier, papers, moves: MOVES[dossier.state] ?? [],
    missing: papers.filter((one) => one.state === "missing" || one.state === "to_copy").map((one) => one.place),
  };
}

const SOMEBODY: Request = { ...noRequest, procedure: PROCEDURES[0]?.code ?? "", owner: { ...noParty, number: "001087000001", name: "Nguyễn Văn An" } };

/** A desk with a received dossier and pages on every paper: two on each third, else one. */
export function receivedDesk(count: number, clerk: string, page: (file: string) => PageView): DeskState {
  const papers = Array.from({ length: count }, (_, i) => ({
    place: i + 1, component: `${SOMEBODY.procedure}.${String(i + 1).padStart(2, "0")}`, name: SAMPLE_PAPERS[i % SAMPLE_PAPERS.length] ?? "", required: true,
    submission: "original" as const, count: 1, record: null, note: "", left_out: "",
  }));
  const state: DeskState = { ...freshDesk(), papers, request: SOMEBODY };
  state.dossier = received(state, "h1", clerk);
  for (const { place } of papers) for (let n = 0; n < (place % 3 === 0 ? 2 : 1); n += 1) state.pages.push({ ...page(`quet-${place}-${n + 1}.jpg`), place });
  return state;
}

/** A desk with a dossier the department works at, and so many results of it, each with its page. */
export function handedOverDesk(results: number, clerk: string, page: (file: string) => PageView): DeskState {
  const papers = papersOf(SOMEBODY.procedure).map((paper): Paper => ({ ...paper, submission: paper.required ? "shown" : null }));
  const state: DeskState = { ...freshDesk(), papers, request: SOMEBODY };
  const outcomes = outcomesOf(SOMEBODY.procedure);
  let dossier: DossierView = {
    ...received(state, "h2", clerk), code: "H56.14-261126-0007", provisional: false, state: "in_progress", state_number: 4, unit: "Phòng Tư pháp", holder: "department",
  };
  for (let n = 0; n < results; n += 1) dossier = entered(dossier, outcomes, { code: outcomes[n % outcomes.length]?.code ?? "", name: "" });
  state.dossier = standing(dossier);
  state.pages = dossier.results.map(({ place, number }) => ({ ...page(`ket-qua-${number}.jpg`), place }));
  return state;
}

/** A card's text as the core reads it, near enough for a window. */
export function cardOf(text: string): CardView {
  const [number = "", old_number = "", name = "", born = "", sex = "", address = ""] = text.split("|");
  const year = Number(born.slice(4));
  const wrong = name !== "" && /\d{12}/.test(number) && Number(number.slice(4, 6)) !== year % 100;
  return {
    number, old_number, name, sex: sex === "Nam" ? "male" : "female", address, province: "Hà Nội", issued: null,
    birth: born.startsWith("0000") ? { known: "year", year } : { known: "day", date: `${year}-${born.slice(2, 4)}-${born.slice(0, 2)}` },
    doubts: wrong ? ["number_disagrees_with_birth"] : [],
  };
}
