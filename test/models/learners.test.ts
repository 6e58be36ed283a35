import {
  averagePrecision,
  brierScore,
  calibrationError,
  fitIsolationForest,
  rocAuc,
  type Scored,
} from "@penstock/models";
import { Random } from "ml-random";
import { describe, expect, test } from "vitest";
import { fitBoostedTrees } from "../../packages/models/src/learners/boosted-trees.ts";
import { calibrated, fitCalibration } from "../../packages/models/src/learners/calibration.ts";
import { stratifiedFolds } from "../../packages/models/src/learners/folds.ts";
import { fitLogistic, logOdds, sigmoid } from "../../packages/models/src/learners/logistic.ts";

const scored = (pairs: readonly (readonly [number, number])[]): Scored[] => {
  return pairs.map(([score, label]) => ({ score, label: label === 1 }));
};

describe("measures", () => {
  // The examples of scikit-learn's documentation, and ties by hand.
  const four = scored([
    [0.1, 0],
    [0.4, 0],
    [0.35, 1],
    [0.8, 1],
  ]);

  test("are as published for known scores", () => {
    expect(rocAuc(four)).toBe(0.75);
    expect(averagePrecision(four)).toBeCloseTo(0.8333333333, 9);
    expect(brierScore(four)).toBeCloseTo((0.01 + 0.16 + 0.4225 + 0.04) / 4, 12);
    expect(calibrationError(four)).toBeCloseTo((0.1 + 0.4 + 0.65 + 0.2) / 4, 12);
  });

  test("count ties half, in whatever order they stand", () => {
    const ties = scored([
      [0.5, 1],
      [0.5, 0],
      [0.5, 0],
    ]);
    expect(rocAuc(ties)).toBe(0.5);
    expect(averagePrecision(ties)).toBeCloseTo(1 / 3, 12);
    expect(averagePrecision(ties.toReversed())).toBeCloseTo(1 / 3, 12);
  });

  test("are not there for one class or nothing", () => {
    expect([rocAuc([]), rocAuc(scored([[1, 1]])), averagePrecision(scored([[1, 0]]))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([brierScore([]), calibrationError([])]).toEqual([undefined, undefined]);
  });
});

describe("logistic regression", () => {
  test("of one 0/1 column without penalty has the log-odds of a two-by-two table", () => {
    const cells = [
      { x: 0, y: true, n: 10 },
      { x: 0, y: false, n: 30 },
      { x: 1, y: true, n: 40 },
      { x: 1, y: false, n: 20 },
    ].flatMap(({ x, y, n }) => Array.from({ length: n }, () => ({ row: [x], label: y })));
    const model = fitLogistic(
      cells.map(({ row }) => row),
      cells.map(({ label }) => label),
      { ridge: 0 },
    );
    expect(model?.intercept).toBeCloseTo(Math.log(10 / 30), 6);
    expect(model?.weights[0]).toBeCloseTo(Math.log(40 / 20) - Math.log(10 / 30), 6);
  });

  test("keeps finite weights where the classes can be told apart perfectly, and 0 for a constant", () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i, 7]);
    const model = fitLogistic(
      rows,
      rows.map((_, i) => i >= 20),
    );
    if (model === undefined) throw new Error("it converges");
    expect(model.weights[0]).toBeGreaterThan(0);
    expect(model.weights[1]).toBeCloseTo(0, 12);
    expect(rows.every((row, i) => sigmoid(logOdds(model, row)) > 0.5 === i >= 20)).toBe(true);
  });

  test("is not there for one class", () => {
    expect(fitLogistic([[1], [2]], [true, true])).toBeUndefined();
    expect(fitLogistic([], [])).toBeUndefined();
  });
});

describe("calibration", () => {
  test("draws in log-odds that are too bold", () => {
    const random = new Random(1);
    const truth = Array.from({ length: 4_000 }, () => (random.random() - 0.5) * 4);
    const labels = truth.map((odds) => random.random() < sigmoid(odds));
    const calibration = fitCalibration(
      truth.map((odds) => odds * 5),
      labels,
    );
    expect(calibration?.slope).toBeCloseTo(0.2, 1);
  });

  test("gives everybody the base rate where the order is wrong way round", () => {
    const calibration = fitCalibration([3, 2, 1, 0], [false, false, false, true]);
    if (calibration === undefined) throw new Error("two classes are there");
    expect([calibrated(calibration, 100), calibrated(calibration, -100)]).toEqual([0.25, 0.25]);
  });
});

describe("boosted trees", () => {
  const random = new Random(3);
  const rows = Array.from({ length: 800 }, () => [random.random(), random.random(), random.random()]);
  const crossed = rows.map(([x = 0, y = 0]) => x > 0.5 !== y > 0.5);

  test("learn what no sum of columns can tell: one or the other but not both", () => {
    const model = fitBoostedTrees(rows.slice(0, 600), crossed.slice(0, 600), { seed: 1 });
    const unseen = rows.slice(600).map((row, i) => {
      return { score: model?.logOdds(row) ?? 0, label: crossed[600 + i] === true };
    });
    expect(rocAuc(unseen)).toBeGreaterThan(0.97);
  });

  test("are the same under the same seed", () => {
    const models = [5, 5, 6].map((seed) => fitBoostedTrees(rows, crossed, { seed, trees: 20 }));
    const [one, same, other] = models.map((model) => rows.map((row) => model?.logOdds(row)));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test("tell a thin tail apart, two rows in a thousand", () => {
    const amounts = Array.from({ length: 5_000 }, (_, i) => [i % 500 === 0 ? 230 : (i * 7) % 200]);
    const model = fitBoostedTrees(
      amounts,
      amounts.map(([amount = 0]) => amount > 220),
      { seed: 1, leafWeight: 0 },
    );
    expect(sigmoid(model?.logOdds([230]) ?? 0)).toBeGreaterThan(0.9);
    expect(sigmoid(model?.logOdds([199]) ?? 0)).toBeLessThan(0.1);
  });
});

describe("the isolation forest", () => {
  const random = new Random(8);
  const crowd = Array.from({ length: 500 }, () => [random.random(), random.random()]);

  test("scores what is far from all higher than the crowd", () => {
    const forest = fitIsolationForest([...crowd, [9, 9]], { seed: 1 });
    const most = Math.max(...crowd.map((row) => forest?.score(row) ?? 1));
    expect(forest?.score([9, 9])).toBeGreaterThan(most);
    expect(forest?.score([9, 9])).toBeGreaterThan(0.7);
    expect(forest?.score([0.5, 0.5])).toBeLessThan(0.5);
  });

  test("is the same under the same seed", () => {
    const forests = [4, 4, 5].map((seed) => fitIsolationForest(crowd, { seed }));
    const scores = forests.map((forest) => crowd.map((row) => forest?.score(row)));
    expect(scores[1]).toEqual(scores[0]);
    expect(scores[2]).not.toEqual(scores[0]);
  });

  test("finds rows that are all the same neither anomalous nor impossible", () => {
    const forest = fitIsolationForest([[1], [1], [1]], { seed: 1 });
    expect(forest?.score([1])).toBeCloseTo(0.5, 9);
    expect(fitIsolationForest([[1]], { seed: 1 })).toBeUndefined();
  });
});

test("folds hold the same share of both classes", () => {
  const labels = Array.from({ length: 103 }, (_, i) => i % 4 === 0);
  const folds = stratifiedFolds(labels, 5, new Random(1));
  const sizes = [0, 1, 2, 3, 4].map((fold) => labels.filter((label, i) => label && folds[i] === fold).length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(26);
});
