// What the counter in memory answers with when it refuses.
import { CoreFault } from "./client";
import type { ErrorKind, FieldIssue, Finding, FindingKind, Severity } from "./generated";

export const fault = (kind: ErrorKind, params: Record<string, string> = {}, issues: FieldIssue[] = []): CoreFault =>
  new CoreFault({ kind, params, findings: [], issues, lines: [] });

export const finding = (file: string, kind: FindingKind, severity: Severity, detail: string): Finding => ({
  file, page: 1, kind, severity, detail,
});
