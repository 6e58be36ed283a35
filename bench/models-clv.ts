import {
  type BgNbd,
  bgNbdLogLikelihood,
  expectedPurchases,
  fitBgNbd,
  fitGammaGamma,
  type GammaGamma,
  gammaGammaLogLikelihood,
} from "@penstock/models";
import { type CdnowCustomer, cdnowCustomers } from "./models-cdnow.ts";
import { atLeast, atMost, type Checks, near, within } from "./models-check.ts";
import { SetLeftOut } from "./models-reference-files.ts";

const HOLD_OUT_WEEKS = 39;
/** Fader, Hardie and Lee's estimates on the sample of 2,357 customers, 946 of whom bought again. */
const SAMPLE = { customers: 2357, repeaters: 946 };
const BG_NBD: BgNbd = { r: 0.2426, alpha: 4.4135, a: 0.7929, b: 2.4258 };
/** The likelihood is what is fitted, so that forecasts may miss by a little more. */
const SPARE = 0.02;
const GAMMA_GAMMA: GammaGamma = { p: 6.25, q: 3.74, v: 15.45 };

/**
 * CDNOW's customers: the published estimates, and what 39 more weeks brought. Of other customers than the published sample
 * no estimates are known; there the maximum of the likelihood has to be at least as high as at the published point, and
 * the forecasts as near as those made with it.
 */
export async function clvChecks(data: string): Promise<Checks> {
  const customers = await cdnowCustomers(data);
  const repeaters = customers.filter(({ frequency, mean }) => frequency > 0 && mean > 0);
  if (repeaters.length < 50) throw new SetLeftOut(`${repeaters.length} customers of CDNOW who bought again`);
  const bgNbd = fitBgNbd(customers);
  const gammaGamma = fitGammaGamma(repeaters);
  const isSample = customers.length === SAMPLE.customers && repeaters.length === SAMPLE.repeaters;
  const miss = meanMiss(customers, bgNbd);
  const theirs = isSample ? 0.785 : meanMiss(customers, BG_NBD);
  const holdOut: Checks =
    miss === undefined || theirs === undefined
      ? {}
      : {
          "clv.cdnow.hold_out_mae": isSample
            ? within(miss, theirs, 0.005)
            : atMost(miss, theirs * (1 + SPARE)),
        };
  if (!isSample) {
    return {
      "clv.cdnow.bg_nbd.log_likelihood": atLeast(bgNbd.log_likelihood, bgNbdLogLikelihood(customers, BG_NBD)),
      "clv.cdnow.gamma_gamma.log_likelihood": atLeast(
        gammaGamma.log_likelihood,
        gammaGammaLogLikelihood(repeaters, GAMMA_GAMMA),
      ),
      ...holdOut,
    };
  }
  return {
    "clv.cdnow.bg_nbd.r": within(bgNbd.r, BG_NBD.r, 0.01),
    "clv.cdnow.bg_nbd.alpha": within(bgNbd.alpha, BG_NBD.alpha, 0.01),
    "clv.cdnow.bg_nbd.a": within(bgNbd.a, BG_NBD.a, 0.01),
    "clv.cdnow.bg_nbd.b": within(bgNbd.b, BG_NBD.b, 0.01),
    "clv.cdnow.bg_nbd.log_likelihood": near(bgNbd.log_likelihood, -9582.43, 0.05),
    ...holdOut,
    "clv.cdnow.gamma_gamma.p": within(gammaGamma.p, GAMMA_GAMMA.p, 0.01),
    "clv.cdnow.gamma_gamma.q": within(gammaGamma.q, GAMMA_GAMMA.q, 0.01),
    "clv.cdnow.gamma_gamma.v": within(gammaGamma.v, GAMMA_GAMMA.v, 0.01),
  };
}

/** How far the purchases expected of a customer are from those that came; undefined where these are not known. */
function meanMiss(customers: readonly CdnowCustomer[], model: BgNbd): number | undefined {
  const misses = customers.flatMap((customer) =>
    customer.later === null
      ? []
      : [Math.abs(expectedPurchases(model, customer, HOLD_OUT_WEEKS) - customer.later)],
  );
  return misses.length === 0 ? undefined : misses.reduce((sum, one) => sum + one, 0) / misses.length;
}
