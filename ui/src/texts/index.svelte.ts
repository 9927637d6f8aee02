// The language in use, and the texts in it. The choice is kept in this browser's storage; nothing
// else about the window is.
import { keep, kept } from "../kept";
import type { CoreError, ErrorKind, Finding, KeyFinding, LineIssue, FindingKind, OurRecord, Role, TrustFinding, Unstamped, Verdict, TrustPurpose } from "../api/generated";
import { en } from "./en";
import enErrors from "./errors.en.json";
import viErrors from "./errors.vi.json";
import { vi, type Texts } from "./vi";

export type Language = "vi" | "en";

/** Three lines: what happened, why probably, what to press. */
export type ThreeLines = { what: string; why: string; press: string };
export type ErrorTable = { errors: Record<ErrorKind, ThreeLines>; findings: Record<FindingKind, ThreeLines> };

// A new tag without its three lines does not compile.
export const tables = {
  vi: viErrors satisfies ErrorTable,
  en: enErrors satisfies ErrorTable,
};
export const catalogues: Record<Language, Texts> = { vi, en };

class Words {
  language = $state<Language>(kept("language") === "en" ? "en" : "vi");
  readonly t = $derived<Texts>(catalogues[this.language]);

  choose(language: Language): void {
    this.language = language;
    keep("language", language);
  }

  toggle(): void {
    this.choose(this.language === "vi" ? "en" : "vi");
  }

  error(error: CoreError): ThreeLines {
    const table: Record<string, ThreeLines | undefined> = tables[this.language].errors;
    // A core newer than this window may know a tag that is not in the table.
    const lines = table[error.kind] ?? tables[this.language].errors.internal;
    const words: Record<string, Record<string, string> | undefined> = tables[this.language].words;
    const said = Object.entries(error.params).map(([name, value = ""]) => [name, name === "reason" || name === "found" ? this.reason(value, name) : words[name]?.[value] ?? (name === "whose" ? "" : value)]);
    return fill(lines, { detail: error.kind, ...Object.fromEntries(said) });
  }

  /** Words of the core that stand for reasons, one or several; Vietnamese is left as it came. */
  reason(said: string, table: "reason" | "found" = "reason"): string {
    if (/[^ -~]/.test(said)) return said;
    const { reason, found } = tables[this.language].words;
    const known: Record<string, string | undefined> = { ...found, ...reason, ...(table === "found" ? found : {}) };
    return [...new Set((said.match(/\w+/g) ?? []).map((code) => known[code] ?? this.t.common.reasonUnknown))].join("; ");
  }

  role(role: Role): string {
    return tables[this.language].words.role[role];
  }

  /** What somebody in a trusted list is trusted for. */
  vouches(kind: TrustPurpose): string {
    return tables[this.language].words.vouches_for[kind];
  }

  /** Why a copy got no time-stamp. */
  unstamped(why: Unstamped): string {
    return tables[this.language].words.unstamped[why];
  }

  /** What is odd about a trusted list. */
  trustFinding(finding: TrustFinding): string {
    return tables[this.language].words.trust_finding[finding];
  }

  /** What is odd about a certificate. */
  keyFinding(finding: KeyFinding): string {
    return tables[this.language].words.key_finding[finding];
  }

  /** How a file stands to the counter's own record. */
  ourRecord(stands: OurRecord): string {
    return tables[this.language].words.our_record[stands];
  }

  /** What an import of a catalogue leaves out, or why it is in vain. */
  catalogue(what: "ignored" | "overtaken", value: string): string {
    return tables[this.language].words.catalogue[what].replaceAll("{value}", value);
  }

  /** What is wrong with a line of a catalogue. */
  line(issue: LineIssue): string {
    return tables[this.language].lines[issue.kind].replace("{value}", issue.value);
  }

  finding(finding: Finding): ThreeLines {
    const table: Record<string, ThreeLines | undefined> = tables[this.language].findings;
    const lines = table[finding.kind] ?? tables[this.language].findings.unreadable;
    const page = finding.page > 0 ? String(finding.page) : "";
    return fill(lines, { file: finding.file, page, detail: this.detail(finding) });
  }

  /** A finding's parameter as a person reads it here. */
  detail(finding: Finding): string {
    const { kind, detail } = finding;
    if (kind === "already_signed") {
      const verdicts: Record<string, string | undefined> = this.t.verify.verdict;
      return verdicts[detail as Verdict]?.toLocaleLowerCase() ?? detail;
    }
    const words: Record<string, string | undefined> = tables[this.language].words.detail;
    const word = words[detail];
    if (word !== undefined) return word;
    const measure = /^-?\d+(\.\d+)?( x \d+(\.\d+)?)?( mm)?$/.test(detail);
    if (!measure) return detail;
    const tidy = detail.replace(" x ", " × ");
    return this.language === "vi" ? tidy.replaceAll(".", ",") : tidy;
  }
}

/**
 * Puts parameters into three lines. A bracket whose parameter is empty goes away with its brackets:
 * "Trang trắng (trang {page})." becomes "Trang trắng."
 */
export function fill(lines: ThreeLines, params: Record<string, string | undefined>): ThreeLines {
  const value = (name: string): string => params[name] ?? "";
  const slot = / \(([^()]*)\{(\w+)\}([^()]*)\)|(:? ?)\{(\w+)\}/g;
  const one = (text: string): string =>
    text.replace(slot, (_, before = "", bracketed = "", after = "", lead = "", bare = "") => {
      const given = value(bracketed || bare);
      if (given === "") return "";
      return bracketed ? ` (${before}${given}${after})` : lead + given;
    });
  return { what: one(lines.what), why: one(lines.why), press: one(lines.press) };
}

export const words = new Words();
