import { describe, expect, it } from "vitest";
import { type Account, countedTables, type Reported } from "../../packages/local/src/main-job/account.ts";
import { balances } from "../../packages/local/src/main-job/balance.ts";
import { findings } from "../../packages/local/src/main-job/findings.ts";
import { expectedCounts, type Planted } from "../../packages/local/src/sample/ledger.ts";

const raw = "ecommerce/sellers-raw/year=2025/month=01/day=01/part 01.parquet";
const rest = "year=2025/month=01/day=01/part 01.parquet";
const ledger: Planted[] = [
  planted({ outcome: "quarantined", rules: ["state.required"] }, "s1"),
  planted({ outcome: "duplicate", rows: 1, survivor: { updated_at: 1_735_689_600_000 } }, "s2"),
  planted({ outcome: "curated", cells: { name: "************1111" } }, "s3"),
];

describe("the balances of a run", () => {
  it("hold when all is counted as planted", () => {
    const { checks, found } = audit(account());

    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(found.map(({ planted, found }) => [planted, found])).toEqual([[3, 3]]);
  });

  it.each<[string, (account: Account) => void, string]>([
    [
      "a curated row is gone",
      ({ curated }) => curated.set("sellers", 7),
      "counts are those planned: sellers: curated 7, planned 8; sellers: duplicates 2, planned 1",
    ],
    [
      "a row is in two places",
      ({ curated }) => curated.set("sellers", 10),
      "sellers: 10 in = 10 curated + -1 duplicates + 0 pending + 1 quarantined, but 1 duplicates were reported within objects alone",
    ],
    ["an object has no outcome", ({ curatedObjects }) => curatedObjects.clear(), `objects: ${raw}`],
    [
      "a key is nowhere",
      ({ lostRows }) => lostRows.push(`${raw} (key s9)`),
      `no row is lost: ${raw} (key s9)`,
    ],
    [
      "a key is curated twice",
      (account) => {
        account.doubledKeys = 2;
      },
      "keys are unique: 2 curated rows too many",
    ],
    [
      "a row is quarantined for another rule",
      ({ quarantined }) =>
        quarantined.splice(0, 1, { table: "sellers", rest, key: "s1", reasons: ["city.required"] }),
      "counts are those planned: sellers: state.required 0, planned 1; sellers: city.required 1, planned 0",
    ],
  ])("do not hold when %s", (_, corrupt, fault) => {
    const corrupted = account();
    corrupt(corrupted);

    const { checks } = audit(corrupted);

    expect(checks.filter(({ holds }) => !holds).map(({ name, detail }) => `${name}: ${detail}`)).toContain(
      fault,
    );
  });

  it("does not find what was planted when another version survived or a text was masked otherwise", () => {
    const older = account();
    older.asked.set("sellers/s2", [{ updated_at: new Date(0) }]);
    const unmasked = account();
    unmasked.asked.set("sellers/s3", [{ name: "4111 1111 1111 1111" }]);
    const twice = account();
    twice.asked.set("sellers/s2", [{ updated_at: latest }, { updated_at: latest }]);

    for (const wrong of [older, unmasked, twice]) {
      expect(audit(wrong).found).toMatchObject([{ planted: 3, found: 2 }]);
    }
  });
});

const latest = new Date(1_735_689_600_000);

/** Ten rows of sellers: eight curated, one dropped as an older version, one in quarantine. */
function account(): Account {
  return {
    raw: [{ key: raw, table: "sellers", rows: 10 }],
    refused: [],
    curated: new Map([["sellers", 8]]),
    curatedObjects: new Map([[`sellers/${rest}`, 8]]),
    pending: [],
    quarantined: [{ table: "sellers", rest, key: "s1", reasons: ["state.required"] }],
    asked: new Map([
      ["sellers/s2", [{ updated_at: latest }]],
      ["sellers/s3", [{ name: "************1111" }]],
    ]),
    violations: new Set(),
    keys: new Map(),
    curatedKeys: new Map(),
    doubledKeys: 0,
    lostRows: [],
    masked: new Map(),
    leaks: new Map(),
    unreadable: [],
    scannedObjects: 3,
    scannedCells: 100,
  };
}

function audit(account: Account) {
  const reported: Reported = {
    rowsIn: new Map([["sellers", 10]]),
    duplicates: new Map([["sellers", 1]]),
    masked: new Map(),
  };
  const counted = countedTables(account, ["sellers"]);
  const expected = new Map([["sellers", expectedCounts(ledger, "sellers", 10)]]);
  return {
    checks: balances({ account, reported, counted, expected }),
    found: findings(ledger, [], account, new Map()),
  };
}

function planted(expected: Planted["expected"], seller: string): Planted {
  return { kind: "a kind", table: "sellers", object: raw, key: { seller_id: seller }, expected };
}
