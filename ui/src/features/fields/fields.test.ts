// What the clerk types is hers: it is sent in time, and nothing the core does wipes it.
import { beforeEach, expect, test } from "vitest";
import { fault, MemoryClient, noFields } from "../../api/memory";
import { Station } from "../../station.svelte";

let station: Station;
let client: MemoryClient;
const sent = () => client.calls.filter((call) => call.name === "set_fields");

beforeEach(async () => {
  client = new MemoryClient({ pages: 1 });
  station = new Station(client);
  await station.start();
});

test("a new paper has no facts of its own", () => {
  expect(station.fields.typed).toEqual(noFields);
});

test("a burst of typing is sent once, after a pause", async () => {
  for (const text of ["G", "Gi", "Giấy", "Giấy khai sinh"]) station.fields.set("name", text);
  expect(sent()).toHaveLength(0);
  await expect.poll(() => sent().length).toBe(1);
  expect(client.fields.name).toBe("Giấy khai sinh");
});

test("days are typed as dd/MM/yyyy and sent as yyyy-mm-dd; what is no day goes as typed", async () => {
  station.fields.set("issued", "1/3/2025");
  station.fields.leave("issued");
  expect(station.fields.typed.issued, "rewritten when the field is left").toBe("01/03/2025");
  station.fields.set("valid_until", "hết năm");
  await station.fields.flush();
  expect(client.fields).toMatchObject({ issued: "2025-03-01", valid_until: "hết năm" });
  expect(station.fields.issueOf("valid_until")?.kind).toBe("bad_date");
});

test("a draft read while the clerk is in the form brings issues, not values", async () => {
  station.fields.focused = "name";
  station.fields.set("name", "Giấy chứng nhận kết h");
  client.fields = { ...noFields, name: "cũ", issued: "2025-13-01" };
  await station.desk.read();
  expect(station.fields.typed.name).toBe("Giấy chứng nhận kết h");
  expect(station.fields.issueOf("issued")?.kind).toBe("bad_date");
});

test("a failed save keeps what was typed and tries again", async () => {
  client.failNext.set("set_fields", fault("disk_full").error);
  station.fields.set("issuer", "UBND xã Đức Thượng");
  expect(await station.fields.flush()).toBe(false);
  expect(station.fields.typed.issuer).toBe("UBND xã Đức Thượng");
  expect(station.notices.list[0]).toMatchObject({ tone: "alarm", error: { kind: "disk_full" } });
  expect(await station.fields.flush()).toBe(true);
  expect(client.fields.issuer).toBe("UBND xã Đức Thượng");
});

test("an empty required field is not scolded until the clerk tries to sign", async () => {
  expect(station.fields.issues.map((issue) => issue.kind)).toContain("required");
  expect(station.fields.issueOf("name")).toBeNull();
  await station.review.begin();
  expect(station.fields.issueOf("name")?.kind).toBe("required");
});

test("picking a type takes its code, and its name only where the clerk gave none", () => {
  const [birth, marriage] = station.fields.suggestions("khai sinh").concat(station.fields.suggestions("ket hon"));
  if (!birth || !marriage) throw new Error("found without diacritics");
  station.fields.pick(birth);
  expect(station.fields.typed).toMatchObject({ paper_type: "KQ.G15.000031", name: "Giấy khai sinh" });
  station.fields.pick(marriage);
  expect(station.fields.typed.name, "the suggested name follows the type").toBe("Giấy chứng nhận kết hôn");
  station.fields.set("name", "Giấy kết hôn (bản cũ)");
  station.fields.pick(birth);
  expect(station.fields.typed.name, "a name of the clerk's own stays").toBe("Giấy kết hôn (bản cũ)");
});

test("a code typed by hand brings the name of its type, as if it had been picked", () => {
  station.fields.set("paper_type", "kq.g15.000031");
  station.fields.leave("paper_type");
  expect(station.fields.typed).toMatchObject({ paper_type: "KQ.G15.000031", name: "Giấy khai sinh" });
  station.fields.set("paper_type", "KHONG.CO");
  station.fields.leave("paper_type");
  expect(station.fields.typed.name, "an unknown code changes nothing").toBe("Giấy khai sinh");
});
