// Fields of a paper in memory: types of papers, and what is odd about what was typed.
import type { FieldIssue, Fields, PaperType } from "./generated";

export const noFields: Fields = {
  owner: "", paper_type: "", name: "", number: "", issued: "", issuer: "", abstract_text: "", valid_until: "",
  permanent: false,
};

export const TYPES: PaperType[] = [
  { code: "KQ.G15.000031", name: "Giấy khai sinh" },
  { code: "KQ.G15.000032", name: "Giấy chứng nhận kết hôn" },
  { code: "KQ.G15.000034", name: "Trích lục khai tử" },
  { code: "KQ.G15.000040", name: "Giấy xác nhận tình trạng hôn nhân" },
  { code: "G09.000002", name: "Giấy chứng nhận quyền sử dụng đất" },
  { code: "G05.000011", name: "Giấy chứng nhận đăng ký hộ kinh doanh" },
  { code: "G11.000120", name: "Bằng tốt nghiệp trung học phổ thông" },
  { code: "G22.000007", name: "Đơn đề nghị cấp bản sao trích lục hộ tịch" },
];

export function issuesOf(fields: Fields): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const digits = /^\d+$/.test(fields.owner) && ![10, 12, 13].includes(fields.owner.length);
  if (digits) issues.push({ field: "owner", kind: "not_twelve_digits", severity: "warning" });
  for (const field of ["paper_type", "name"] as const) {
    if (fields[field].trim() === "") issues.push({ field, kind: "required", severity: "blocking" });
  }
  if (fields.paper_type !== "" && !/^[A-Za-z0-9._-]+$/.test(fields.paper_type)) {
    issues.push({ field: "paper_type", kind: "bad_characters", severity: "blocking" });
  }
  for (const field of ["issued", "valid_until"] as const) {
    const day = fields[field];
    if (day !== "" && !isDay(day)) issues.push({ field, kind: "bad_date", severity: "blocking" });
  }
  if (isDay(fields.issued) && fields.issued > "2026-11-24") {
    issues.push({ field: "issued", kind: "date_in_future", severity: "blocking" });
  }
  if (fields.permanent && fields.valid_until !== "") {
    issues.push({ field: "permanent", kind: "permanent_and_date", severity: "blocking" });
  }
  return issues;
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
