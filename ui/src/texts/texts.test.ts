// Both languages say everything, with the same gaps to fill; and dates read as at a Vietnamese counter.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { day, fold, instant, size, typedDay } from "./format";
import { catalogues, fill, tables, words } from "./index.svelte";

const generated = readFileSync("src/api/generated.ts", "utf8");

/** Members of a union type in the generated contract. */
function union(name: string): string[] {
  const body = new RegExp(`export type ${name} =([^;]*);`).exec(generated)?.[1] ?? "";
  return [...body.matchAll(/"(\w+)"/g)].map((one) => one[1] ?? "");
}

/** Every text of a catalogue by its path; a function's text is what it answers. */
function leaves(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String((value as (...given: unknown[]) => unknown)(7, 9))]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

const gaps = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((one) => one[0]).sort();

describe("the catalogue", () => {
  test("has the same entries in both languages, none empty", () => {
    const [vi, en] = [leaves(catalogues.vi), leaves(catalogues.en)];
    expect(en.map(([path]) => path)).toEqual(vi.map(([path]) => path));
    expect([...vi, ...en].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  test("was translated: long texts differ", () => {
    const en = new Map(leaves(catalogues.en));
    const same = leaves(catalogues.vi).filter(([path, text]) => text.length > 12 && en.get(path) === text);
    expect(same).toEqual([]);
  });

  test("keeps the law's words", () => {
    const all = JSON.stringify(leaves(catalogues.vi)) + JSON.stringify(tables.vi);
    for (const word of ["khóa ký cục bộ", "Mã kết quả số hóa", "Sao chụp và ký", "Bị giữ lại", "Chưa xác định", "Ông/Bà"]) {
      expect(all).toContain(word);
    }
    expect(all).not.toMatch(/nhân viên/i);
    expect(all, "texts are composed (NFC), or search and the font suffer").toBe(all.normalize("NFC"));
  });
});

describe("the error tables", () => {
  test.each(["vi", "en"] as const)("has three lines for every tag of the contract (%s)", (language) => {
    for (const [table, name] of [[tables[language].errors, "ErrorKind"], [tables[language].findings, "FindingKind"]] as const) {
      const kinds = union(name);
      expect(kinds.length, `${name} was read from the contract`).toBeGreaterThan(15);
      for (const kind of kinds) {
        const lines = (table as Record<string, object>)[kind] ?? {};
        expect(lines, kind).toEqual({ what: expect.stringMatching(/\S/), why: expect.stringMatching(/\S/), press: expect.stringMatching(/\S/), ...("cli" in lines && { cli: expect.stringMatching(/\S/) }) });
      }
    }
  });

  test("leaves the same gaps in both languages", () => {
    const en = new Map(leaves(tables.en));
    for (const [path, text] of leaves(tables.vi)) expect(gaps(en.get(path) ?? ""), path).toEqual(gaps(text));
  });

  test("shows no gap on the screen when a parameter is missing", () => {
    for (const [, lines] of [...Object.entries(tables.vi.errors), ...Object.entries(tables.en.findings)]) {
      const filled = fill(lines, {});
      expect(`${filled.what}${filled.why}${filled.press}`).not.toMatch(/[{}]|\(\s*\)/);
    }
  });

  test("fills gaps, and a bracket without its parameter goes away", () => {
    const lines = { what: "Tệp {file} (trang {page}) hỏng.", why: "Lỗi ({detail}).", press: "Mã: {value}" };
    expect(fill(lines, { file: "a $1 {b}.jpg", page: "", detail: "dòng 7", value: "X" })).toEqual({
      what: "Tệp a $1 {b}.jpg hỏng.", why: "Lỗi (dòng 7).", press: "Mã: X",
    });
  });

  test("a tag this window does not know still says something useful", () => {
    const strange = { kind: "from_the_future" as never, params: {}, findings: [], issues: [], lines: [] };
    expect(words.error(strange).why).toContain("from_the_future");
  });

  test("reasons are said in the clerk's language, several too, and never as the core's codes", () => {
    const why = (params: Record<string, string>): string => words.error({ kind: "verification_failed", params, findings: [], issues: [], lines: [] }).why;
    expect(why({ found: "untrusted_signer,altered" })).toContain("chưa biết người ký này; chưa có chứng thư gốc tin cậy; nội dung đã bị thay đổi sau khi ký");
    expect(why({ found: "from_the_future" })).toContain("(lý do chưa rõ)");
    expect(words.reason("removed")).toBe("thiết bị đã bị rút ra");
    expect(words.reason('["expired"]')).toBe("đã hết hiệu lực");
    expect(words.reason("thư mục đã đầy"), "what is Vietnamese already stays").toBe("thư mục đã đầy");
  });

  test("a finding's size is written with a comma in Vietnamese", () => {
    const scale = { file: "a.jpg", page: 2, kind: "scale", severity: "warning", detail: "190.5 x 254.0 mm" } as const;
    expect(words.detail({ ...scale, kind: "skewed", detail: "-1.5" })).toBe("-1,5");
    expect(words.finding(scale).what).toContain("190,5 × 254,0 mm");
    words.choose("en");
    expect(words.finding(scale).what).toContain("190.5 × 254.0 mm");
  });
});

describe("dates and sizes", () => {
  test.each([
    ["01/03/2025", "2025-03-01"], ["1/3/2025", "2025-03-01"], ["01032025", "2025-03-01"], [" 1-3-2025 ", "2025-03-01"],
    ["31/02/2025", "2025-02-31"], ["2025", "2025"], ["3/2025", "3/2025"], ["", ""],
  ])("typed %j is sent as %j", (typed, sent) => expect(typedDay(typed)).toBe(sent));

  test("days and instants read as on paper", () => {
    expect(day("2025-03-01")).toBe("01/03/2025");
    expect(day("3/2025"), "what is no day stays as typed").toBe("3/2025");
    expect(instant("2026-11-24T09:41:07+07:00", "vi")).toBe("09 giờ 41 phút, 24/11/2026");
    expect(size(41_234_567_890, "vi")).toBe("41,2 GB");
    expect(size(0, "vi")).toBe("0 B");
  });

  test("search folds diacritics and đ", () => expect(fold("Giấy CHỨNG nhận đăng ký")).toBe("giay chung nhan dang ky"));
});
