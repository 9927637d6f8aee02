// From the button to a verified copy, with everything that may come between.
import { beforeEach, expect, test } from "vitest";
import { fault, finding, MemoryClient } from "../../api/memory";
import { Station } from "../../station.svelte";

let station: Station;
let client: MemoryClient;
const digitized = () => client.calls.filter((call) => call.name === "digitize").map((call) => call.request);

async function open(pace = 0): Promise<void> {
  client = new MemoryClient({ pages: 2, pace });
  station = new Station(client);
  await station.start();
  station.fields.set("paper_type", "KQ.G15.000031");
  station.fields.set("name", "Giấy khai sinh");
}

beforeEach(() => open());

test("what was typed a moment ago is in the copy, which is verified again, and the form is empty", async () => {
  station.fields.focused = "name";
  await station.signing.sign();
  expect(station.signing.state).toMatchObject({
    at: "done", copy: { name: "Giấy khai sinh", pages: 2 }, verified: { verdict: "valid" },
  });
  expect(station.fields.typed.name, "the core emptied the desk; the form follows").toBe("");
  expect(station.desk.pages).toEqual([]);
  expect(station.copies.all).toHaveLength(1);
  expect(station.session.status?.waiting, "stale tags were answered").toBe(1);
});

test("warnings are reviewed first, and only accepting signs", async () => {
  client.pages[1]?.findings.push(finding("b.jpg", "low_dpi", "warning", "150 dpi"));
  await station.signing.sign();
  expect(station.signing.state).toMatchObject({ at: "review", findings: [{ kind: "low_dpi", page: 2 }] });
  expect(station.signing.acceptable).toBe(true);
  expect(station.notices.list, "a review is no error").toEqual([]);
  await station.signing.sign(true);
  expect(station.signing.state.at).toBe("done");
  expect(digitized()).toEqual([false, true].map((accept_findings) => ({ spot: { desk: "loose", place: 0 }, accept_findings })));
});

test("a blocking finding cannot be accepted", async () => {
  client.pages[0]?.findings.push(finding("a.pdf", "signed_beside_others", "blocking", ""));
  await station.signing.sign();
  expect(station.signing.state.at).toBe("review");
  expect(station.signing.acceptable).toBe(false);
});

test("missing fields are guidance, and nothing typed is lost", async () => {
  station.fields.set("name", "");
  station.fields.set("abstract_text", "Đăng ký khai sinh cho trẻ Lê Minh Khôi");
  await station.signing.sign();
  expect(station.signing.state.at).toBe("idle");
  expect(station.notices.list).toMatchObject([{ tone: "guidance", error: { kind: "field_issues" } }]);
  expect(station.fields.issueOf("name")?.kind).toBe("required");
  expect(station.fields.typed.abstract_text).toBe("Đăng ký khai sinh cho trẻ Lê Minh Khôi");
});

test("a failure keeps pages and fields", async () => {
  client.failNext.set("digitize", fault("verification_failed", { reason: "altered" }).error);
  await station.signing.sign();
  expect(station.notices.list).toMatchObject([{ tone: "alarm", error: { kind: "verification_failed" } }]);
  expect(station.desk.pages).toHaveLength(2);
  expect(station.fields.typed.name).toBe("Giấy khai sinh");
});

test("nothing is signed when what was typed could not be saved", async () => {
  client.failNext.set("set_fields", fault("disk_full").error);
  await station.signing.sign();
  expect(digitized()).toEqual([]);
  expect(station.signing.state.at).toBe("idle");
});

test("progress is shown, a second press does nothing, and cancelling leaves everything", async () => {
  await open(20);
  const signing = station.signing.sign();
  await station.signing.sign();
  await expect.poll(() => (station.signing.state.at === "running" ? station.signing.state.progress?.stage : null), { interval: 5 }).toBe("assemble");
  await station.signing.cancel();
  await signing;
  expect(digitized()).toHaveLength(1);
  expect(station.signing.state.at).toBe("idle");
  expect(station.notices.list).toMatchObject([{ tone: "guidance", error: { kind: "canceled" } }]);
  expect(station.desk.pages).toHaveLength(2);
  expect(station.copies.all).toEqual([]);
});

test("the next import puts the result away", async () => {
  await station.signing.sign();
  await station.desk.import();
  await station.desk.read();
  expect(station.signing.state.at).toBe("idle");
  expect(station.desk.pages).toHaveLength(2);
});
